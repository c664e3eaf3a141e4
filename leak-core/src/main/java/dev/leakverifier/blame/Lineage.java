package dev.leakverifier.blame;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * From which threads a thread descends, and so which test has started it.
 *
 * <p>A starter that no note has seen started and ended between the same two notes as what it
 * started. Where an origin is missing, the line of starters that leads to the thread goes back to a
 * test that ran in the last note, or has a thread in the one before: these are all that may have
 * started it.
 */
final class Lineage {
  private final Origins origins;
  private final Sightings sightings;
  private final Stretches stretches;

  Lineage(Origins origins, Sightings sightings, Stretches stretches) {
    this.origins = origins;
    this.sightings = sightings;
    this.stretches = stretches;
  }

  /**
   * Whom to blame for a thread: one test if that can be told, else all that may have started it.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself
   * @return empty if it was a test that nobody follows
   */
  Optional<List<Stretch>> blameFor(
      long threadId, Optional<ThreadOrigin> origin, LongPredicate isLeaked) {
    return blameFor(threadId, origin, isLeaked, new HashSet<>());
  }

  /**
   * Whom to blame for a thread.
   *
   * @param asked threads of which it is being asked already
   */
  private Optional<List<Stretch>> blameFor(
      long threadId, Optional<ThreadOrigin> origin, LongPredicate isLeaked, Set<Long> asked) {
    long note = sightings.noteOf(threadId);
    List<StackTraceElement> frames = new ArrayList<>();
    Optional<ThreadOrigin> next = origin;
    long first = threadId; // the first of the line, as far as it is known
    while (next.isPresent()) {
      ThreadOrigin starter = next.get();
      frames.addAll(starter.frames());
      Optional<Stretch> stretch = stretches.of(starter, note);
      if (stretch.isPresent()) {
        return Optional.of(List.of(stretch.get()));
      }
      if (isOfCommonPool(starter)) { // anybody's task may have started the thread
        return Optional.of(byCode(stretches.openAt(note), frames));
      }
      if (isTest(starter)) { // on a thread that runs tests, but this one is not followed itself
        return Optional.of(codeOf(stretches.openAt(note), starter.frames()))
            .filter(candidates -> !candidates.isEmpty());
      }
      if (sightings.noteOf(starter.starterId()) < note) {
        return blameForChildOf(starter, note, isLeaked, asked);
      }
      first = starter.starterId();
      next = starter.starterOrigin();
    }
    return Optional.of(
        byCode(
            isLost(first) ? mayHaveStarted(note, isLeaked, asked) : stretches.openAt(note),
            frames));
  }

  /**
   * Whom to blame for what an older thread has started: the test that started that one, if it still
   * ran, or if the thread is leaked itself, or runs nothing but what it was made for. The worker of
   * a pool may have done so for another test.
   */
  private Optional<List<Stretch>> blameForChildOf(
      ThreadOrigin starter, long note, LongPredicate isLeaked, Set<Long> asked) {
    Optional<List<Stretch>> own =
        blameFor(starter.starterId(), starter.starterOrigin(), isLeaked, asked);
    boolean worksForOthers = starter.frames().stream().anyMatch(Lineage::isOfPool);
    if (!worksForOthers || isLeaked.test(starter.starterId())) {
      return own;
    }
    List<Stretch> running = stretches.openAt(note);
    boolean ownRuns =
        own.filter(o -> o.size() == 1).filter(o -> o.get(0).contains(note)).isPresent();
    Set<Stretch> all = new LinkedHashSet<>(running);
    own.ifPresent(all::addAll);
    List<Stretch> candidates = byCode(List.copyOf(all), starter.frames());
    if (candidates.size() == 1 || !ownRuns) {
      return Optional.of(candidates);
    }
    return running.size() == 1 ? Optional.of(running) : own; // that one may run within its own
  }

  /** Whether it is by accident that nobody knows who started a thread. */
  private boolean isLost(long threadId) {
    return origins.areRecorded() && !sightings.isVirtual(threadId);
  }

  /**
   * All tests that may have started a thread of which nobody knows who did: those that ran when it
   * was first seen, and those of which a thread lived on until then.
   */
  private List<Stretch> mayHaveStarted(long note, LongPredicate isLeaked, Set<Long> asked) {
    Set<Stretch> candidates = new LinkedHashSet<>(stretches.openAt(note));
    for (long id : sightings.livedBefore(note)) { // the oldest first: others then need not ask on
      if (!stretches.haveRunOn(id) && asked.add(id)) {
        blameFor(id, origins.readOf(id), isLeaked, asked).ifPresent(candidates::addAll);
      }
    }
    return List.copyOf(candidates);
  }

  /**
   * A thread, those that led to it, and where these are not known, those that may have.
   *
   * @param kept to which they are added; of those that are in it already, it is not asked again
   */
  void addLine(long threadId, Optional<ThreadOrigin> origin, Set<Long> kept) {
    Deque<Long> lines = new ArrayDeque<>(); // not by recursion: it may be long
    lines.push(threadId);
    while (!lines.isEmpty()) {
      long first = lines.pop();
      boolean isNew = kept.add(first);
      long note = sightings.noteOf(first);
      Optional<ThreadOrigin> next = first == threadId ? origin : origins.readOf(first);
      while (isNew && next.isPresent()) {
        first = next.get().starterId();
        isNew = kept.add(first);
        note = Math.min(note, sightings.noteOf(first));
        next = next.get().starterOrigin();
      }
      if (isNew && isLost(first)) {
        sightings.livedBefore(note).stream()
            .filter(id -> !stretches.haveRunOn(id))
            .forEach(lines::push);
      }
    }
  }

  /** The one of {@code candidates} whose code is on the stack of a starter, or else all. */
  private static List<Stretch> byCode(
      List<Stretch> candidates, List<StackTraceElement> starterFrames) {
    List<Stretch> running = codeOf(candidates, starterFrames);
    return running.size() == 1 ? running : candidates;
  }

  /** Those of {@code candidates} whose code is among the {@code frames} of a starter. */
  private static List<Stretch> codeOf(List<Stretch> candidates, List<StackTraceElement> frames) {
    return candidates.stream()
        .filter(candidate -> frames.stream().anyMatch(candidate.window()::isCodeOf))
        .toList();
  }

  /** Whether the starter is a runner that has called a test. */
  private static boolean isTest(ThreadOrigin starter) {
    return starter.isInvoked()
        && starter.frames().stream()
            .map(StackTraceElement::getClassName)
            .anyMatch(name -> name.startsWith("org.junit.") || name.startsWith("org.testng."));
  }

  private static boolean isOfPool(StackTraceElement frame) {
    return StackFrames.isJdk(frame)
        && (frame.getClassName().startsWith("java.util.concurrent.ThreadPoolExecutor")
            || frame.getClassName().startsWith("java.util.concurrent.ForkJoin")
            || frame.getClassName().startsWith("java.util.TimerThread"));
  }

  private static boolean isOfCommonPool(ThreadOrigin starter) {
    return starter.starterName().startsWith("ForkJoinPool.commonPool-worker-");
  }
}
