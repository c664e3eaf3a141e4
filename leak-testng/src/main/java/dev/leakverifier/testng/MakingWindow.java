package dev.leakverifier.testng;

import static java.util.Comparator.comparingInt;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestResult;

/**
 * A constructor, static initialiser, factory or its data provider, which TestNG runs before it
 * tells that the suite starts.
 *
 * @param owners the test classes that may still use, and stop, what it has started
 */
record MakingWindow(
    MakingCode code, Set<MadeClass> owners, LeakLevel level, LeakConfiguration configuration)
    implements Window {
  @Override
  public boolean runsOn(long thread) {
    return false;
  }

  @Override
  public Optional<ITestClass> testClass() {
    return owners.size() == 1 ? onlyOwner().testClass() : Optional.empty();
  }

  @Override
  public boolean isIn(ITestContext context) {
    return owners.stream().anyMatch(owner -> owner.isFor(context.getCurrentXmlTest()));
  }

  /** TestNG has no result for such code; so the first test of its class answers for it. */
  @Override
  public Optional<ITestResult> answers() {
    return owners.stream()
        .flatMap(owner -> owner.answers().stream())
        .max(comparingInt(MadeClass::fitness));
  }

  @Override
  public String describe() {
    return code.toString();
  }

  @Override
  public Optional<String> className() {
    return Optional.of(code.type().getName());
  }

  @Override
  public Optional<List<LeakOption>> options() {
    return configuration.optionsFor(
        owners.size() == 1 ? onlyOwner().type() : code.type(), code.method());
  }

  private MadeClass onlyOwner() {
    return owners.iterator().next();
  }
}
