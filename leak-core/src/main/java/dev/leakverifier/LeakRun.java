package dev.leakverifier;

import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run of tests that is watched as its settings say, or not at all. For adapters to test
 * frameworks that tell when something begins, and not always when what came before is over.
 *
 * <p>A thread runs one window after the other, and at times one upon the other: the worker of a
 * fork-join pool runs another test while its own waits for a task. Thread-safe.
 */
public final class LeakRun<W extends LeakRun.Window<W>> {
  private final Log log;
  private final LeakConfiguration configuration;
  private final @Nullable LeakWatch<W> watch;

  /** What each thread has begun and not ended, the innermost first. */
  private final Map<Long, Deque<W>> open = new ConcurrentHashMap<>();

  /** Threads that have left what they began last, for what they will begin next. */
  private final Set<Long> turning = ConcurrentHashMap.newKeySet();

  private volatile boolean failed;

  /** A test, a fixture, or what is around them, up to the run. */
  public interface Window<W> extends LeakWatch.Window {
    /** Whether it is {@code other}, or a part of it. */
    boolean isWithin(W other);

    /** Whether it goes on when its thread is done with {@code next}; else it is over before. */
    boolean goesOnAfter(W next);

    /** Which teardowns are over when it is. */
    LeakLevel level();

    /** Whether what was started in it may be stopped yet when {@code last}, around it, is over. */
    boolean mayBeStoppedAfter(W last);

    /** Has it fail for a leak, or for what went wrong, such as a bad value in an annotation. */
    void fail(Throwable failure);
  }

  /** What runs in a window. */
  public interface Code {
    /** Runs it. */
    void run() throws Throwable;
  }

  /**
   * Starts to watch, unless {@code configuration} says that nothing is to be checked.
   *
   * @param adapter what it logs as
   */
  public LeakRun(Class<?> adapter, LeakConfiguration configuration) {
    this.log = Log.of(adapter);
    this.configuration = configuration;
    if (configuration.isEnabled()) {
      log.info("the run is checked for leaked threads; settings: {}", configuration);
      this.watch = LeakWatch.start(IgnoreLine.Place.PROPERTY, configuration, List.of());
    } else {
      this.watch = null;
    }
  }

  /**
   * What holds for a window: what holds around it, the options that it has in code, and, stronger,
   * the settings. Empty if nothing is to be checked.
   *
   * @param method null for the class as a whole
   */
  public Optional<List<LeakOption>> options(
      Optional<List<LeakOption>> around,
      List<LeakOption> inCode,
      Class<?> testClass,
      @Nullable Method method) {
    return around.flatMap(
        outer ->
            configuration
                .optionsFor(testClass, method)
                .map(here -> Stream.of(outer, inCode, here).flatMap(List::stream).toList()));
  }

  /** Notes that {@code window} begins on this thread. */
  public void begin(W window) {
    if (watch != null) {
      turnTo(window);
      turning.remove(LeakWatch.currentThread());
      openHere().push(window);
      watch.opened(window);
    }
  }

  /**
   * Notes that {@code window}, or something within it, will begin on this thread: threads that are
   * new belong to what was open until now.
   */
  public void turnTo(W window) {
    W last = openHere().peek();
    if (watch == null || !turning.add(LeakWatch.currentThread()) || last == null) {
      return;
    }
    if (last.goesOnAfter(window)) {
      watch.interrupted(last);
    } else {
      end(last);
    }
  }

  /** Notes that {@code window} is over: threads that are new belong to it. */
  public void end(W window) {
    if (watch != null) {
      openHere().remove(window);
      try {
        watch.appearedIn(window);
      } catch (RuntimeException | Error e) { // a bad value in @IgnoreLeaks
        window.fail(e);
      }
    }
  }

  /** Runs {@code code} as {@code window}; if {@code around} is open, it goes on after that. */
  public void run(W window, W around, Code code) throws Throwable {
    boolean goesOn = openHere().peek() == around;
    begin(window);
    try {
      code.run();
    } finally {
      end(window);
      if (goesOn) {
        begin(around);
      }
    }
  }

  private Deque<W> openHere() {
    return open.computeIfAbsent(LeakWatch.currentThread(), thread -> new ArrayDeque<>());
  }

  /** Notes that a test has failed by itself. */
  public void failed() {
    failed = true;
  }

  /**
   * Notes that {@code window} is over, and has judged, and fail it, what was started within it and
   * nothing can stop any more; or what {@code leak.scope} says.
   */
  public void close(W window) {
    end(window);
    judge(
        window,
        threads -> threads.judge(started -> started.isWithin(window) && isDue(started, window)));
  }

  private boolean isDue(W started, W last) {
    Set<LeakLevel> asked = configuration.levels();
    return asked.isEmpty()
        ? !started.mayBeStoppedAfter(last)
        : last.level().compareTo(Collections.min(asked)) >= 0;
  }

  private void judge(W last, Function<LeakWatch<W>, List<LeakWatch.Leak<W>>> verdict) {
    if (watch != null) {
      try {
        verdict.apply(watch).forEach(leak -> last.fail(leak.report().toError()));
      } catch (RuntimeException | Error e) { // a predicate, @IgnoreLeaks
        last.fail(e);
      }
    }
  }

  /**
   * Ends the run, which fails for the rest. With {@code leak.scope=suite}, that is only judged
   * after tests that have failed if {@code leak.runOnFailure} says so.
   */
  public void closeAll(W root) {
    if (watch == null) {
      return;
    }
    boolean afterSuccess = configuration.levels().equals(Set.of(LeakLevel.SUITE));
    if (failed && afterSuccess && !watch.runsOnFailure()) {
      log.warn(
          "not checked for leaked threads, since tests failed; leak.runOnFailure=true checks all"
              + " the same");
    } else {
      judge(root, LeakWatch::judgeAll);
    }
    watch.close();
  }
}
