package dev.leakverifier;

import java.time.Duration;

/** The snippets of README and docs for plain Java, word for word. Compiled only. */
final class ReadmeSamples {
  private final Service service = request -> {};
  private final String request = "";

  interface Service {
    void handle(String request);

    default void stop() {}
  }

  void firstScreen() {
    try {
      service.handle(request);
    } finally {
      service.stop();
      LeakVerifier.verifyNone();
    }
  }

  void scope() {
    try (LeakScope scope = LeakVerifier.scope()) {
      service.handle(request);
      service.stop();
    } // throws LeakError if a thread is left; an exception of the body stays the first
  }

  void options() {
    LeakVerifier.verifyNone(
        LeakVerifier.ignoreTopFunction("com.acme.Poller.poll"),
        LeakVerifier.ignoreName("grpc-default-*"),
        LeakVerifier.ignoreFunc(thread -> thread.groupName().equals("metrics")),
        LeakVerifier.maxWait(Duration.ofSeconds(5)));
  }

  @IgnoreLeaks(name = "grpc-default-*", reason = "shared by the whole process")
  static class Annotated {}
}
