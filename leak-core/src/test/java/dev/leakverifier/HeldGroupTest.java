package dev.leakverifier;

import static com.google.common.truth.Truth.assertWithMessage;

import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.HeldMonitor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** No check waits for who holds the monitor of a thread group, as long as that may be. */
public class HeldGroupTest {
  private static final int HANGS = 3;

  @DataProvider
  Object[][] groups() {
    return new Object[][] {
      {"a group of its own", 0}, {"main", 0}, {"system", 0},
      {"a group of its own", 20}, {"main", 20}, {"system", 20},
    };
  }

  @Test(dataProvider = "groups")
  public void keepsNoCheckWaiting(String group, int checksBefore) throws Exception {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests(),
            List.of(),
            ChecksWhileHeld.class,
            group,
            String.valueOf(checksBefore));

    assertWithMessage(jvm.err()).that(jvm.out()).isEqualTo("[left, holder]\n");
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(0);
  }

  static final class ChecksWhileHeld {
    public static void main(String[] args) {
      startWatchdog(); // before: on JDK 17 no thread starts in a group that is held
      Thread.currentThread().setName("checks");
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        if (!LeakVerifier.find(LeakVerifier.ignoreName("watchdog")).isEmpty()) {
          throw new AssertionError("nothing has leaked");
        }
      }
      Thread left = new Thread(ChecksWhileHeld::sleep, "left");
      left.start();
      HeldMonitor held = HeldMonitor.of(groupNamed(args[0]));
      LeakReport report =
          LeakVerifier.find(
              LeakVerifier.ignoreName("watchdog"), LeakVerifier.maxWait(Duration.ofMillis(10)));
      if (held.isHeld()) {
        System.out.println(report.threads().stream().map(thread -> thread.name()).toList());
      }
      System.out.flush();
      Runtime.getRuntime().halt(0); // an orderly end would start threads
    }

    private static ThreadGroup groupNamed(String name) {
      ThreadGroup group = Thread.currentThread().getThreadGroup();
      while (group.getParent() != null && !group.getName().equals(name)) {
        group = group.getParent();
      }
      return group.getName().equals(name) ? group : new ThreadGroup(group, name);
    }

    private static void startWatchdog() {
      Thread watchdog =
          new Thread(
              () -> {
                sleep();
                Runtime.getRuntime().halt(HANGS);
              },
              "watchdog");
      watchdog.setDaemon(true);
      watchdog.start();
    }

    private static void sleep() {
      try {
        TimeUnit.SECONDS.sleep(60);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
