package dev.leakverifier.blame;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadClock;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * When each thread of the JVM was first seen, and which test or fixture ran then on which thread:
 * this and the origin of a thread tell who is to blame for it.
 *
 * <p>Time is counted in notes. A note is a listing of all platform threads, and one is taken
 * whenever a test or fixture ends. A thread that was started before the note is in its listing, as
 * soon as {@link Thread#start} returns; so what a runner's thread has started itself is told
 * exactly, where clocks could not: the flight recorder dates a start when the new thread comes to
 * run, which may be after the test is over.
 *
 * <p>Thread-safe: its parts are only touched under its lock.
 */
public final class Timeline {
  public static final Timeline JVM = new Timeline(Origins.JVM);

  /** Old entries are dropped each time there are so many new ones, and no test runs. */
  private static final int GROWTH = 1_000;

  /**
   * So many new entries are too many even while tests run. It is then asked who started the live
   * threads, and what starts at this moment may lose its starter.
   */
  private static final int MAX_GROWTH = 10_000;

  /** When a window was opened that has ended before, on this thread or another. */
  private static final long NOT_RUNNING = Long.MAX_VALUE;

  private final Origins origins;
  private final Sightings sightings = new Sightings();
  private final Stretches stretches = new Stretches();
  private final Lineage lineage;
  private final Map<Long, Long> lastNoteOf = new HashMap<>();
  private final Set<Long> askedFor = new HashSet<>();
  private int sizeAfterDrop;

  public Timeline(Origins origins) {
    this.origins = origins;
    this.lineage = new Lineage(origins, sightings, stretches);
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

  /** Adds which of the virtual threads are alive that had been made by the last note. */
  synchronized void list(VirtualListing virtual) {
    sightings.list(virtual);
  }

  /** Says that {@code window} begins on this thread. */
  public synchronized void open(Object owner, Window window) {
    open(owner, window, sightings.now());
  }

  private void open(Object owner, Window window, long opened) {
    closeOpen(owner);
    long thread = currentThread();
    long from = lastNoteOf.getOrDefault(thread, sightings.now());
    stretches.open(new Stretch(owner, window, thread, from, opened));
  }

  /** Takes a note, and says that this thread runs others until {@code window} goes on. */
  synchronized ThreadListing interrupt(
      Object owner, Window window, Supplier<ThreadListing> listing) {
    ThreadListing live = note(listing);
    stretches.interrupt(s -> s.owner() == owner && s.window().equals(window));
    return live;
  }

  /** Takes a note, and says that {@code window} ends on this thread, or ended just before. */
  synchronized ThreadListing close(Object owner, Window window, Supplier<ThreadListing> listing) {
    return close(owner, window, sightings.now(), listing);
  }

  /**
   * Takes a note after {@code window} has ended: what this thread itself has started since goes
   * with it, but the window does not run any more.
   */
  synchronized ThreadListing noteAfter(
      Object owner, Window window, Supplier<ThreadListing> listing) {
    return close(owner, window, NOT_RUNNING, listing);
  }

  private ThreadListing close(
      Object owner, Window window, long opened, Supplier<ThreadListing> listing) {
    Predicate<Stretch> isThis = s -> s.owner() == owner && s.window().equals(window);
    if (!stretches.isOpen(isThis)) {
      open(owner, window, opened);
    }
    ThreadListing live = note(listing);
    stretches.end(isThis, sightings.now()); // perhaps on another thread
    closeOpen(owner);
    int growth = size() - sizeAfterDrop;
    if (growth > MAX_GROWTH || (growth > GROWTH && !stretches.areOpen())) {
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
      Function<? super List<StackTraceElement>, ? extends Optional<? extends Window>> windowOf,
      Supplier<ThreadListing> listing) {
    ThreadListing live = note(listing);
    if (sightings.lastNew() > since.note()) { // else it has started nothing that is left
      stretches.add(
          new Stretches.Interlude(owner, since.thread(), since.note(), sightings.now(), windowOf));
    }
    return live;
  }

  /** Says that {@code owner} follows no tests any more. */
  synchronized void closeAll(Object owner) {
    stretches.dropInterludesOf(owner);
    stretches.end(stretch -> stretch.owner() == owner, sightings.now());
  }

  /** Whether tests have run on this thread: then it is the runner's own. */
  synchronized boolean ranTests(long threadId) {
    return stretches.haveRunOn(threadId);
  }

  /** Whether nobody has asked yet who started this thread, though that is to be asked. */
  synchronized boolean isUndecided(long threadId) {
    return !isAlone(threadId) && !askedFor.contains(threadId);
  }

  /** The tests that ran when a thread was first seen. */
  synchronized List<Stretch> runningAtFirstSightOf(long threadId) {
    return stretches.openAt(sightings.noteOf(threadId));
  }

  /** The tests that ran when virtual threads had last been made, up to that time. */
  synchronized List<Stretch> runningAt(ThreadClock time) {
    return stretches.openAt(sightings.noteBefore(time));
  }

  /** Whether not more than one test ran when a thread was first seen. */
  synchronized boolean isAlone(long threadId) {
    return stretches.openAt(sightings.noteOf(threadId)).size() <= 1;
  }

  /**
   * Which tests may have started a thread: one if that can be told, else all that may have. Where
   * origins are not recorded, those that ran when it was first seen.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself, and so its test has to
   *     answer for all that it started, even later
   * @return empty if it was a test that nobody follows
   */
  Optional<List<Stretch>> blameFor(long threadId, LongPredicate isLeaked) {
    Optional<ThreadOrigin> origin = originOf(threadId); // may take a while: not in the lock
    synchronized (this) {
      askedFor.add(threadId);
      return lineage.blameFor(threadId, origin, isLeaked);
    }
  }

  /** The tests within which {@code inner} ran, the nearest first. */
  Set<Stretch> around(Stretch inner) {
    Set<Stretch> around = new LinkedHashSet<>();
    Optional<Stretch> next = Optional.of(inner);
    while (next.isPresent()) {
      Stretch stretch = next.get();
      synchronized (this) {
        around.addAll(stretches.around(stretch));
      }
      next =
          originOf(stretch.thread())
              .flatMap(known -> blameFor(stretch.thread(), id -> false))
              .filter(starters -> starters.size() == 1)
              .map(starters -> starters.get(0))
              .filter(around::add);
    }
    return around;
  }

  synchronized boolean isOver(Stretch stretch) {
    return stretch.isOver();
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

  /** A runner's thread runs one test after the other, but for one that it was interrupted in. */
  private void closeOpen(Object owner) {
    long thread = currentThread();
    stretches.end(
        s -> s.owner() == owner && s.thread() == thread && !s.isInterrupted(), sightings.now());
  }

  /** Drops what cannot matter any more for the threads that live. */
  private void drop() {
    Set<Long> kept = new HashSet<>();
    sightings.ids().stream()
        .filter(sightings::contains)
        .forEach(id -> lineage.addLine(id, originOf(id), kept));
    sightings.retain(kept);
    askedFor.removeIf(id -> !sightings.contains(id));
    lastNoteOf.keySet().removeIf(id -> !sightings.contains(id));
    stretches.retain(sightings.notes());
    sizeAfterDrop = size();
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }
}
