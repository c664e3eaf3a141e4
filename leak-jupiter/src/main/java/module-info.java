/** Checks JUnit Jupiter tests for the threads that they leave behind. */
module dev.leakverifier.jupiter {
  requires transitive dev.leakverifier.core;
  requires transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.leakverifier.jupiter;

  uses org.junit.jupiter.api.extension.Extension;

  provides org.junit.jupiter.api.extension.Extension with
      dev.leakverifier.jupiter.LeakVerifierExtension;
}
