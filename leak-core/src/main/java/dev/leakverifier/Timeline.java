package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import dev.leakverifier.thread.LiveThreads;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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
 * what it started. Where an origin is missing, the line of starters that leads to the thread goes
 * back to a test that ran in the last note, or has a thread in the one before: these are all that
 * may have started it.
 */
final class Timeline {
  static final Timeline JVM = new Timeline(Origins.JVM);

  /** Old entries are dropped each time there are so many new ones, and no test runs. */
  private static final int GROWTH = 1_000;

  /**
   * So many new entries are too many even while tests run. It is then asked who started the live
   * threads, and what starts at this moment may lose its starter.
   */
  private static final int MAX_GROWTH = 10_000;

  private static final long OPEN = Long.MAX_VALUE;

  /** When a window was opened that has ended before, on this thread or another. */
  private static final long NOT_RUNNING = Long.MAX_VALUE;

  private final Origins origins;
  private final Sightings sightings = new Sightings();
  private final Map<Long, Long> lastNoteOf = new HashMap<>();
  private final ListMultimap<Long, Stretch> stretches =
      MultimapBuilder.hashKeys().arrayListValues().build();
  private final List<Stretch> open = new ArrayList<>();
  private final List<Interlude> interludes = new ArrayList<>();
  private final Set<Long> askedFor = new HashSet<>();
  private int sizeAfterDrop;

  Timeline(Origins origins) {
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
    return new Mark(currentThread(), sightings.now());
  }

  /** Takes a note that belongs to no test. */
  synchronized ThreadListing note(Supplier<ThreadListing> listing) {
    ThreadListing live = listing.get();
    sightings.note(live);
    lastNoteOf.put(currentThread(), sightings.now());
    return live;
  }

  /** Says that {@code window} begins on this thread. */
  synchronized void open(Object owner, LeakWatch.Window window) {
    open(owner, window, sightings.now());
  }

  private void open(Object owner, LeakWatch.Window window, long opened) {
    closeOpen(owner);
    long thread = currentThread();
    long from = lastNoteOf.getOrDefault(thread, sightings.now());
    Stretch stretch = new Stretch(owner, window, thread, from, opened, OPEN);
    stretches.put(thread, stretch);
    open.add(stretch);
  }

  /** Takes a note, and says that {@code window} ends on this thread, or ended just before. */
  synchronized ThreadListing close(
      Object owner, LeakWatch.Window window, Supplier<ThreadListing> listing) {
    return close(owner, window, sightings.now(), listing);
  }

  /**
   * Takes a note after {@code window} has ended: what this thread itself has started since goes
   * with it, but the window does not run any more.
   */
  synchronized ThreadListing noteAfter(
      Object owner, LeakWatch.Window window, Supplier<ThreadListing> listing) {
    return close(owner, window, NOT_RUNNING, listing);
  }

