package dev.leakverifier.junit4;

import dev.leakverifier.LeakVerifier;
import org.junit.ClassRule;
import org.junit.Rule;

/** The README's snippets for JUnit 4, word for word. Compiled only. */
final class ReadmeSamples {
  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @ClassRule public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();

  static final class OldCode {
    @Rule
    public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone(LeakVerifier.warnOnly());
  }
}
