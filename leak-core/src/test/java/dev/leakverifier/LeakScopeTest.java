package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.Test;

public class LeakScopeTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  @Test
  public void reportsOnlyThreadsThatAreNewerThanTheScope() {
    try (BlockedThread before = BlockedThread.start("same-name");
        LeakScope scope = LeakVerifier.scope(AT_ONCE)) {
      assertThat(scope.check().isEmpty()).isTrue();

      try (BlockedThread inside = BlockedThread.start("same-name")) {
        assertThat(ids(scope.check())).containsExactly(inside.thread().getId());
      }
      assertThat(scope.check().isEmpty()).isTrue();
    }
  }

  @Test
  public void seesALeakThatTakesThePlaceOfAnEndedThread() {
    BlockedThread before = BlockedThread.start("worker");
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    before.close();
    try (BlockedThread leaked = BlockedThread.start("worker")) {
      assertThat(ids(scope.check())).containsExactly(leaked.thread().getId());
    }
  }

  @Test
  public void seesALeakThatAnOlderThreadStarts() throws Exception {
    ExecutorService older = Executors.newFixedThreadPool(1);
    try {
      older.submit(() -> {}).get();
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      try (BlockedThread leaked = older.submit(() -> BlockedThread.start("leaked")).get()) {
        assertThat(ids(scope.check())).containsExactly(leaked.thread().getId());
      }
    } finally {
      older.shutdown();
    }
  }

  @Test
  public void throwsWhenItClosesOverALeak() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      expectThrows(LeakError.class, scope::close);
      scope.close(); // a second time says nothing new
    }
  }

  @Test
  public void keepsTheErrorOfTheBodyFirst() {
    IllegalArgumentException own = new IllegalArgumentException("the test's own");
    List<BlockedThread> leaked = new ArrayList<>();
    try {
      IllegalArgumentException thrown =
          expectThrows(
              IllegalArgumentException.class,
              () -> {
                try (LeakScope scope = LeakVerifier.scope(AT_ONCE)) {
                  leaked.add(BlockedThread.start("leaked"));
                  throw own;
                }
              });

      assertThat(thrown).isSameInstanceAs(own);
      assertThat(thrown.getSuppressed()[0]).isInstanceOf(LeakError.class);
    } finally {
      leaked.forEach(BlockedThread::close);
    }
  }

  @Test
  public void forgetsWhatWasThereWhenRebased() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      scope.rebase();
      assertThat(scope.check().isEmpty()).isTrue();
    }
  }

  @Test
  public void runsTheCleanupWhenItCloses() {
    List<Integer> exitCodes = new ArrayList<>();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.cleanup(exitCodes::add));
    scope.check();
    assertThat(exitCodes).isEmpty();
    scope.close();
    assertThat(exitCodes).containsExactly(0);
  }

  private static List<Long> ids(LeakReport report) {
    return report.threads().stream().map(ThreadSample::id).toList();
  }
}
