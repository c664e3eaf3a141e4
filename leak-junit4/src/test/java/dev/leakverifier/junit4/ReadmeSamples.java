package dev.leakverifier.junit4;

import dev.leakverifier.LeakVerifier;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** The snippets of README and docs for JUnit 4, word for word. Compiled only. */
final class ReadmeSamples {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @ClassRule(order = Integer.MIN_VALUE)
  public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();

  static final class BeforeJUnit413 {
    @Rule
    public final RuleChain rules =
        RuleChain.outerRule(LeakVerifierRule.verifyNone()).around(new TemporaryFolder());
  }

  static final class OldCode {
    @Rule(order = Integer.MIN_VALUE)
    public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone(LeakVerifier.warnOnly());
  }
}