  private ThreadListing close(
      Object owner, LeakWatch.Window window, long opened, Supplier<ThreadListing> listing) {
    boolean isOpen = open.stream().anyMatch(s -> s.owner == owner && s.window.equals(window));
    if (!isOpen) {
      open(owner, window, opened);
    }
    ThreadListing live = note(listing);
    end(s -> s.owner == owner && s.window.equals(window)); // perhaps on another thread
    closeOpen(owner);
    int growth = size() - sizeAfterDrop;
    if (growth > MAX_GROWTH || (growth > GROWTH && open.isEmpty())) {
      sightings.forgetEnded(live);
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
    interludes.add(new Interlude(owner, since, sightings.now(), windowOf));
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
    return openAt(sightings.noteOf(threadId));
  }

  /** Whether not more than one test ran when a thread was first seen. */
  synchronized boolean isAlone(long threadId) {
    return openAt(sightings.noteOf(threadId)).size() <= 1;
  }

  /**
   * Which tests may have started a thread: one if that can be told, else all that may have. Where
   * origins are not recorded, those that ran when it was first seen.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself, and so its test has to
   *     answer for all that it started, even later
   * @return empty if it was a test that nobody follows
   */
  Optional<ImmutableList<Stretch>> blameFor(long threadId, LongPredicate isLeaked) {
    Optional<ThreadOrigin> origin = originOf(threadId); // may take a while: not in the lock
    synchronized (this) {
      askedFor.add(threadId);
      return blameFor(threadId, origin, isLeaked, new HashSet<>());
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
    return sightings.size() + stretches.size();
  }

  /** The JVM does not tell who starts a virtual thread, so it is not asked. */
  private Optional<ThreadOrigin> originOf(long threadId) {
    boolean virtual;
    synchronized (this) {
      virtual = sightings.isVirtual(threadId);
    }
    return virtual ? Optional.empty() : origins.of(threadId);
  }

  /**
   * Whom to blame for a thread.
   *
   * @param asked threads of which it is being asked already
   */
  private Optional<ImmutableList<Stretch>> blameFor(
      long threadId, Optional<ThreadOrigin> origin, LongPredicate isLeaked, Set<Long> asked) {
    long note = sightings.noteOf(threadId);
    ImmutableList.Builder<StackTraceElement> frames = ImmutableList.builder();
    Optional<ThreadOrigin> next = origin;
    long first = threadId; // the first of the line, as far as it is known
    while (next.isPresent()) {
      ThreadOrigin starter = next.get();
      frames.addAll(starter.frames());
      Optional<Stretch> stretch = stretchOn(starter, note);
      if (stretch.isPresent()) {
        return Optional.of(ImmutableList.of(stretch.get()));
      }
      if (isOfCommonPool(starter)) { // anybody's task may have started the thread
        return Optional.of(byCode(openAt(note), frames.build()));
      }
      if (isTest(starter)) { // on a thread that runs tests, but this one is not followed itself
        return Optional.of(codeOf(openAt(note), starter.frames()))
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
            isLost(first) ? mayHaveStarted(note, isLeaked, asked) : openAt(note), frames.build()));
  }

  /**
   * Whom to blame for what an older thread has started: the test that started that one, if it still
   * ran, or if the thread is leaked itself, or runs nothing but what it was made for. The worker of
   * a pool may have done so for another test.
   */
  private Optional<ImmutableList<Stretch>> blameForChildOf(
      ThreadOrigin starter, long note, LongPredicate isLeaked, Set<Long> asked) {
    Optional<ImmutableList<Stretch>> own =
        blameFor(starter.starterId(), starter.starterOrigin(), isLeaked, asked);
    boolean worksForOthers = starter.frames().stream().anyMatch(Timeline::isOfPool);
    if (!worksForOthers || isLeaked.test(starter.starterId())) {
      return own;
    }
    ImmutableList<Stretch> running = openAt(note);
    boolean ownRuns =
        own.filter(o -> o.size() == 1).filter(o -> o.get(0).contains(note)).isPresent();
    Set<Stretch> all = new LinkedHashSet<>(running);
    own.ifPresent(all::addAll);
    ImmutableList<Stretch> candidates = byCode(ImmutableList.copyOf(all), starter.frames());
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
  private ImmutableList<Stretch> mayHaveStarted(
      long note, LongPredicate isLeaked, Set<Long> asked) {
    Set<Stretch> candidates = new LinkedHashSet<>(openAt(note));
    for (long id : sightings.livedBefore(note)) { // the oldest first: others then need not ask on
      if (!ranTests(id) && asked.add(id)) {
        blameFor(id, origins.readOf(id), isLeaked, asked).ifPresent(candidates::addAll);
      }
    }
    return ImmutableList.copyOf(candidates);
  }

  /** The one of {@code candidates} whose code is on the stack of a starter, or else all. */
  private static ImmutableList<Stretch> byCode(
      ImmutableList<Stretch> candidates, List<StackTraceElement> starterFrames) {
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

  /** A runner's thread runs one test after the other. */
  private void closeOpen(Object owner) {
    long thread = currentThread();
    end(stretch -> stretch.owner == owner && stretch.thread == thread);
  }

  private void end(Predicate<Stretch> which) {
    for (Iterator<Stretch> each = open.iterator(); each.hasNext(); ) {
      Stretch stretch = each.next();
      if (which.test(stretch)) {
        stretch.to = sightings.now();
        each.remove();
      }
    }
  }

  /** Drops what cannot matter any more for the threads that live. */
  private void drop() {
    Set<Long> kept = new HashSet<>();
    sightings.ids().stream().filter(sightings::contains).forEach(id -> keepLine(id, kept));
    sightings.retain(kept);
    askedFor.removeIf(id -> !sightings.contains(id));
    lastNoteOf.keySet().removeIf(id -> !sightings.contains(id));
    NavigableSet<Long> notes = new TreeSet<>(sightings.notes());
    stretches
        .values()
        .removeIf(
            stretch ->
                stretch.to != OPEN
                    && notes.subSet(stretch.from, false, stretch.to, true).isEmpty());
    sizeAfterDrop = size();
  }

  /** Keeps a thread, those that led to it, and where these are not known, those that may have. */
  private void keepLine(long threadId, Set<Long> kept) {
    Deque<Long> lines = new ArrayDeque<>(); // not by recursion: it may be long
    lines.push(threadId);
    while (!lines.isEmpty()) {
      long first = lines.pop();
      boolean isNew = kept.add(first);
      long note = sightings.noteOf(first);
      Optional<ThreadOrigin> next = first == threadId ? originOf(first) : origins.readOf(first);
      while (isNew && next.isPresent()) {
        first = next.get().starterId();
        isNew = kept.add(first);
        note = Math.min(note, sightings.noteOf(first));
        next = next.get().starterOrigin();
      }
      if (isNew && isLost(first)) {
        sightings.livedBefore(note).stream().filter(id -> !ranTests(id)).forEach(lines::push);
      }
    }
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }
}
