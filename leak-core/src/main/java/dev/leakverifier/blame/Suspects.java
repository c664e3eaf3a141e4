package dev.leakverifier.blame;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.CheckSettings;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Notes for a watch in which window each new thread appeared, until somebody judges it.
 *
 * <p>A note is told to the timeline of the JVM and to a listener. Thread-safe; keeps no thread.
 */
public final class Suspects<W extends Window> {
  private final Object watch;
  private final Timeline timeline;
  private final Map<Long, W> windows = new HashMap<>();
  private final Map<Long, W> aside = new HashMap<>();
  private final Function<Collection<W>, Optional<CheckSettings>> settings;
  private Check check;
  private @Nullable Listener listener;
  private Baseline seen;
  private Timeline.Mark seenAt;

  /** Is told of each note. */
  public interface Listener {
    /**
     * A note was taken.
     *
     * @param test the test or fixture at whose end it was taken, where a thread is new
     * @param fresh the threads that are new since the last note
     * @param known the virtual threads that are alive; null if they are not looked for
     */
    void noted(@Nullable String test, List<LiveThread> fresh, @Nullable VirtualListing known);
  }

  /**
   * What was alive, and the suspects of that instant: one that came later would seem to have ended.
   *
   * @param windows those in which the suspects appeared, by the id of the thread
   * @param seen among others the virtual threads that the JVM told of last
   */
  record Look<W>(ThreadListing live, Map<Long, W> windows, Baseline seen) {}

  /**
   * Takes the first note; what is alive now belongs to nobody.
   *
   * @param watch whose suspects they are
   * @param settings tells what holds for a thread that one of some windows has started, and refuses
   *     what these have to say, if that is wrong; empty if one is not to be checked
   */
  public Suspects(
      Object watch,
      Check check,
      Timeline timeline,
      Function<Collection<W>, Optional<CheckSettings>> settings) {
    this.watch = watch;
    this.timeline = timeline;
    this.settings = settings;
    this.check = check;
    this.seen = Baseline.of(timeline.note(this.check::list));
    this.seenAt = timeline.mark();
  }

  /** Looks for virtual threads only if they are wanted. */
  public synchronized void see(boolean virtualThreads) {
    check = check.seeing(virtualThreads);
  }

  Optional<CheckSettings> settingsOf(Collection<W> windows) {
    return settings.apply(windows);
  }

  public synchronized Check check() {
    return check;
  }

  /** Has {@code listener} told what is noted from now on; nobody if it is null. */
  public synchronized void tell(@Nullable Listener listener) {
    this.listener = listener;
  }

  /** Notes that what is new appeared in {@code window}, which goes on after others. */
  public synchronized void interrupted(W window) {
    note(window, timeline.interrupt(watch, window, () -> check.listSince(seen)));
  }

  /** Notes that what is new appeared in {@code window}, which has run on this thread. */
  public synchronized void appearedIn(W window) {
    note(window, timeline.close(watch, window, () -> check.listSince(seen)));
  }

  /**
   * The same, and returns exactly which of the suspects are alive.
   *
   * @param others threads that are not suspects any more, and of which it must be known, too
   */
  synchronized Look<W> appearedIn(W window, Collection<Long> others) {
    boolean virtual =
        others.stream().anyMatch(seen.virtual()::contains)
            || windows.keySet().stream().anyMatch(seen.virtual()::contains);
    ThreadListing live =
        timeline.noteAfter(watch, window, () -> virtual ? check.list() : check.listSince(seen));
    note(window, live);
    return look(live);
  }

  private void note(W window, ThreadListing live) {
    List<LiveThread> fresh = seen.newAmong(live);
    tell(window, fresh, live);
    if (fresh.isEmpty() && live.virtual() == seen.virtual()) {
      return;
    }
    seen = seen.with(live);
    if (fresh.isEmpty()) {
      return;
    }
    windows.keySet().removeIf(id -> !seen.contains(id));
    aside.keySet().removeIf(id -> !seen.contains(id));
    var unused = settings.apply(List.of(window)); // refuses what is wrong in this test
    fresh.forEach(thread -> windows.put(thread.id(), window));
  }

  /** Notes that nobody answers for what is new. */
  public synchronized void disownNew() {
    ThreadListing live = timeline.note(check::list);
    if (listener != null) {
      tell(null, seen.newAmong(live), live);
    }
    seen = seen.with(live);
    seenAt = timeline.mark();
  }

  /** Notes that what is new since {@link #disownNew} appeared while no window was open. */
  synchronized List<LiveThread> appearedSince(
      Function<? super List<StackTraceElement>, Optional<W>> windowOf) {
    ThreadListing live =
        timeline.closeInterlude(watch, seenAt, windowOf, () -> check.listSince(seen));
    List<LiveThread> fresh = seen.newAmong(live);
    seen = seen.with(live);
    return fresh;
  }

  private void tell(@Nullable W window, List<LiveThread> fresh, ThreadListing live) {
    if (listener != null) {
      listener.noted(
          window == null || fresh.isEmpty() ? null : window.describe(),
          withoutRunners(fresh),
          check.seesVirtualThreads() ? live.virtual() : null);
    }
  }

  private List<LiveThread> withoutRunners(List<LiveThread> threads) {
    return threads.isEmpty() // as in most notes
        ? threads
        : threads.stream().filter(thread -> !timeline.ranTests(thread.id())).toList();
  }

  /** Adds suspects whose windows are known by other means. */
  public synchronized void add(Map<Long, W> owned) {
    windows.putAll(owned);
  }

  /** These are no suspects, until {@link #takeBack}. */
  synchronized void setAside(Map<Long, W> held) {
    aside.putAll(held);
  }

  /** Makes suspects again of all that was set aside; returns their ids. */
  synchronized Set<Long> takeBack() {
    Set<Long> ids = Set.copyOf(aside.keySet());
    windows.putAll(aside);
    aside.clear();
    return ids;
  }

  synchronized void remove(Collection<Long> settled) {
    windows.keySet().removeAll(settled);
  }

  public synchronized boolean isEmpty() {
    return windows.isEmpty();
  }

  /** Whether there are suspects, or threads set aside. */
  public synchronized boolean isAnyLeft() {
    return !windows.isEmpty() || !aside.isEmpty();
  }

  /** The names of the suspects, but for virtual threads. */
  public synchronized List<String> names() {
    return LiveThread.names(
        check.list().threads().stream()
            .filter(thread -> windows.containsKey(thread.id()))
            .toList());
  }

  /** What is alive, but for virtual threads that may have ended since the last note. */
  synchronized Look<W> look() {
    return look(check.listSince(seen));
  }

  private Look<W> look(ThreadListing live) {
    return new Look<>(live, new HashMap<>(windows), seen);
  }

  /** Of such windows, the one in which the latest thread appeared. */
  synchronized Optional<W> latest(Predicate<? super W> which) {
    return windows.entrySet().stream()
        .filter(suspect -> which.test(suspect.getValue()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /** Says that the watch is over; returns whether all suspects are judged. */
  public synchronized boolean close() {
    timeline.closeAll(watch);
    return windows.isEmpty();
  }
}
