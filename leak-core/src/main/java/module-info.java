/** Finds the threads that a test or a service leaves behind. */
@SuppressWarnings("module") // the adapters are compiled later
module dev.leakverifier.core {
  requires java.logging; // Guava's, for a message whose argument throws
  requires java.management;
  requires org.slf4j;
  requires static jdk.attach;
  requires static jdk.jfr;
  requires static transitive jdk.httpserver;
  requires static org.jspecify;

  exports dev.leakverifier;
  exports dev.leakverifier.diagnosis;
  exports dev.leakverifier.dump;
  exports dev.leakverifier.host to
      dev.leakverifier.jupiter,
      dev.leakverifier.junit4,
      dev.leakverifier.testng;
  exports dev.leakverifier.monitor;
  exports dev.leakverifier.profile;
  exports dev.leakverifier.text to
      dev.leakverifier.junit4,
      dev.leakverifier.jupiter,
      dev.leakverifier.testng;
  exports dev.leakverifier.thread;
}
