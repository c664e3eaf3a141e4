/** Checks JUnit 4 tests for the threads that they leave behind. */
// JUnit 4 has its module name in the manifest only; users put our rule into their tests.
// The 4 is part of the name that the artifact has, not a version of the module.
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module dev.leakverifier.junit4 {
  requires transitive dev.leakverifier.core;
  requires transitive junit;
  requires static org.jspecify;

  exports dev.leakverifier.junit4;
}
