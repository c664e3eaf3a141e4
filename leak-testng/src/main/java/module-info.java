/** Checks TestNG tests for the threads that they leave behind. */
// TestNG has its module name in the manifest only; users extend our listener, so they see TestNG.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.leakverifier.testng {
  requires transitive dev.leakverifier.core;
  requires transitive org.testng;
  requires static org.jspecify;

  exports dev.leakverifier.testng;
}
