package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.base.Ticker;
import com.google.common.collect.Collections2;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.leakverifier.thread.LiveThreads;
import dev.leakverifier.thread.ThreadSample;
import dev.leakverifier.thread.ThreadSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check itself: list cheaply, subtract, read the stacks of what is left, wait until none is
 * left or patience is spent.
 */
final class LeakCheck {
  private static final Logger LOG = LoggerFactory.getLogger(LeakCheck.class);

  static final LeakCheck JVM = new LeakCheck(LiveThreads.JVM, Ticker.systemTicker(), Pause.JOINING);

  private final ThreadSource source;
  private final Ticker ticker;
  private final Pause pause;

  LeakCheck(ThreadSource source, Ticker ticker, Pause pause) {
    this.source = source;
    this.ticker = ticker;
    this.pause = pause;
  }

  /** A thread that may be leaked, and the settings that it is judged by. */
  record Suspect(Thread thread, LeakSettings settings) {
    long id() {
      return LiveThreads.id(thread);
    }
  }

  /** What was left in the end, and how long it was waited for. */
  record Outcome(ImmutableList<ThreadSample> leaked, Duration waited) {}

  /** Every live platform thread; reads no stack. */
  Thread[] list() {
    return source.list();
  }

  LeakReport run(Baseline baseline, LeakSettings settings) {
    Thread current = Thread.currentThread();
    ImmutableList<Suspect> suspects =
        baseline.newAmong(list()).stream()
            .filter(thread -> thread != current)
            .map(thread -> new Suspect(thread, settings))
            .collect(toImmutableList());
    Outcome outcome = settle(suspects, settings.maxWait());
    return new LeakReport(null, outcome.leaked(), outcome.waited());
  }

  /** Waits until every suspect has ended or is excused, or {@code maxWait} is over. */
  Outcome settle(List<Suspect> suspects, Duration maxWait) {
    if (suspects.isEmpty()) {
      return new Outcome(ImmutableList.of(), Duration.ZERO);
    }
    Map<Long, Suspect> left = Maps.uniqueIndex(suspects, Suspect::id);
    ImmutableMap<Long, ThreadSample> unexcused = unexcused(left);
    long start = ticker.read(); // patience is for waiting: a slow first look does not use it up
    long patience = NANOSECONDS.convert(maxWait);
    long waited = 0;
    boolean interrupted = false;
    for (int attempt = 0; !unexcused.isEmpty() && waited < patience && !interrupted; attempt++) {
      left = ImmutableMap.copyOf(Maps.filterKeys(left, unexcused::containsKey));
      try {
        pause.untilEnded(
            Collections2.transform(left.values(), Suspect::thread),
            Math.min(Pause.nanosBeforeNextLook(attempt), patience - waited));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      unexcused = unexcused(left);
      waited = ticker.read() - start;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    LOG.debug("{} of {} new threads left after {} ns", unexcused.size(), suspects.size(), waited);
    return new Outcome(unexcused.values().asList(), Duration.ofNanos(waited));
  }

  /** What those {@code suspects} look like that are alive and that their settings do not excuse. */
  private ImmutableMap<Long, ThreadSample> unexcused(Map<Long, Suspect> suspects) {
    List<Thread> threads = suspects.values().stream().map(Suspect::thread).toList();
    return source.sample(threads).stream()
        .filter(sample -> !requireNonNull(suspects.get(sample.id())).settings().excuses(sample))
        .collect(toImmutableMap(ThreadSample::id, sample -> sample));
  }
}
