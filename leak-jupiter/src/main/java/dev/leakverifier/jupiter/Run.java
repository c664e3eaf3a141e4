package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Follows one run of Jupiter's engine: notes whose threads are new, and asks for the verdict on
 * them when a place is over. What is known only when all its places are over fails the engine.
 */
@SuppressWarnings("deprecation") // before JUnit 5.13, what is only AutoCloseable is not closed
final class Run implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private static final Log LOG = Log.of(LeakVerifierExtension.class);

  private final LeakConfiguration configuration;
  private final Teardowns teardowns;
  private final @Nullable LeakWatch<Window> watch;
  private final Failures failures = new Failures();

  /** What each thread has begun and not ended, the innermost first. */
  private final Map<Long, Deque<Window>> open = new ConcurrentHashMap<>();

  /** Threads that have left what they have begun last, for what they will begin next. */
  private final Set<Long> turning = ConcurrentHashMap.newKeySet();

  private volatile boolean failed;

  private Run(ExtensionContext context) {
    this.configuration = ConfigurationParameters.read(context);
    this.teardowns = new Teardowns(context);
    this.watch =
        configuration.isEnabled()
            ? LeakWatch.start(IgnoreLine.Place.PROPERTY, configuration, List.of())
            : null;
    if (watch != null) {
      LOG.info("the run is checked for leaked threads; settings: {}", configuration);
    }
  }

  /** The run that {@code context} is part of. */
  static Run of(ExtensionContext.Store ofRoot, ExtensionContext context) {
    return requireNonNull(
        ofRoot.getOrComputeIfAbsent(Run.class, first -> new Run(context), Run.class));
  }

  LeakConfiguration configuration() {
    return configuration;
  }

  /** The level that is asked for; empty for the widest teardown that may stop a thread. */
  Optional<LeakLevel> asked() {
    return configuration.levels().isEmpty()
        ? Optional.empty()
        : Optional.of(Collections.min(configuration.levels()));
  }

  LeakLevel widestTeardown(ExtensionContext context) {
    return teardowns.widest(context);
  }

  /** Notes that something has failed by itself. */
  void failed(Throwable thrown) {
    failed |= !(thrown instanceof TestAbortedException);
  }

  /** Notes that {@code window} begins on this thread. */
  void begin(Window window) {
    if (watch != null) {
      turnTo(window.place());
      turning.remove(LeakWatch.currentThread());
      openHere().push(window);
      watch.opened(window);
    }
  }

  /**
   * Notes that something of {@code place} will begin on this thread: threads that are new belong to
   * what was open until now. That is over, unless it is a test or a fixture, and this is no part of
   * it: the worker of a fork-join pool runs others while it waits for a task.
   */
  void turnTo(Place place) {
    if (watch == null || !turning.add(LeakWatch.currentThread())) {
      return;
    }
    Window last = openHere().peek();
    if (last != null && last.goesOnAfter(place)) {
      watch.interrupted(last);
    } else if (last != null) {
      end(last);
    }
  }

  /** Notes that {@code window} is over: threads that are new belong to it. */
  void end(Window window) {
    if (watch != null) {
      openHere().remove(window);
      try {
        watch.appearedIn(window);
      } catch (RuntimeException | Error e) { // a bad value in @IgnoreLeaks
        fail(Optional.of(window.place()), e);
      }
    }
  }

  /** What is open on this thread, the innermost first. */
  Deque<Window> openHere() {
    return open.computeIfAbsent(LeakWatch.currentThread(), thread -> new ArrayDeque<>());
  }

  /** Has those windows judged that are over now that {@code place} is; null if the run is. */
  void judge(Predicate<Window> isOver, @Nullable Place place) {
    if (watch != null) {
      try {
        watch
            .judge(isOver)
            .forEach(leak -> fail(leak.window().judgedAt(), leak.report().toError()));
      } catch (RuntimeException | Error e) { // a predicate, @IgnoreLeaks
        fail(Optional.ofNullable(place), e);
      }
    }
  }

  /** Fails {@code place}, or if it is over, the nearest one around it that is not. */
  private void fail(Optional<Place> place, Throwable failure) {
    Optional<Place> next = place;
    while (next.isPresent() && !next.get().failures().add(failure)) {
      next = next.get().parent();
    }
    if (next.isEmpty()) {
      failures.add(failure);
    }
  }

  @Override
  public void close() {
    LeakWatch<Window> ended = watch;
    if (ended == null) {
      return;
    }
    if (failed && asked().filter(LeakLevel.SUITE::equals).isPresent() && !ended.runsOnFailure()) {
      LOG.warn(
          "not checked for leaked threads, since tests failed; leak.runOnFailure=true checks all the"
              + " same");
    } else {
      judge(any -> true, null);
    }
    ended.close();
    failures.throwAll();
  }
}
