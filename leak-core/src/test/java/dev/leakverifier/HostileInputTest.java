package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.base.Strings;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.Test;

public class HostileInputTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);
  private static final long SMALL_STACK = 128 * 1024;

  @Test
  public void printsAnyNameInLineAndShort() {
    for (String name :
        new String[] {
          "",
          " ",
          "\"; DROP TABLE",
          "line\nbreak",
          "\u202eright-to-left",
          "\u65e5\ud83d\ude00",
          "\ud83d",
          "\u001b[31m",
          Strings.repeat("64 KiB", 11_000)
        }) {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      try (BlockedThread left = BlockedThread.start(name)) {
        LeakReport report = scope.check();

        assertThat(report.threads().get(0).name()).isEqualTo(name);
        assertThat(report.toString()).matches("[\\n -~\\x{65e5}\\x{1f600}]+");
        assertThat(report.toString().length()).isLessThan(10_000);
        assertThat(report.toJson().length()).isLessThan(20_000);
      }
    }
  }

  @Test
  public void callsNothingThatAThreadCanOverride() {
    class Liar extends Thread {
      Liar(Runnable body) {
        super(body, "liar");
      }

      @Override
      @SuppressWarnings({"deprecation", "removal"}) // users do it all the same
      public long getId() {
        throw new UnsupportedOperationException();
      }

      @Override
      public StackTraceElement[] getStackTrace() {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean equals(@Nullable Object other) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int hashCode() {
        throw new UnsupportedOperationException();
      }

      @Override
      public String toString() {
        throw new UnsupportedOperationException();
      }
    }
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(5)));
    try (BlockedThread left = BlockedThread.start(Liar::new)) {
      LeakError error = expectThrows(LeakError.class, scope::close);

      assertThat(error).hasMessageThat().contains("\"liar\"");
    }
  }

  @Test
  public void endsThoughThreadsComeAndGoAllTheTime() throws InterruptedException {
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(100);
    Thread restless =
        new Thread(
            () -> {
              while (!stopped.get()) {
                Thread mayfly = new Thread(running::countDown);
                mayfly.start();
                Uninterruptibles.joinUninterruptibly(mayfly);
              }
            });
    restless.start();
    running.await();
    try {
      LeakScope scope = LeakVerifier.scope();
      for (int i = 0; i < 100; i++) {
        assertThat(scope.check().toString()).isEqualTo("no thread leaked");
      }
      try (BlockedThread left = BlockedThread.start("left")) {
        scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(50)));
        try (BlockedThread later = BlockedThread.start("later")) {
          assertThat(scope.check().threads().stream().map(ThreadSample::name).toList())
              .containsExactly("later");
        }
      }
    } finally {
      stopped.set(true);
      restless.join();
    }
  }

  @Test
  public void reportsThousandsOfLeaksAsOneGroup() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    List<BlockedThread> left = new ArrayList<>();
    try {
      for (int i = 0; i < 2_000; i++) {
        String name = "t" + i;
        left.add(BlockedThread.start(body -> new Thread(null, body, name, SMALL_STACK)));
      }
      LeakReport report = scope.check();

      assertThat(report.threads()).hasSize(2_000);
      assertThat(report.toString()).startsWith("2000 threads leaked");
      assertThat(report.toString()).contains("1) 2000 x waits in vain   \"t0 to 1999\"   ");
      assertThat(report.toString()).doesNotContain("2) ");
    } finally {
      left.forEach(BlockedThread::release);
      left.forEach(BlockedThread::close);
    }
  }

  @Test
  public void keepsTheErrorOfATestThatRanOutOfThreads() {
    OutOfMemoryError own = new OutOfMemoryError("unable to create native thread");
    List<BlockedThread> left = new ArrayList<>();
    try {
      OutOfMemoryError thrown =
          expectThrows(
              OutOfMemoryError.class,
              () -> {
                try (LeakScope scope = LeakVerifier.scope(AT_ONCE)) {
                  left.add(BlockedThread.start("one of many"));
                  throw own;
                }
              });

      assertThat(thrown).isSameInstanceAs(own);
      assertThat(thrown.getSuppressed()[0]).isInstanceOf(LeakError.class);
    } finally {
      left.forEach(BlockedThread::close);
    }
  }
}
