package dev.leakverifier.junit4;

import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.host.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.internal.AssumptionViolatedException;
import org.junit.runner.Description;
import org.junit.runner.notification.StoppedByUserException;
import org.junit.runners.model.MultipleFailureException;
import org.junit.runners.model.Statement;

/** What a rule says when its test, class or suite is over. */
final class RuleVerdict {
  private static final Log LOG = Log.of(LeakVerifierRule.class);

  /** The classes of which it was said that rules around ours stop threads after the check. */
  private static final Set<String> ADVISED = ConcurrentHashMap.newKeySet();

  private final Window window;
  private final Description description;
  private final LeakWatch<Window> watch;
  private final List<LeakOption> options;

  /** What the test has thrown, and then all else that went wrong. */
  private final List<Throwable> errors = new ArrayList<>();

  /**
   * A verdict on {@code window}.
   *
   * @param watch follows it
   * @param options of the rule; for logs
   */
  RuleVerdict(Window window, LeakWatch<Window> watch, List<LeakOption> options) {
    this.window = window;
    this.description = window.description();
    this.watch = watch;
    this.options = options;
  }

  /** Runs the test, and throws what has failed; a leak as late as can be. */
  void after(Statement test) throws Throwable {
    try {
      test.evaluate();
    } catch (Throwable e) {
      errors.add(e);
    }
    boolean skipped = isSkipped();
    try {
      watch.appearedIn(window);
      judge(watch.isClean() ? RulesAround.NONE : RulesAround.of(description), skipped);
    } catch (RuntimeException | Error e) { // a predicate, @IgnoreLeaks
      errors.add(e);
    }
    cleanUp();
    if (skipped) {
      throw skip();
    }
    MultipleFailureException.assertEmpty(errors);
  }

  private void judge(RulesAround around, boolean skipped) throws LateVerdict {
    if (around.areResources() && !skipped) {
      List<LeakReport> left = reports(watch.preview(any -> true));
      if (!left.isEmpty()) {
        List<Throwable> before = new ArrayList<>(errors);
        left.forEach(report -> before.add(report.toError()));
        throw new LateVerdict(before, () -> late(around));
      }
    }
    boolean mayGetLost = !skipped && (!errors.isEmpty() || around.mayHideErrors());
    for (LeakReport leak : judge()) {
      LeakReport report = around.advice(description).map(leak::withNote).orElse(leak);
      if (mayGetLost) {
        LOG.warn("also logged, since a rule outside may swallow it: {}", report);
      }
      errors.add(report.toError());
    }
  }

  /** What has failed, now that the rules around ours are over. */
  private List<Throwable> late(RulesAround around) {
    try {
      watch.disownNew(); // what these rules have started
      List<LeakReport> leaks = judge();
      leaks.forEach(report -> errors.add(report.toError()));
      if (leaks.isEmpty() && ADVISED.add(description.getTestClass() + " " + around.names())) {
        LOG.warn(
            "{} leaks nothing, but its check waited in vain, and rules outside it saw a failure\n{}",
            window.describe(),
            around.advice(description).orElse(""));
      }
    } catch (RuntimeException | Error e) {
      errors.add(e);
    }
    cleanUp();
    return errors;
  }

  private List<LeakReport> judge() {
    long start = System.nanoTime();
    List<LeakReport> leaks = reports(watch.judgeAll());
    LOG.debug(
        "checked after {} in {} ms, reports: {}; options of the rule: {}",
        description,
        (System.nanoTime() - start) / 1e6,
        leaks.size(),
        options);
    return leaks;
  }

  private static List<LeakReport> reports(List<LeakWatch.Leak<Window>> leaks) {
    List<LeakReport> reports = new ArrayList<>();
    for (LeakWatch.Leak<Window> leak : leaks) {
      reports.add(leak.report());
    }
    return reports;
  }

  private void cleanUp() {
    try {
      watch.cleanUp(errors.isEmpty() ? 0 : 1);
    } catch (RuntimeException | Error e) {
      errors.add(e);
    }
  }

  /** Beside another error, an assumption would count as a failure, and a stopped run go on. */
  private boolean isSkipped() {
    return !errors.isEmpty()
        && (errors.get(0) instanceof AssumptionViolatedException
            || errors.get(0) instanceof StoppedByUserException);
  }

  /** The skip, which takes along what else went wrong. */
  private Throwable skip() {
    Throwable skip = errors.get(0);
    for (Throwable error : errors.subList(1, errors.size())) {
      skip.addSuppressed(error);
      LOG.warn("{} was skipped, and failed its leak check", window.describe(), error);
    }
    return skip;
  }
}
