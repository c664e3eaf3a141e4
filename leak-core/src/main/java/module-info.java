/** Finds the threads that a test or a service leaves behind. */
module dev.leakverifier.core {
  requires com.google.common;
  requires java.management;
  requires org.slf4j;
  requires static jdk.jfr;
  requires static transitive org.jspecify;

  exports dev.leakverifier;
  exports dev.leakverifier.monitor;
  exports dev.leakverifier.report;
  exports dev.leakverifier.thread;
}
