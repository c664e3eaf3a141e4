package dev.leakverifier.blame;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadProbe;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Which test or fixture ran when on which thread: this and the origin of a thread tell who is to
 * blame for it.
 *
 * <p>Time is counted in ids of threads, which the JVM gives away in order: a thread was made while
 * a test ran if its id lies between two that were taken when that began and when it ended. So no
 * clock is asked, and no listing.
 *
 * <p>Thread-safe: its parts are only touched under its lock.
 */
public final class Timeline {
  public static final Timeline JVM = new Timeline(Origins.JVM);

  /** Old entries are dropped each time there are so many new ones, and no test runs. */
  private static final int GROWTH = 1_000;

  /**
   * So many new entries are too many even while tests run; to ask who made threads takes a while.
   */
  private static final int MAX_GROWTH = 10_000;

  /** When a window was opened that has ended before, on this thread or another. */
  private static final long NOT_RUNNING = Long.MAX_VALUE;

  private final Origins origins;
  private final Stretches stretches = new Stretches();
  private final Lineage lineage = new Lineage(stretches);
  private final Map<Long, Long> lastEndOn = new HashMap<>();
  private final Set<Long> askedFor = new HashSet<>();
  private int sizeAfterDrop;

  public Timeline(Origins origins) {
    this.origins = origins;
  }

  /** An instant on a thread. */
  record Mark(long thread, long id) {}

  /** This instant on this thread: what it has made before belongs to no test that begins later. */
  synchronized Mark mark() {
    Mark now = new Mark(currentThread(), ThreadProbe.take());
    lastEndOn.put(now.thread(), now.id());
    return now;
  }

  /** Says that {@code window} begins on this thread. */
  public synchronized void open(Object owner, Window window) {
    open(owner, window, ThreadProbe.take());
  }

  private void open(Object owner, Window window, long opened) {
    long now = ThreadProbe.take();
    closeOpen(owner, now);
    long thread = currentThread();
    long from = lastEndOn.getOrDefault(thread, Math.min(opened, now));
    stretches.open(new Stretch(owner, window, thread, from, opened));
  }

  /** Says that {@code window} ends on this thread, or ended just before. */
  synchronized void close(Object owner, Window window) {
    close(owner, window, lastEndOn.getOrDefault(currentThread(), Long.MIN_VALUE));
  }

  /**
   * The same after {@code window} has ended: what this thread itself has made since goes with it,
   * but the window does not run any more.
   */
  synchronized void closeAgain(Object owner, Window window) {
    close(owner, window, NOT_RUNNING);
  }

  private void close(Object owner, Window window, long opened) {
    Predicate<Stretch> isThis = s -> s.owner() == owner && s.window().equals(window);
    if (!stretches.isOpen(isThis)) {
      open(owner, window, opened);
    }
    Mark now = mark();
    stretches.end(isThis, now.id()); // perhaps on another thread
    closeOpen(owner, now.id());
  }

  /**
   * Says that what was made since {@code since} on that thread, outside of all tests, belongs to
   * the window that {@code windowOf} tells from the stack.
   */
  synchronized void closeInterlude(
      Object owner,
      Mark since,
      Function<? super List<StackTraceElement>, ? extends Optional<? extends Window>> windowOf) {
    stretches.add(
        new Stretches.Interlude(owner, since.thread(), since.id(), mark().id(), windowOf));
  }

  /** Says that {@code owner} follows no tests any more. */
  synchronized void closeAll(Object owner) {
    stretches.dropInterludesOf(owner);
    stretches.end(stretch -> stretch.owner() == owner, ThreadProbe.take());
  }

  /** Whether tests have run on this thread: then it is the runner's own. */
  synchronized boolean ranTests(long threadId) {
    return stretches.haveRunOn(threadId);
  }

  /** Whether nobody has asked yet who made this thread, though that is to be asked. */
  synchronized boolean isUndecided(long threadId) {
    return !isAlone(threadId) && !askedFor.contains(threadId);
  }

  /** The tests that ran when a thread was made. */
  synchronized List<Stretch> runningAt(long threadId) {
    return stretches.openAt(threadId);
  }

  /** Whether not more than one test ran when a thread was made. */
  synchronized boolean isAlone(long threadId) {
    return stretches.openAt(threadId).size() <= 1;
  }

  /**
   * Which tests may have made a thread: one if that can be told, else all that may have.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself, and so its test has to
   *     answer for all that it made, even later
   * @return empty if it was a test that nobody follows
   */
  Optional<List<Stretch>> blameFor(long threadId, LongPredicate isLeaked) {
    Optional<ThreadOrigin> origin = origins.of(threadId); // may take a while: not in the lock
    List<ThreadOrigin> possible = origin.isPresent() ? List.of() : origins.possiblyOf(threadId);
    synchronized (this) {
      askedFor.add(threadId);
      return origin.isPresent()
          ? lineage.blameFor(threadId, origin.get(), isLeaked)
          : Optional.of(lineage.mayAnswerFor(threadId, possible, isLeaked));
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
          origins
              .of(stretch.thread())
              .flatMap(known -> blameFor(stretch.thread(), id -> false))
              .filter(starters -> starters.size() == 1)
              .map(starters -> starters.get(0))
              .filter(around::add);
    }
    return around;
  }

  /** Lets it be found out again what was not certain of who made threads. */
  void lookAgain() {
    origins.lookAgain();
  }

  synchronized boolean isOver(Stretch stretch) {
    return stretch.isOver();
  }

  synchronized int size() {
    return stretches.size();
  }

  /** A runner's thread runs one test after the other. */
  private void closeOpen(Object owner, long now) {
    long thread = currentThread();
    stretches.end(s -> s.owner() == owner && s.thread() == thread, now);
  }

  /** Drops what cannot matter any more for the threads that live, if there is much of it. */
  synchronized void forget(ThreadListing live) {
    int growth = size() - sizeAfterDrop;
    if (growth <= GROWTH || (growth <= MAX_GROWTH && stretches.areOpen())) {
      return;
    }
    Set<Long> kept = new HashSet<>();
    for (LiveThread thread : live.threads()) {
      kept.add(thread.id());
      Optional<ThreadOrigin> certain = origins.of(thread.id());
      certain.ifPresent(origin -> addLine(origin, kept));
      if (certain.isEmpty()) {
        origins.possiblyOf(thread.id()).forEach(origin -> addLine(origin, kept));
      }
    }
    askedFor.retainAll(kept);
    lastEndOn.keySet().retainAll(kept);
    stretches.retain(new TreeSet<>(kept));
    sizeAfterDrop = size();
  }

  private static void addLine(ThreadOrigin origin, Set<Long> ids) {
    Optional<ThreadOrigin> next = Optional.of(origin);
    while (next.isPresent()) {
      ids.add(next.get().starterId());
      next = next.get().starterOrigin();
    }
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }
}
