package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Threads that differ in anything that a rule uses are judged one by one. */
public class LookTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String[] FRAMES = {
    "java.base/java.util.concurrent.CountDownLatch.await:230", "com.acme.Task.run:7"
  };
  private static final String[] IDLE_WORKER = {
    "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
    "java.base/java.lang.Thread.run:840"
  };

  private static final ThreadHolder HOLDER =
      new ThreadHolder(
          "static com.acme.Shop.pool (ThreadPoolExecutor)",
          Optional.of("Shop.pool"),
          "ThreadPoolExecutor");

  @DataProvider
  Object[][] pairs() {
    ThreadSample thread = waiting("t1");
    ThreadSample running = Samples.of("t1", Thread.State.RUNNABLE, "com.acme.Task.run:7");
    return new Object[][] {
      {"frames", of(thread), of(Samples.of("t1", Thread.State.WAITING, "com.acme.Job.run:7"))},
      {
        "line",
        of(thread),
        of(Samples.of("t1", Thread.State.WAITING, FRAMES[0], "com.acme.Task.run:8"))
      },
      {"name", of(thread), of(waiting("u1"))},
      {"number", of(waiting("RxNewThreadScheduler-1")), of(waiting("RxNewThreadScheduler-a1"))},
      {"library", of(waiting("H2-save")), of(waiting("H3-save"))},
      {"state", of(running), of(Samples.of("t1", Thread.State.BLOCKED, "com.acme.Task.run:7"))},
      {"class", of(thread), of(sample(new Thread("t1") {}, Optional.empty(), FRAMES))},
      {"daemon", of(httpWorker(true)), of(httpWorker(false))},
      {"origin", of(thread), of(sample(new Thread("t1"), Optional.of(origin()), FRAMES))},
      {"virtual", of(thread), of(virtual(""))},
      {"owner", of(virtual("")), of(virtual("com.acme.Pool@1"))},
      {"interruption", of(thread), of(Samples.interrupted(waiting("t1")))},
      {"holder", of(idle(Optional.empty())), of(idle(Optional.of(HOLDER)))},
      {"lock", of(thread), of(blocked(new Thread("t1"), new Thread("u")))},
      {"holders", of(thread), held(waiting("t1"), waiting("holder"))},
      {"deadlock", of(thread), held(thread, thread)},
      {"awaited", of(thread), awaiting(waiting("t1"), "other")},
      {"movement", of(running), watched(running, new Watched(SECOND, 2, 0, true, cpu(0)))},
      {"cpu", watched(running, 2, 0, cpu(0)), watched(running, 2, 0, cpu(900))},
      {"steadiness", watched(running, 3, 1, cpu(100)), watched(running, 3, 3, cpu(100))},
      {"measurement", watched(running, 2, 2, cpu(0)), watched(running, 2, 2, Optional.empty())},
    };
  }

  @Test(dataProvider = "pairs")
  public void differs(String what, Observation one, Observation other) {
    assertThat(Look.of(one)).isNotEqualTo(Look.of(other));
  }

  @Test(dataProvider = "pairs")
  public void leavesTheVerdictAsItIsAlone(String what, Observation one, Observation other) {
    assertThat(keys(one, other)).containsExactlyElementsIn(alone(one, other));
  }

  @Test
  public void leavesTheVerdictOfManyAsItIsAlone() {
    Observation[] all =
        Arrays.stream(pairs())
            .flatMap(pair -> Arrays.stream(pair, 1, 3))
            .toArray(Observation[]::new);

    assertThat(keys(all)).containsExactlyElementsIn(alone(all));
  }

  @Test
  public void doesNotDependOnWhatIsOnlyTold() {
    assertThat(Look.of(of(waiting("t12")))).isEqualTo(Look.of(of(waiting("t7"))));
    assertThat(Look.of(watched(waiting("t1"), 2, 2, cpu(800))))
        .isEqualTo(Look.of(watched(waiting("t2"), 3, 3, cpu(900))));
  }

  @Test
  public void tellsOfAGroupWhatTheFirstWasLike() {
    Observation later = watched(waiting("t2"), 2, 2, cpu(800));
    Observation first = watched(Samples.of("t1", Thread.State.WAITING, FRAMES), 2, 2, cpu(900));
    List<Observation> seen =
        first.thread().id() < later.thread().id()
            ? ImmutableList.of(later, first)
            : ImmutableList.of(first, later);

    LeakGroup group = LeakGroup.of(seen).get(0);

    assertThat(group.threads()).containsExactly(later.thread(), first.thread()).inOrder();
    assertThat(group.diagnosis()).isEqualTo(Diagnoses.of(later));
  }

  /** The key of each thread's group. */
  private static List<LeakGroup.Key> keys(Observation... seen) {
    return LeakGroup.of(Arrays.asList(seen)).stream()
        .flatMap(group -> Collections.nCopies(group.threads().size(), group.key()).stream())
        .toList();
  }

  private static List<LeakGroup.Key> alone(Observation... seen) {
    return Arrays.stream(seen).flatMap(each -> keys(each).stream()).toList();
  }

  private static Observation of(ThreadSample thread) {
    return Observation.of(thread);
  }

  private static ThreadSample waiting(String name) {
    return Samples.of(name, Thread.State.WAITING, FRAMES);
  }

  private static ThreadSample idle(Optional<ThreadHolder> holder) {
    return sample(new Thread("t1"), Optional.empty(), IDLE_WORKER).toBuilder()
        .holder(holder)
        .build();
  }

  private static ThreadSample httpWorker(boolean daemon) {
    Thread thread = new Thread("HttpClient-1-Worker-1");
    thread.setDaemon(daemon);
    return sample(thread, Optional.empty(), IDLE_WORKER);
  }

  private static ThreadSample sample(
      Thread thread, Optional<ThreadOrigin> origin, String... frames) {
    return Samples.of(thread, origin, Thread.State.WAITING, frames);
  }

  private static ThreadSample virtual(String owner) {
    return Samples.virtual(7, "t1", owner, Thread.State.WAITING, FRAMES);
  }

  private static ThreadSample blocked(Thread thread, Thread holder) {
    return Samples.blocked(thread, holder, FRAMES);
  }

  private static ThreadOrigin origin() {
    return new ThreadOrigin(
        1, "main", List.of(Samples.frame("com.acme.Pool.submit:52")), Optional.empty());
  }

  private static Observation held(ThreadSample thread, ThreadSample holder) {
    return new Observation(thread, Watched.ONCE, List.of(holder), Optional.empty());
  }

  private static Observation awaiting(ThreadSample thread, String awaited) {
    return new Observation(thread, Watched.ONCE, List.of(), Optional.of(awaited));
  }

  private static Observation watched(
      ThreadSample thread, int looks, int running, Optional<Duration> cpu) {
    return watched(thread, new Watched(SECOND, looks, running, /* moved= */ false, cpu));
  }

  private static Observation watched(ThreadSample thread, Watched watched) {
    return new Observation(thread, watched, List.of(), Optional.empty());
  }

  private static Optional<Duration> cpu(long millis) {
    return Optional.of(Duration.ofMillis(millis));
  }
}
