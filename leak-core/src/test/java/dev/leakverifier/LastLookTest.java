package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.blame.FakeOrigins;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.Naps;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** Threads that end after the last sample of them was taken, while the report is made. */
public class LastLookTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  private final Deque<BlockedThread> ending = new ArrayDeque<>();

  @AfterMethod
  public void endAll() {
    ending.forEach(BlockedThread::close);
    ending.clear();
  }

  @Test
  public void isNoLeakWhatEndsWhileItsStarterIsFoundOut() {
    LeakScope scope = new LeakScope(check(endsWhenAsked()), LeakOption.settings(AT_ONCE));
    ending.add(BlockedThread.start("ending"));

    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
    scope.close();
  }

  @Test
  public void reportsWhatIsLeftAsIfThereWereNothingElse() {
    LeakScope scope = new LeakScope(check(endsWhenAsked()), LeakOption.settings(AT_ONCE));
    try (BlockedThread staying = BlockedThread.start("staying")) {
      ending.add(BlockedThread.start("ending"));
      LeakReport report = scope.check();

      assertThat(names(report)).containsExactly("staying");
      assertThat(report.groups()).hasSize(1);
      assertThat(report.groups().get(0).threads()).isEqualTo(report.threads());
      assertThat(report.toString()).startsWith("1 thread leaked");
      assertThat(report.toJson()).doesNotContain("\"ending\"");
      assertThat(report.toError().getSuppressed()).hasLength(1);
    }
  }

  @Test
  public void isNoLeakForAWatchEither() {
    LeakWatch<Named> watch =
        new LeakWatch<>(check(endsWhenAsked()), new Timeline(new FakeOrigins()), List.of(AT_ONCE));
    try (BlockedThread staying = BlockedThread.start("staying")) {
      watch.appearedIn(new Named("first"));
      ending.add(BlockedThread.start("ending"));
      watch.appearedIn(new Named("second"));
      List<LeakWatch.Leak<Named>> leaks = watch.judge(any -> true);

      assertThat(leaks).hasSize(1);
      assertThat(leaks.get(0).window().describe()).isEqualTo("first");
      assertThat(names(leaks.get(0).report())).containsExactly("staying");
      assertThat(watch.isClean()).isTrue();
    }
  }

  @Test
  public void looksTenTimesAtMostWhereThreadsEndAllTheTime() {
    LeakScope scope = new LeakScope(check(new OneEndsPerListing()), LeakOption.settings(AT_ONCE));
    for (int i = 0; i < 20; i++) {
      ending.add(BlockedThread.start("ending"));
    }
    assertThat(scope.check().threads()).hasSize(20 - 1 - 10); // one ended when they were listed
  }

  @Test
  public void saysOnDebugWhatWasLate() throws Exception {
    ForkedJvm.Ended ended =
        ForkedJvm.run(
            ClassPath.ofTests(),
            List.of("-Dorg.slf4j.simpleLogger.log.dev.leakverifier=debug"),
            EndsLate.class);

    assertThat(ended.out()).isEqualTo("passed");
    assertThat(ended.err())
        .contains(
            "DEBUG dev.leakverifier.LastLook - 1 of 1 threads have ended while their report was"
                + " made, and are no leak: [late]");
  }

  static final class EndsLate {
    public static void main(String[] args) {
      BlockedThread late = BlockedThread.start("late");
      LeakVerifier.verifyNone(
          AT_ONCE,
          LeakVerifier.ignoreFunc(
              thread -> {
                if (thread.name().equals("late")) {
                  late.close();
                }
                return false;
              }));
      System.out.print("passed");
    }
  }

  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of());
    }
  }

  private static Check check(ThreadSource threads) {
    return new Check(threads, System::nanoTime, new Naps(), () -> {});
  }

  private ThreadSource endsWhenAsked() {
    return LiveThreads.withOrigins(
        id -> {
          ending.forEach(BlockedThread::close);
          return Optional.<ThreadOrigin>empty();
        });
  }

  private final class OneEndsPerListing implements ThreadSource {
    @Override
    public ThreadListing list() {
      if (!ending.isEmpty()) {
        ending.remove().close();
      }
      return LiveThreads.JVM.list();
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      return LiveThreads.JVM.sample(threads);
    }
  }

  private static List<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).toList();
  }
}
