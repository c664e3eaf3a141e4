package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.LiveThreads;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * When each thread of the JVM was first seen, and which test or fixture ran then on which thread:
 * this and the origin of a thread tell who is to blame for it.
 *
 * <p>Time is counted in notes. A note is a listing of all threads, and one is taken whenever a test
 * or fixture ends. A thread that was started before the note is in its listing, as soon as {@link
 * Thread#start} returns; so what a runner's thread has started itself is told exactly, where clocks
 * could not: the flight recorder dates a start when the new thread comes to run, which may be after
 * the test is over. A starter that no note has seen started and ended between the same two notes as
 * what it started.
 */
final class Timeline {
  static final Timeline JVM = new Timeline(OriginRecorder.JVM::originOf);

  /** Old entries are dropped each time there are so many new ones, and no test runs. */
  private static final int GROWTH = 1_000;

  /**
   * So many new entries are too many even while tests run. It is then asked who started the live
   * threads, and what starts at this moment may lose its starter.
   */
  private static final int MAX_GROWTH = 10_000;

  private static final long OPEN = Long.MAX_VALUE;

  private final LongFunction<Optional<ThreadOrigin>> origins;
  private final Map<Long, Long> firstSeen = new HashMap<>();
  private final Map<Long, Long> lastNoteOf = new HashMap<>();
  private final ListMultimap<Long, Stretch> stretches =
      MultimapBuilder.hashKeys().arrayListValues().build();
  private final List<Stretch> open = new ArrayList<>();
  private final List<Interlude> interludes = new ArrayList<>();
  private final Set<Long> askedFor = new HashSet<>();
  private Baseline seen = Baseline.NONE;
  private long now;
  private int sizeAfterDrop;

  Timeline(LongFunction<Optional<ThreadOrigin>> origins) {
    this.origins = origins;
  }

  /**
   * A test or fixture on the thread that runs it. What happened on this thread between two of them
   * belongs to the later one.
   */
  static final class Stretch {
    private final Object owner;
    private final LeakWatch.Window window;
    private final long thread;
    private final long from;
    private final long opened;
    private long to;

    private Stretch(
        Object owner, LeakWatch.Window window, long thread, long from, long opened, long to) {
      this.owner = owner;
      this.window = window;
      this.thread = thread;
      this.from = from;
      this.opened = opened;
      this.to = to;
    }

    /** Who follows this test. */
    Object owner() {
      return owner;
    }

    LeakWatch.Window window() {
      return window;
    }

    private boolean contains(long note) {
      return from < note && note <= to;
    }

    private boolean contains(Stretch other) {
      return this != other && from <= other.from && other.to <= to;
    }
  }

  /**
   * What a runner's thread did while no test was open: it may have made them, or called listeners.
   * Whose code that was, the stack of each start tells.
   */
  private record Interlude(
      Object owner,
      Mark since,
      long to,
      Function<? super List<StackTraceElement>, ? extends Optional<? extends LeakWatch.Window>>
          windowOf) {
    Optional<Stretch> stretchOf(ThreadOrigin start, long note) {
      if (start.starterId() != since.thread() || note <= since.note() || note > to) {
        return Optional.empty();
      }
      return windowOf
          .apply(start.frames())
          .map(window -> new Stretch(owner, window, since.thread(), since.note(), to, to));
    }
  }

  /** An instant on a thread. */
  record Mark(long thread, long note) {}

  /** This instant on this thread. */
  synchronized Mark mark() {
    return new Mark(currentThread(), now);
  }

  /** Takes a note that belongs to no test. */
  synchronized ThreadListing note(Supplier<ThreadListing> listing) {
    ThreadListing live = listing.get();
    now++;
    for (LiveThread thread : seen.newAmong(live)) {
      firstSeen.putIfAbsent(thread.id(), now);
    }
    seen = seen.with(live);
    lastNoteOf.put(currentThread(), now);
    return live;
  }

  /** Says that {@code window} begins on this thread. */
  synchronized void open(Object owner, LeakWatch.Window window) {
    closeOpen(owner);
    long thread = currentThread();
    Stretch stretch =
        new Stretch(owner, window, thread, lastNoteOf.getOrDefault(thread, now), now, OPEN);
    stretches.put(thread, stretch);
    open.add(stretch);
  }

  /** Takes a note, and says that {@code window} ends on this thread, or ended just before. */
  synchronized ThreadListing close(
      Object owner, LeakWatch.Window window, Supplier<ThreadListing> listing) {
    boolean isOpen = open.stream().anyMatch(s -> s.owner == owner && s.window.equals(window));
    if (!isOpen) {
      open(owner, window);
    }
    ThreadListing live = note(listing);
    end(s -> s.owner == owner && s.window.equals(window)); // perhaps on another thread
    closeOpen(owner);
    int growth = size() - sizeAfterDrop;
    if (growth > MAX_GROWTH || (growth > GROWTH && open.isEmpty())) {
      seen = seen.withoutEnded(live);
      drop();
    }
    return live;
  }

  /**
   * Takes a note, and says that what was started since {@code since} on that thread, outside of all
   * tests, belongs to the window that {@code windowOf} tells from the stack of the start.
   */
  synchronized ThreadListing closeInterlude(
      Object owner,
      Mark since,
      Function<? super List<StackTraceElement>, ? extends Optional<? extends LeakWatch.Window>>
          windowOf,
      Supplier<ThreadListing> listing) {
    ThreadListing live = note(listing);
    interludes.add(new Interlude(owner, since, now, windowOf));
    return live;
  }

  /** Says that {@code owner} follows no tests any more. */
  synchronized void closeAll(Object owner) {
    interludes.removeIf(interlude -> interlude.owner() == owner);
    end(stretch -> stretch.owner == owner);
  }

  /** Whether tests have run on this thread: then it is the runner's own. */
  synchronized boolean ranTests(long threadId) {
    return stretches.containsKey(threadId);
  }

  /** Whether nobody has asked yet who started this thread, though that is to be asked. */
  synchronized boolean isUndecided(long threadId) {
    return !isAlone(threadId) && !askedFor.contains(threadId);
  }

  /** The tests that ran when a thread was first seen. */
  synchronized ImmutableList<Stretch> runningAtFirstSightOf(long threadId) {
    return openAt(noteOf(threadId));
  }

  /** Whether not more than one test ran when a thread was first seen. */
  synchronized boolean isAlone(long threadId) {
    return openAt(noteOf(threadId)).size() <= 1;
  }

  /**
   * Which tests may have started a thread: one if that can be told, else all that ran when it was
   * first seen.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself, and so its test has to
   *     answer for all that it started, even later
   * @return empty if it was a test that nobody follows
   */
  Optional<ImmutableList<Stretch>> blameFor(long threadId, LongPredicate isLeaked) {
    Optional<ThreadOrigin> origin = originOf(threadId); // may take a while: not in the lock
    synchronized (this) {
      askedFor.add(threadId);
      return blameFor(threadId, origin, isLeaked);
    }
  }

  /** The tests within which {@code inner} ran, the nearest first. */
  ImmutableSet<Stretch> around(Stretch inner) {
    Set<Stretch> around = new LinkedHashSet<>();
    Optional<Stretch> next = Optional.of(inner);
    while (next.isPresent()) {
      Stretch stretch = next.get();
      synchronized (this) {
        stretches.get(stretch.thread).stream()
            .filter(other -> other.contains(stretch))
            .sorted(Comparator.comparingLong((Stretch other) -> other.from).reversed())
            .forEach(around::add);
      }
      next =
          originOf(stretch.thread)
              .flatMap(known -> blameFor(stretch.thread, id -> false))
              .filter(starters -> starters.size() == 1)
              .map(starters -> starters.get(0))
              .filter(around::add);
    }
    return ImmutableSet.copyOf(around);
  }

  synchronized boolean isOver(Stretch stretch) {
    return stretch.to != OPEN;
  }

  synchronized int size() {
    return firstSeen.size() + stretches.size();
  }

  /** The JVM does not tell who starts a virtual thread, so it is not asked. */
  private Optional<ThreadOrigin> originOf(long threadId) {
    boolean virtual;
    synchronized (this) {
      virtual = seen.virtual().contains(threadId);
    }
    return virtual ? Optional.empty() : origins.apply(threadId);
  }

  private Optional<ImmutableList<Stretch>> blameFor(
      long threadId, Optional<ThreadOrigin> origin, LongPredicate isLeaked) {
    long note = noteOf(threadId);
    ImmutableList.Builder<StackTraceElement> frames = ImmutableList.builder();
    Optional<ThreadOrigin> next = origin;
    while (next.isPresent()) {
      ThreadOrigin starter = next.get();
      frames.addAll(starter.frames());
      Optional<Stretch> stretch = stretchOn(starter, note);
      if (stretch.isPresent()) {
        return Optional.of(ImmutableList.of(stretch.get()));
      }
      if (isOfCommonPool(starter)) { // anybody's task may have started the thread
        break;
      }
      if (isTest(starter)) { // on a thread that runs tests, but this one is not followed itself
        return Optional.of(codeOf(openAt(note), starter.frames()))
            .filter(candidates -> !candidates.isEmpty());
      }
      if (noteOf(starter.starterId()) < note) {
        return blameForChildOf(starter, note, isLeaked);
      }
      next = starter.starterOrigin();
    }
    return Optional.of(openAt(note, frames.build()));
  }

  /**
   * Whom to blame for what an older thread has started: the test that started that one, if it still
   * ran, or if the thread is leaked itself, or runs nothing but what it was made for. The worker of
   * a pool may have done so for another test.
   */
  private Optional<ImmutableList<Stretch>> blameForChildOf(
      ThreadOrigin starter, long note, LongPredicate isLeaked) {
    Optional<ImmutableList<Stretch>> own =
        blameFor(starter.starterId(), starter.starterOrigin(), isLeaked);
    boolean worksForOthers = starter.frames().stream().anyMatch(Timeline::isOfPool);
    if (!worksForOthers || isLeaked.test(starter.starterId())) {
      return own;
    }
    ImmutableList<Stretch> running = openAt(note, starter.frames());
    Optional<Stretch> first = own.filter(o -> o.size() == 1).map(o -> o.get(0));
    if (running.size() == 1 || first.isEmpty()) {
      return Optional.of(running);
    }
    return Optional.of(
        first.get().contains(note)
            ? ImmutableList.of(first.get())
            : ImmutableList.<Stretch>builder().addAll(running).add(first.get()).build());
  }

  private ImmutableList<Stretch> openAt(long note, List<StackTraceElement> starterFrames) {
    ImmutableList<Stretch> candidates = openAt(note);
    ImmutableList<Stretch> running = codeOf(candidates, starterFrames);
    return running.size() == 1 ? running : candidates;
  }

  /** Those of {@code candidates} whose code is among the {@code frames} of a starter. */
  private static ImmutableList<Stretch> codeOf(
      ImmutableList<Stretch> candidates, List<StackTraceElement> frames) {
    return candidates.stream()
        .filter(candidate -> frames.stream().anyMatch(candidate.window::isCodeOf))
        .collect(toImmutableList());
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

  /** The innermost test that ran on a runner's thread then, or else the next that ran there. */
  private Optional<Stretch> stretchOn(ThreadOrigin start, long note) {
    return Stream.concat(
            interludes.stream().flatMap(interlude -> interlude.stretchOf(start, note).stream()),
            stretches.get(start.starterId()).stream().filter(stretch -> stretch.contains(note)))
        .reduce((outer, inner) -> inner.from >= outer.from ? inner : outer);
  }

  /** The innermost test of each thread on which one ran then. */
  private ImmutableList<Stretch> openAt(long note) {
    return stretches.asMap().values().stream()
        .flatMap(
            own ->
                own.stream()
                    .filter(stretch -> stretch.opened < note && note <= stretch.to)
                    .max(Comparator.comparingLong(stretch -> stretch.opened))
                    .stream())
        .collect(toImmutableList());
  }

  private long noteOf(long threadId) {
    return firstSeen.getOrDefault(threadId, OPEN);
  }

  /** A runner's thread runs one test after the other. */
  private void closeOpen(Object owner) {
    long thread = currentThread();
    end(stretch -> stretch.owner == owner && stretch.thread == thread);
  }

  private void end(Predicate<Stretch> which) {
    for (Iterator<Stretch> each = open.iterator(); each.hasNext(); ) {
      Stretch stretch = each.next();
      if (which.test(stretch)) {
        stretch.to = now;
        each.remove();
      }
    }
  }

  /** Drops what cannot matter any more for the threads that live. */
  private void drop() {
    Set<Long> kept = new HashSet<>();
    for (long id : firstSeen.keySet()) {
      if (seen.contains(id) && kept.add(id)) {
        Optional<ThreadOrigin> origin = originOf(id);
        while (origin.isPresent() && kept.add(origin.get().starterId())) {
          origin = origin.get().starterOrigin();
        }
      }
    }
    firstSeen.keySet().retainAll(kept);
    askedFor.removeIf(id -> !seen.contains(id));
    lastNoteOf.keySet().removeIf(id -> !seen.contains(id));
    NavigableSet<Long> notes = new TreeSet<>(firstSeen.values());
    stretches
        .values()
        .removeIf(
            stretch ->
                stretch.to != OPEN
                    && notes.subSet(stretch.from, false, stretch.to, true).isEmpty());
    sizeAfterDrop = size();
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }
}
