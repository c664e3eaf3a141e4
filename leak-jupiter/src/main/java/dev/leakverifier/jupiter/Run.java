package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** What each thread has begun last, and not ended. */
  private final Map<Long, Window> open = new ConcurrentHashMap<>();

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

  /** Notes that {@code window} begins on this thread, and that what was open there is over. */
  void begin(Window window) {
    if (watch != null) {
      endOpen();
      open.put(LeakWatch.currentThread(), window);
      watch.opened(window);
    }
  }

  /** Notes that what is open on this thread is over: threads that are new belong to it. */
  void endOpen() {
    Window window = open.remove(LeakWatch.currentThread());
    if (watch != null && window != null) {
      end(window);
    }
  }

  /** Notes that {@code window} is over: threads that are new belong to it. */
  void end(Window window) {
    if (watch != null) {
      open.remove(LeakWatch.currentThread(), window);
      try {
        watch.appearedIn(window);
      } catch (RuntimeException | Error e) { // a bad value in @IgnoreLeaks
        fail(Optional.of(window.place()), e);
      }
    }
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
