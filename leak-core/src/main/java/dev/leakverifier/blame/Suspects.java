package dev.leakverifier.blame;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.CheckSettings;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadClock;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Notes for a watch in which window each new thread appeared, until somebody judges it.
 *
 * <p>A note is told to the timeline of the JVM and to a listener. Thread-safe; keeps no thread.
 */
public final class Suspects<W extends Window> {
  /** After so many notes virtual threads are listed without need: what is kept of them grows. */
  private static final int MOST_UNLISTED = 1_000;

  private final Object watch;
  private final Timeline timeline;
  private final Map<Long, W> windows = new HashMap<>();
  private final Map<Long, W> aside = new HashMap<>();
  private final Function<Collection<W>, Optional<CheckSettings>> settings;
  private Check check;
  private @Nullable Listener listener;
  private Baseline seen;
  private Timeline.Mark seenAt;
  private final Unlisted<W> unlisted;

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
    this.unlisted = new Unlisted<>(seen.virtual().at());
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
    note(window, timeline.interrupt(watch, window, check::note));
  }

  /** Notes that what is new appeared in {@code window}, which has run on this thread. */
  public synchronized void appearedIn(W window) {
    note(window, timeline.close(watch, window, check::note));
    if (unlisted.size() > MOST_UNLISTED) {
      list();
    }
  }

  /**
   * The same, and returns which of the suspects are alive. Virtual ones may have ended since they
   * were listed.
   */
  synchronized Look<W> appearedAfter(W window) {
    ThreadListing live = timeline.noteAfter(watch, window, () -> check.listSince(seen));
    note(window, live);
    return look(live);
  }

  /** Notes that nobody answers for what is new. */
  public synchronized void disownNew() {
    note(null, timeline.note(check::list));
    seenAt = timeline.mark();
  }

  /** Notes that what is new since {@link #disownNew} appeared while no window was open. */
  synchronized List<LiveThread> appearedSince(
      Function<? super List<StackTraceElement>, Optional<W>> windowOf) {
    ThreadListing live =
        timeline.closeInterlude(watch, seenAt, windowOf, () -> check.listSince(seen));
    List<LiveThread> fresh = seen.newAmong(live);
    note(null, live);
    return fresh;
  }

  private void note(@Nullable W window, ThreadListing live) {
    boolean made = unlisted.note(live.virtual().at());
    List<LiveThread> fresh = seen.newAmong(live);
    seen = seen.with(live);
    if (window != null && (made || !fresh.isEmpty())) {
      var unused = settings.apply(List.of(window)); // refuses what is wrong in this test
      unlisted.areOf(window);
    }
    add(window, fresh, live.virtual());
    if (live.virtual().isKnown()) {
      unlisted.listed(live.virtual().at());
    }
  }

  /** Lists the virtual threads, and notes in which windows those that are new were made. */
  private ThreadListing list() {
    ThreadListing live = check.list();
    VirtualListing virtual = live.virtual().madeBy(unlisted.noted());
    if (virtual.isKnown()) {
      timeline.list(virtual);
      List<LiveThread> fresh = seen.newAmong(virtual);
      seen = seen.with(virtual);
      add(null, fresh, virtual);
      unlisted.listed(virtual.at());
    }
    return live.with(virtual);
  }

  /** Which threads appeared in which windows; the platform ones in {@code window}. */
  private Map<Optional<W>, List<LiveThread>> byWindow(
      @Nullable W window, List<LiveThread> threads) {
    Map<Optional<W>, List<LiveThread>> byWindow = new LinkedHashMap<>();
    for (LiveThread thread : threads) {
      Optional<W> last = Optional.ofNullable(window);
      byWindow
          .computeIfAbsent(
              thread.thread() == null ? unlisted.windowOf(thread.id(), last) : last,
              key -> new ArrayList<>())
          .add(thread);
    }
    return byWindow;
  }

  private void add(@Nullable W window, List<LiveThread> fresh, VirtualListing virtual) {
    Map<Optional<W>, List<LiveThread>> byWindow = byWindow(window, fresh);
    tell(byWindow, virtual);
    if (!fresh.isEmpty()) {
      windows.keySet().removeIf(id -> !seen.contains(id));
      aside.keySet().removeIf(id -> !seen.contains(id));
      byWindow.forEach(
          (owner, threads) ->
              owner.ifPresent(each -> threads.forEach(thread -> windows.put(thread.id(), each))));
    }
  }

  private void tell(Map<Optional<W>, List<LiveThread>> fresh, VirtualListing virtual) {
    if (listener == null) {
      return;
    }
    VirtualListing known = check.seesVirtualThreads() ? virtual : null;
    if (fresh.isEmpty()) {
      listener.noted(null, List.of(), known);
    }
    fresh.forEach(
        (owner, threads) ->
            requireNonNull(listener)
                .noted(owner.map(Window::describe).orElse(null), withoutRunners(threads), known));
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

  /** Whether there is none, nor a virtual thread that may be one. */
  public synchronized boolean isEmpty() {
    return windows.isEmpty() && unlisted.windows().isEmpty();
  }

  /** Whether there are suspects, or threads set aside. */
  public synchronized boolean isAnyLeft() {
    return !isEmpty() || !aside.isEmpty();
  }

  /** The names of the suspects, but for virtual threads. */
  public synchronized List<String> names() {
    return LiveThread.names(
        check.seeing(false).list().threads().stream()
            .filter(thread -> windows.containsKey(thread.id()))
            .toList());
  }

  /**
   * What is alive, but for virtual threads that may have ended since they were listed. Lists them
   * only if some were made in a window that may be due.
   *
   * @param mayBeDue asked about windows, and by when these virtual threads were made
   */
  synchronized Look<W> look(BiPredicate<ThreadClock, ? super W> mayBeDue) {
    return unlisted.isAny(mayBeDue) ? look(list()) : lookWithoutListing();
  }

  /** What is alive, but for virtual threads that may have ended since they were listed. */
  synchronized Look<W> lookWithoutListing() {
    return look(check.note().with(seen.virtual()));
  }

  private Look<W> look(ThreadListing live) {
    return new Look<>(live, new HashMap<>(windows), seen);
  }

  /** Of such windows, the one in which the latest thread appeared, or may have. */
  synchronized Optional<W> latest(Predicate<? super W> which) {
    return Stream.of(windows, unlisted.windows())
        .flatMap(each -> each.entrySet().stream())
        .filter(each -> which.test(each.getValue()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /** Says that the watch is over; returns whether all suspects are judged. */
  public synchronized boolean close() {
    timeline.closeAll(watch);
    return isEmpty();
  }
}
