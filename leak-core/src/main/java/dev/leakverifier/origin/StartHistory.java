package dev.leakverifier.origin;

import static java.util.stream.Collectors.toSet;

import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The starts of the threads that live, and of those that led to them. What belongs to threads that
 * have ended otherwise is dropped as it grows, so memory follows the number of live threads. Equal
 * stacks are kept once.
 */
final class StartHistory {
  /** How far starters are followed: a thread that starts the next and ends can go on forever. */
  static final int MAX_GENERATIONS = 1_000;

  /** How many more than the last time that starts were dropped. */
  static final int MAX_GROWTH = 10_000;

  private final Map<Long, ThreadStart> starts = new HashMap<>();

  /** Each stack once: pools start their threads all from the same place. */
  private final Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();

  private int sizeAfterDrop;

  /**
   * Adds what was recorded since the last time.
   *
   * @param live gives the ids of the threads that live now; asked only when something is dropped
   */
  void add(List<ThreadStart> recorded, Supplier<Set<Long>> live) {
    for (ThreadStart start : recorded) {
      starts.put(
          start.threadId(),
          new ThreadStart(
              start.threadId(),
              start.starterId(),
              start.starterName(),
              stacks.computeIfAbsent(start.frames(), frames -> frames)));
    }
    if (starts.size() - sizeAfterDrop > MAX_GROWTH) {
      drop(recorded, live.get());
      sizeAfterDrop = starts.size();
    }
  }

  boolean contains(long threadId) {
    return starts.containsKey(threadId);
  }

  int size() {
    return starts.size();
  }

  Optional<ThreadOrigin> originOf(long threadId) {
    Deque<ThreadStart> line = new ArrayDeque<>(); // not by recursion: it may be long
    ThreadStart start = starts.get(threadId);
    while (start != null && line.size() < MAX_GENERATIONS) {
      line.push(start);
      start = starts.get(start.starterId());
    }
    Optional<ThreadOrigin> origin = Optional.empty();
    for (ThreadStart generation : line) {
      origin =
          Optional.of(
              new ThreadOrigin(
                  generation.starterId(), generation.starterName(), generation.frames(), origin));
    }
    return origin;
  }

  /** The latest are kept: a thread that they started may be so new that it is not recorded yet. */
  private void drop(List<ThreadStart> latest, Set<Long> live) {
    Set<Long> kept = new HashSet<>();
    latest.forEach(start -> keepLine(start.threadId(), kept));
    live.forEach(id -> keepLine(id, kept));
    starts.keySet().retainAll(kept);
    stacks.keySet().retainAll(starts.values().stream().map(ThreadStart::frames).collect(toSet()));
  }

  private void keepLine(long threadId, Set<Long> kept) {
    ThreadStart start = starts.get(threadId);
    for (int i = 0; start != null && i < MAX_GENERATIONS && kept.add(start.threadId()); i++) {
      start = starts.get(start.starterId());
    }
  }
}
