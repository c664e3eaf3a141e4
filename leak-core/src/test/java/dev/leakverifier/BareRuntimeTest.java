package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.leakverifier.testing.ThreadForm.PLATFORM;

import dev.leakverifier.monitor.ThreadMonitor;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.HeldMonitor;
import dev.leakverifier.testing.ThreadForm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.testng.annotations.Test;

/** In a Java runtime that has only the module {@code java.base}, all works with what is left. */
public class BareRuntimeTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);
  private static final String GAP =
      "not seen: which locks threads wait for, who holds them, and what CPU time threads take: this"
          + " Java runtime lacks the module java.management";

  @Test
  public void reportsLeaksAndSaysOnceWhatIsMissing() throws Exception {
    List<String> lines = run(Checks.class).out().lines().toList();

    assertThat(lines.subList(0, 2))
        .containsExactly("no thread leaked", "2 threads leaked (looked once, without waiting)")
        .inOrder();
    assertThat(lines).contains("1) waits in vain   \"waiting\"   WAITING");
    assertThat(lines).contains("2) waits for a lock   \"blocked\"   BLOCKED");
    assertThat(lines)
        .contains("   why      it waits for a monitor; the JVM does not tell who holds it");
    assertThat(lines.stream().filter(GAP::equals).toList()).containsExactly(GAP);
    if (ThreadForm.VIRTUAL.isThere()) {
      assertThat(lines)
          .contains(
              "not seen: virtual threads: no "
                  + ThreadForm.dump()
                  + " could be read (this JVM has no HotSpotDiagnosticMXBean."
                  + ThreadForm.dumpMethod()
                  + ")");
    }
  }

  static final class Checks {
    public static void main(String[] args) {
      System.out.println(LeakVerifier.scope().check());
      if (ThreadForm.VIRTUAL.isThere()) {
        ThreadForm.VIRTUAL.startBlocked("unseen");
      }
      Object lock = new Object();
      try (HeldMonitor held = HeldMonitor.of(lock);
          LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly());
          BlockedThread waiting = PLATFORM.startBlocked("waiting")) {
        Thread blocked = new Thread(() -> enter(lock), "blocked");
        blocked.start();
        while (blocked.getState() != Thread.State.BLOCKED) {
          Thread.onSpinWait();
        }
        System.out.println(scope.check());
      }
    }

    private static void enter(Object lock) {
      synchronized (lock) {
        lock.notifyAll();
      }
    }
  }

  @Test
  public void profilesThreads() throws Exception {
    assertThat(run(Profiles.class).out().lines().filter(GAP::equals).toList()).containsExactly(GAP);
  }

  static final class Profiles {
    public static void main(String[] args) {
      ThreadProfile.capture().notSeen().forEach(what -> System.out.println("not seen: " + what));
    }
  }

  @Test
  public void monitorsThreadsThoughJmxIsMissing() throws Exception {
    ForkedJvm.Ended jvm = run(Monitors.class);

    assertThat(jvm.out()).isEqualTo("grew by 1\n");
    assertThat(jvm.err())
        .contains(
            "the thread monitor is not shown by JMX: this Java runtime lacks the module"
                + " java.management");
    assertThat(jvm.err()).doesNotContain("a look at the threads has failed");
  }

  static final class Monitors {
    public static void main(String[] args) throws InterruptedException {
      CountDownLatch grown = new CountDownLatch(1);
      ThreadMonitor monitor =
          ThreadMonitor.builder()
              .every(Duration.ofMillis(1))
              .growth(1)
              .window(2)
              .virtualThreads(false)
              .listener(growth -> grown.countDown())
              .start();
      try (BlockedThread left = PLATFORM.startBlocked("left")) {
        grown.await();
        System.out.println("grew by " + monitor.growth().growth());
      }
      monitor.close();
    }
  }

  @Test
  public void saysThatStartersCannotBeRecorded() throws Exception {
    assertThat(run(Records.class, "--limit-modules", "java.base,jdk.jfr").out())
        .contains(
            "not seen: who started them: this Java runtime lacks the module java.management, which"
                + " tells when to read on");
  }

  static final class Records {
    public static void main(String[] args) {
      try (LeakScope scope =
              LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly(), LeakVerifier.recordOrigins());
          BlockedThread left = PLATFORM.startBlocked("left")) {
        System.out.println(scope.check());
      }
    }
  }

  private static ForkedJvm.Ended run(Class<?> main) throws Exception {
    return run(main, "--limit-modules", "java.base");
  }

  private static ForkedJvm.Ended run(Class<?> main, String... options) throws Exception {
    ForkedJvm.Ended jvm = ForkedJvm.run(ClassPath.ofTests(), List.of(options), main);
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(0);
    return jvm;
  }
}
