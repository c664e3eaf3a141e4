package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.diagnosis.IgnoreLine.Place;
import dev.leakverifier.dump.DumpedThread;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.host.Guard;
import dev.leakverifier.monitor.ThreadMonitor;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.profile.ProfileGroup;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.profile.ThreadProfileHandler;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of the Javadoc, word for word but for blanks and line ends. Compiled only. */
@SuppressWarnings({"unused", "ClassCanBeStatic"}) // a reader's class is no nested one
final class JavadocSamples {
  private static final Logger log = LoggerFactory.getLogger(JavadocSamples.class);

  private JavadocSamples() {}

  /** Ignores what the whole process shares. */
  @IgnoreLeaks(name = "grpc-default-*", reason = "shared by the whole process")
  public class CheckoutTest {}

  private static final LeakOption ORIGINS = LeakVerifier.recordOrigins();

  static class Service {
    void handle(String request) {}

    void start() {}

    void stop() {}
  }

  interface MyWindow extends LeakWatch.Window {
    boolean isOver();

    void failWith(LeakError error);
  }

  interface Pager {
    void page(String text);
  }

  static Set<LeakLevel> configuration() {
    return LeakConfiguration.load("testng.xml parameter", Map.of("leak.scope", "class")).levels();
  }

  static void options() {
    LeakVerifier.verifyNone(
        LeakVerifier.ignoreTopFunction("com.acme.Worker.run"),
        LeakVerifier.maxWait(Duration.ofSeconds(2)));
  }

  static LeakOption predicate() {
    return LeakVerifier.ignoreFunc(
        thread -> thread.isDaemon() && thread.hasFunction("com.acme.Poller.run"));
  }

  static void find() {
    LeakReport report = LeakVerifier.find();
    assertThat(report.threads()).isEmpty();
    report.groups().forEach(group -> System.err.println(group.diagnosis().fix()));
  }

  static void scope() {
    try (LeakScope scope = LeakVerifier.scope()) {
      // code under test
    } // throws LeakError if a thread is left; an exception of the body stays the first
  }

  static void started() {
    try (LeakScope scope = LeakVerifier.scope()) {
      new Service().start();
    } // throws LeakError: nobody stopped the service
  }

  static void handling(Service service, String request) {
    try (LeakScope scope = LeakVerifier.scope()) {
      service.handle(request);
    }
  }

  static void verifying(Service service, String request) {
    try {
      service.handle(request);
    } finally {
      service.stop();
      LeakVerifier.verifyNone();
    }
  }

  static void watch(LeakConfiguration configuration, MyWindow window) {
    LeakWatch<MyWindow> watch = LeakWatch.start(Place.PROPERTY, configuration, List.of());
    watch.opened(window); // before each test and fixture
    watch.appearedIn(window); // after it, on the same thread
    watch.judge(each -> each.isOver()).stream() // when nothing can stop its threads any more
        .forEach(leak -> leak.window().failWith(leak.report().toError()));
  }

  static void dump() throws IOException {
    ThreadDump dump = ThreadDump.read(Path.of("threads.txt"));
    for (DumpedThread thread : dump.threads()) {
      System.out.println(thread.sample().name() + " " + thread.sample().topFunction());
    }
  }

  static void monitor(Pager pager) {
    ThreadMonitor.builder().listener(growth -> pager.page("threads: " + growth)).start();
    ThreadMonitor monitor = ThreadMonitor.builder().start(); // when the service has started
    monitor.close(); // when it stops
  }

  static void origins(Thread thread) {
    try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      session.await();
      thread.start();
      OriginRecorder.JVM.originOf(thread.getId()).ifPresent(System.err::println);
    }
  }

  static void origin(ThreadSample thread) {
    thread.origin().flatMap(ThreadOrigin::function).ifPresent(System.err::println);
  }

  static void growth(ThreadProfile earlier) {
    for (ProfileGroup group : ThreadProfile.capture().minus(earlier).groups()) {
      log.info("{} more in {}", group.count(), group.threads().get(0).topFunction());
    }
  }

  static void profile(Service service, String requests) throws IOException {
    ThreadProfile before = ThreadProfile.capture();
    service.handle(requests);
    ThreadProfile growth = ThreadProfile.capture().minus(before);
    System.out.println(growth.toText());
    try (OutputStream out = Files.newOutputStream(Path.of("threads.pb.gz"))) {
      growth.writePprof(out); // go tool pprof -http=: threads.pb.gz
    }
  }

  static void handler() throws IOException {
    System.setProperty("sun.net.httpserver.maxReqTime", "5"); // seconds to send a request
    System.setProperty("sun.net.httpserver.maxRspTime", "90"); // to wait for the answer and read it
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 6060), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/debug/threads", new ThreadProfileHandler());
    server.start();
  }

  /** How a reader of the Javadoc of Guard gets a text. */
  static String guarded(LeakReport report) {
    String text =
        Guard.make("the text", () -> textOf(report), lost -> namesAndStacks(report) + lost);
    return text;
  }

  private static String textOf(LeakReport report) {
    return report.toString();
  }

  private static String namesAndStacks(LeakReport report) {
    return report.threads().toString();
  }
}
