package com.acme;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.testing.ThreadForm;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The programs of {@code docs/leak-patterns.md} give the reports that are printed there. */
public class PatternsTest {
  private static final Path DOCUMENT = Path.of("../docs/leak-patterns.md");

  private OriginRecorder.Session origins;
  private LeakScope scope;

  @BeforeMethod
  public void recordOrigins() {
    origins = OriginRecorder.JVM.start();
    origins.await();
    scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(200)));
  }

  @AfterMethod(alwaysRun = true)
  public void stopRecording() {
    origins.close();
  }

  @Test
  public void handsOver() throws IOException {
    new Prices().fetch();

    assertReport("A hand-off that nobody takes", LeakKind.BLOCKED_HAND_OFF);
  }

  @Test
  public void forgetsToStop() throws IOException {
    new Poller().start();

    assertReport("A service that nobody stops", LeakKind.SLEEPING_LOOP);
  }

  @Test
  public void loops() throws IOException {
    Spinner spinner = new Spinner();
    spinner.await();

    assertReport("A loop without an end", LeakKind.BUSY_LOOP, spinner::setReady);
  }

  @Test
  public void keepsALock() throws IOException {
    Account account = new Account();
    account.debit(0);
    account.audit();

    assertReport("A lock that is never released", LeakKind.LOCK_NOT_RELEASED);
  }

  @Test
  public void waitsForAnAnswer() throws Exception {
    ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    new Quotes(new URI("http://localhost:" + silent.getLocalPort() + "/").toURL()).load();

    assertReport("A request that is never answered", LeakKind.ENDLESS_IO, silent);
  }

  @Test
  public void leavesAPool() throws IOException, ExecutionException {
    Pool pool = new Pool();
    Uninterruptibles.getUninterruptibly(pool.submit(() -> {}));
    Uninterruptibles.getUninterruptibly(pool.submit(() -> {}));

    assertReport("A pool that nobody shuts down", LeakKind.IDLE_POOL_WORKER, pool::close);
  }

  @Test
  public void leavesATimer() throws IOException {
    Reminders reminders = new Reminders();
    reminders.remind(() -> {}, 1_000_000);

    assertReport("A timer that nobody cancels", LeakKind.TIMER_NOT_CANCELLED, reminders::close);
  }

  @Test
  public void locksInBothOrders() throws IOException {
    new Transfers().start();

    assertReport("A deadlock", LeakKind.DEADLOCK);
  }

  @Test
  public void waitsForAFuture() throws IOException {
    new Orders().place();

    assertReport("A future that nobody completes", LeakKind.WAITS_IN_VAIN);
  }

  /** The tests of this build do not read the heap, and the report says so. */
  private static String withoutHeap(LeakReport report) {
    return report
        .toString()
        .replace(
            "\n\nnot seen: who holds the threads is not asked (leak.heap=never); what a cached"
                + " Spring test context holds is no leak, and only the heap tells"
                + " (leak.heap=always)",
            "");
  }

  private void assertReport(String heading, LeakKind kind, Closeable... ends) throws IOException {
    LeakReport report = scope.check();
    try {
      while (!report.groups().stream().allMatch(group -> group.diagnosis().kind() == kind)) {
        report = scope.check(); // it takes a moment until a thread has come to its place
      }
    } finally {
      List<Thread> left =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> isIn(scope, thread))
              .toList();
      left.forEach(Thread::interrupt);
      for (Closeable end : ends) {
        end.close();
      }
      left.forEach(ThreadForm::end);
    }
    if (Runtime.version().feature() != 17) {
      throw new SkipException("the document shows the reports of JDK 17");
    }
    if (Boolean.getBoolean("golden.update")) {
      update(heading, withoutHeap(report));
    }
    assertThat(plain(withoutHeap(report))).isEqualTo(plain(documented(heading).group(2)));
  }

  private static boolean isIn(LeakScope scope, Thread thread) {
    return scope.check().threads().stream().anyMatch(left -> left.name().equals(thread.getName()));
  }

  /** The text of the section up to its report, and the report. */
  private static Matcher documented(String heading) throws IOException {
    Matcher section =
        Pattern.compile("(?s)(## \\d+\\. " + Pattern.quote(heading) + "\n.*?```text\n)(.*?)\n```")
            .matcher(Files.readString(DOCUMENT));
    assertThat(section.find()).isTrue();
    return section;
  }

  private static void update(String heading, String report) throws IOException {
    Matcher section = documented(heading);
    String document = Files.readString(DOCUMENT);
    Files.writeString(
        DOCUMENT,
        document.substring(0, section.start(2)) + report + document.substring(section.end(2)));
  }

  /** Without what differs from run to run. */
  private static String plain(String report) {
    return report
        .replaceAll("\\d\\.\\d+ s", "N s")
        .replaceAll("\\d+%", "N%")
        .replaceAll("@\\p{XDigit}+", "@N")
        .replaceAll("pool-\\d+", "pool-N")
        .replaceAll("PatternsTest.java:\\d+", "PatternsTest.java:N")
        .replaceAll("\\(Native Method\\)|\\(\\w+\\.java:\\d+\\)", "(N)");
  }
}
