package dev.leakverifier.jupiter;

import org.junit.jupiter.api.extension.ExtendWith;

/** The README's snippets for Jupiter, word for word. Compiled only. */
@SuppressWarnings("ClassCanBeStatic") // in users' code it is a class of its own
final class ReadmeSamples {
  private ReadmeSamples() {}

  @ExtendWith(LeakVerifierExtension.class)
  class CheckoutTest {}
}
