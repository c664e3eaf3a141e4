package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class ThreadLivesTest {
  private static final Duration T1 = Duration.ofSeconds(1);
  private static final Duration T2 = Duration.ofSeconds(2);
  private static final Duration T3 = Duration.ofSeconds(3);

  @Test
  public void tellsBetweenWhichNotesAThreadCameAndWent() {
    ThreadLives lives = new ThreadLives(2);
    BlockedThread thread = BlockedThread.start("worker");
    lives.note("first", Duration.ZERO, fresh(thread), null, T1);
    assertThat(lives.all().get(0).ended()).isEqualTo(Optional.empty());
    thread.close();

    assertThat(lives.note("second", T1, List.of(), null, T2)).isTrue();
    assertThat(lives.note("third", T2, List.of(), null, T3)).isFalse();

    assertThat(lives.all())
        .containsExactly(
            new ThreadLife(
                thread.thread().getId(),
                "worker",
                /* virtual= */ false,
                Optional.of("first"),
                Duration.ZERO,
                T1,
                Optional.of(new ThreadLife.End(T1, T2)),
                /* leaked= */ false));
  }

  @Test
  public void marksALeakAndPutsItDownToTheTestThatIsToBlame() {
    ThreadLives lives = new ThreadLives(2);
    try (BlockedThread thread = BlockedThread.start("worker")) {
      lives.note("bystander", Duration.ZERO, fresh(thread), null, T1);
      lives.leaked("culprit", sample(thread), T2);

      assertThat(lives.all().get(0).test()).isEqualTo(Optional.of("culprit"));
      assertThat(lives.all().get(0).leaked()).isTrue();
    }
    assertThat(lives.look(null, T3)).isTrue();
    assertThat(lives.all().get(0).ended()).isEqualTo(Optional.of(new ThreadLife.End(T1, T3)));
  }

  @Test
  public void marksALeakThatHasEndedSinceOrThatNoNoteHasHad() {
    ThreadLives lives = new ThreadLives(2);
    BlockedThread late = BlockedThread.start("late");
    lives.note("test", Duration.ZERO, fresh(late), null, T1);
    ThreadSample sample = sample(late);
    late.close();
    assertThat(lives.look(null, T2)).isTrue();
    lives.leaked("test", sample, T2);
    try (BlockedThread unnoted = BlockedThread.start("unnoted")) {
      lives.leaked("other", sample(unnoted), T3);

      assertThat(lives.all().stream().map(ThreadLife::name).toList())
          .containsExactly("late", "unnoted")
          .inOrder();
      assertThat(lives.all().stream().allMatch(ThreadLife::leaked)).isTrue();
    }
  }

  @Test
  public void keepsTheLatestOfThoseThatEndedAndEachLeak() {
    ThreadLives lives = new ThreadLives(2);
    BlockedThread leak = BlockedThread.start("leak");
    lives.note("a", Duration.ZERO, fresh(leak), null, T1);
    lives.leaked("a", sample(leak), T1);
    leak.close();
    for (String name : new String[] {"b", "c", "d"}) {
      BlockedThread thread = BlockedThread.start(name);
      lives.note(name, T1, fresh(thread), null, T2);
      thread.close();
      assertThat(lives.look(null, T3)).isTrue();
    }

    assertThat(lives.all().stream().map(ThreadLife::name).toList())
        .containsExactly("leak", "c", "d");
    assertThat(lives.notKept()).isEqualTo(1);
  }

  @Test
  public void keepsNotMoreLiveThreadsThanItMay() {
    ThreadLives lives = new ThreadLives(2);
    try (BlockedThread a = BlockedThread.start("a");
        BlockedThread b = BlockedThread.start("b");
        BlockedThread c = BlockedThread.start("c")) {
      lives.note("t", Duration.ZERO, fresh(a, b, c), null, T1);
      lives.leaked("t", sample(c), T1); // but finds a place for a leak

      assertThat(lives.all()).hasSize(3);
      assertThat(lives.notKept()).isEqualTo(1);
    }
  }

  @Test
  public void leavesOutTheThreadsOfTheJvmAndOfTools() {
    ThreadLives lives = new ThreadLives(9);
    try (BlockedThread runner = BlockedThread.start("TestNG-methods-1");
        BlockedThread recorder = BlockedThread.start("JFR Periodic Tasks");
        BlockedThread link = BlockedThread.start("surefire-forkedjvm-ping-30s");
        BlockedThread users = BlockedThread.start("TestingPool-1")) {
      lives.note("t", Duration.ZERO, fresh(runner, recorder, link, users), null, T1);
      lives.note("t", Duration.ZERO, systemThreads(), null, T1);

      assertThat(lives.all().stream().map(ThreadLife::name).toList())
          .containsExactly("TestingPool-1");
    }
  }

  @Test
  public void shortensWhatWouldTakeTooMuchSpace() {
    ThreadLives lives = new ThreadLives(1);
    try (BlockedThread thread = BlockedThread.start(Strings.repeat("x", 10_000))) {
      lives.note(Strings.repeat("t", 10_000), Duration.ZERO, fresh(thread), null, T1);

      assertThat(lives.all().get(0).name()).hasLength(200);
      assertThat(lives.all().get(0).test().orElse("")).hasLength(200);
    }
  }

  private static List<LiveThread> fresh(BlockedThread... threads) {
    return ImmutableList.copyOf(threads).stream()
        .map(thread -> LiveThread.of(thread.thread()))
        .toList();
  }

  private static List<LiveThread> systemThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() != null)
        .filter(thread -> thread.getThreadGroup().getName().equals("system"))
        .map(LiveThread::of)
        .toList();
  }

  private static ThreadSample sample(BlockedThread thread) {
    return LeakVerifier.find(LeakVerifier.maxWait(Duration.ZERO)).threads().stream()
        .filter(each -> each.id() == thread.thread().getId())
        .findFirst()
        .orElseThrow();
  }
}
