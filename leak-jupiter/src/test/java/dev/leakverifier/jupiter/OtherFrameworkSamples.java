package dev.leakverifier.jupiter;

import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.testing.Leaks;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of Jupiter with rules of JUnit 4, and the other way round. */
public final class OtherFrameworkSamples {
  private OtherFrameworkSamples() {}

  static class WithRule {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

    @Test
    void leaks() {
      Leaks.leave("not-seen-by-a-rule");
    }
  }

  static class WithClassRule {
    @ClassRule public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();

    @Test
    void leaks() {
      Leaks.leave("not-seen-by-a-class-rule");
    }
  }

  static class AroundWithRule {
    @Nested
    class Inner extends RuleInBaseClass {
      @Test
      void leaks() {
        Leaks.leave("not-seen-by-an-inner-rule");
      }
    }
  }

  abstract static class RuleInBaseClass {
    @Rule public final LeakVerifierRule leaks = ruleOfProject();

    private static LeakVerifierRule ruleOfProject() {
      return LeakVerifierRule.verifyNone();
    }
  }

  /** Run by JUnit 4. */
  public static class OfJUnit4 {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

    @org.junit.Test
    public void leaks() {
      Leaks.leave("left-in-junit4");
    }
  }

  /** Run by JUnit 4. */
  @ExtendWith(LeakVerifierExtension.class)
  public static class OfJUnit4WithExtension {
    @org.junit.Test
    public void passes() {}
  }
}
