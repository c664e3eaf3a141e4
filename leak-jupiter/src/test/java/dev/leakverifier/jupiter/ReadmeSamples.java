package dev.leakverifier.jupiter;

import dev.leakverifier.LeakVerifier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of README and docs for Jupiter, word for word. Compiled only. */
@SuppressWarnings("ClassCanBeStatic") // in users' code it is a class of its own
final class ReadmeSamples {
  @RegisterExtension
  static final LeakVerifierExtension LEAKS =
      LeakVerifierExtension.verifyNone(LeakVerifier.ignoreName("grpc-default-*"));

  private ReadmeSamples() {}

  @ExtendWith(LeakVerifierExtension.class)
  class CheckoutTest {}
}
