package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.dump.Dumps.deadlocks;
import static dev.leakverifier.dump.Dumps.locked;
import static dev.leakverifier.dump.Dumps.thread;
import static dev.leakverifier.dump.Dumps.waitOf;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.JMException;
import javax.management.ObjectName;
import org.testng.annotations.Test;

/** What {@code jcmd Thread.print} says of this JVM, against the threads themselves. */
public class LiveDumpTest {
  @Test
  public void readsTheThreadsOfThisJvm() throws Exception {
    String name = "live \"dump\"\nof a test";
    try (BlockedThread blocked = BlockedThread.start(name)) {
      ThreadDump dump = print();

      assertThat(dump.notes()).isEmpty();
      assertThat(dump.jvm().orElse("")).contains(System.getProperty("java.vm.name"));
      assertIs(thread(dump, name).sample(), blocked.thread());
      assertThat(waitOf(dump, name)).isEqualTo("PARK java.util.concurrent.CountDownLatch$Sync");
      assertThat(Dumps.names(dump)).contains(Thread.currentThread().getName());
    }
  }

  @Test
  public void findsThreadsThatWaitForEachOther() throws Exception {
    ReentrantLock first = new ReentrantLock();
    ReentrantLock second = new ReentrantLock();
    CountDownLatch bothHold = new CountDownLatch(2);
    try (BlockedThread one =
            BlockedThread.start(ignored -> new Thread(locking(first, second, bothHold), "one"));
        BlockedThread two =
            BlockedThread.start(ignored -> new Thread(locking(second, first, bothHold), "two"))) {
      while (!first.hasQueuedThread(two.thread()) || !second.hasQueuedThread(one.thread())) {
        Thread.onSpinWait();
      }
      await(one.thread(), Thread.State.WAITING);
      await(two.thread(), Thread.State.WAITING);
      ThreadDump dump = print("-l");

      assertThat(deadlocks(dump)).hasSize(1);
      assertThat(deadlocks(dump).get(0)).containsExactly("one", "two");
      assertThat(locked(thread(dump, "one")))
          .containsExactly("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    }
  }

  private static final class Desk {}

  @Test
  public void findsWhoHoldsAMonitor() throws Exception {
    Object monitor = new Desk();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              synchronized (monitor) {
                held.countDown();
                awaitQuietly(done);
              }
            },
            "holder");
    Thread waiter =
        new Thread(
            () -> {
              synchronized (monitor) {
                held.countDown();
              }
            },
            "waiter");
    holder.start();
    held.await();
    waiter.start();
    try {
      await(waiter, Thread.State.BLOCKED);
      ThreadDump dump = print();

      assertThat(waitOf(dump, "waiter"))
          .isEqualTo("ENTER dev.leakverifier.dump.LiveDumpTest$Desk held by holder");
      assertThat(locked(thread(dump, "holder")))
          .contains("dev.leakverifier.dump.LiveDumpTest$Desk");
      assertThat(dump.deadlocks()).isEmpty();
      assertIs(thread(dump, "waiter").sample(), waiter);
    } finally {
      done.countDown();
      holder.join();
      waiter.join();
    }
  }

  private static Runnable locking(ReentrantLock held, ReentrantLock wanted, CountDownLatch both) {
    return () -> {
      held.lock();
      try {
        both.countDown();
        both.await();
        wanted.lockInterruptibly();
        wanted.unlock();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        held.unlock();
      }
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  /** Nothing that a dump can tell of a thread is another than the thread's own. */
  @SuppressWarnings("deprecation") // threadId() is there only since JDK 19
  static void assertIs(ThreadSample found, Thread thread) {
    List<String> frames =
        Arrays.stream(thread.getStackTrace())
            .filter(frame -> !StackFrames.isHidden(frame))
            .map(StackFrames::text)
            .toList();
    assertThat(found.id()).isEqualTo(thread.getId());
    assertThat(found.state()).isEqualTo(thread.getState());
    assertThat(found.isDaemon()).isEqualTo(thread.isDaemon());
    assertThat(found.stack()).isEqualTo(String.join("\n", frames));
  }

  private static ThreadDump print(String... options) throws JMException, UnreadableDumpException {
    Object text =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "threadPrint",
                new Object[] {options},
                new String[] {String[].class.getName()});
    return Dumps.read(String.valueOf(text));
  }
}
