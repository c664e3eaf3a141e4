package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import com.google.common.collect.Streams;
import dev.leakverifier.LeakCheck.Arrivals;
import dev.leakverifier.LeakCheck.Suspect;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.report.Findings;
import dev.leakverifier.report.IgnoreLine;
import dev.leakverifier.report.Observation;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.LiveThreads;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.ThreadSample;
import dev.leakverifier.thread.VirtualListing;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a run of tests: notes in whose window a thread appeared, and judges when no fixture is
 * left that could still stop it. For adapters to test frameworks; tests use {@link LeakVerifier}.
 *
 * <pre>{@code
 * LeakWatch<MyWindow> watch = LeakWatch.start(options);
 * watch.opened(window);                               // before each test and fixture
 * watch.appearedIn(window);                           // after it, on the same thread
 * watch.judge(window -> window.isOver())              // when nothing can stop its threads any more
 *     .forEach(leak -> leak.window().failWith(leak.report().toError()));
 * }</pre>
 *
 * <p>Noting costs one listing of the live threads, and a thread dump if virtual threads are in use
 * and one was made since the last note; no stack is read before the verdict. Where several tests
 * ran when a thread appeared, and it is recorded who starts threads, the one that started it is
 * blamed. A thread is reported once in the JVM, however many watches see it. Thread-safe; waiting
 * for a verdict does not hold up notes of other threads. Keeps windows only while their threads
 * live, and no thread.
 */
public final class LeakWatch<W extends LeakWatch.Window> implements AutoCloseable {
  /** Ids of the threads that some watch has reported; forgotten when the threads have ended. */
  private static final Set<Long> REPORTED = ConcurrentHashMap.newKeySet();

  /**
   * How long threads may end by themselves before it is asked who started them. Asking makes the
   * flight recorder begin a new part of its file, and what starts at this moment may lose its
   * starter; so it is better not to ask for what ends anyway.
   */
  private static final Duration BRIEFLY = Duration.ofMillis(50);

  private volatile LeakCheck check;
  private final Timeline timeline;
  private final BlameFinder<W> blames;
  private final Map<Long, W> suspects = new HashMap<>();
  private final IgnoreLine.Place place;
  private ImmutableList<LeakOption> options;
  private OriginRecorder.@Nullable Session origins;
  private boolean seesVirtual;
  private volatile @Nullable RunRecorder run;
  private Duration lastNote = Duration.ZERO;
  private Baseline seen;
  private Timeline.Mark seenAt;

  /** A test or fixture that runs, and in which threads may appear. Compared by {@code equals}. */
  public interface Window {
    /** How a report names it, e.g. {@code CheckoutTest.pays(EUR)}. */
    String describe();

    /**
     * What holds for its threads, besides the options of the watch; empty if they are not to be
     * checked. Only asked when there are new threads.
     */
    Optional<List<LeakOption>> options();

    /** Whether {@code frame} is the test itself, called by nobody else than a test runner. */
    default boolean isCodeOf(StackTraceElement frame) {
      return false;
    }
  }

  /** What a window has left behind. */
  public record Leak<W>(W window, LeakReport report) {}

  private record Due<W extends Window>(Blame<W> blame, LeakSettings settings) {}

  /**
   * What was alive, and the suspects of that instant: one that came later would seem to have ended.
   *
   * @param lastKnown the virtual threads that the JVM told of last
   */
  private record Look<W>(
      ThreadListing live, ImmutableMap<Long, W> suspects, VirtualListing lastKnown) {}

  LeakWatch(LeakCheck check, Timeline timeline, List<LeakOption> options) {
    this(check, timeline, IgnoreLine.Place.JAVA, options);
  }

  private LeakWatch(
      LeakCheck check, Timeline timeline, IgnoreLine.Place place, List<LeakOption> options) {
    this.place = place;
    this.seesVirtual = settings(options).seesVirtualThreads();
    this.check = check.seeing(seesVirtual);
    this.timeline = timeline;
    this.blames = new BlameFinder<>(timeline, this, REPORTED::contains);
    this.options = ImmutableList.copyOf(options);
    this.seen = Baseline.of(timeline.note(check::list));
    this.seenAt = timeline.mark();
  }

  /** Starts to watch; the threads alive now belong to nobody, and {@code options} hold for all. */
  public static <W extends Window> LeakWatch<W> start(List<LeakOption> options) {
    return start(IgnoreLine.Place.JAVA, options);
  }

  /**
   * The same, where options are not written down in code.
   *
   * @param place where a reader of a report can write down what is to be ignored
   * @param options hold for all windows
   */
  public static <W extends Window> LeakWatch<W> start(
      IgnoreLine.Place place, List<LeakOption> options) {
    return new LeakWatch<>(LeakCheck.JVM, Timeline.JVM, place, options);
  }

  /** Has it recorded who starts threads, until this watch is closed; starts beside the caller. */
  public synchronized void recordOrigins() {
    if (origins == null) {
      origins = OriginRecorder.JVM.start();
    }
  }

  /** Adds options that hold for all windows from here on. */
  public synchronized void addOptions(List<LeakOption> more) {
    settings(more); // refuses what is null
    options = ImmutableList.<LeakOption>builder().addAll(options).addAll(more).build();
    seesVirtual = settings(options).seesVirtualThreads();
    check = check.seeing(seesVirtual);
  }

  /** Has a report of the run written, of this and other watches, as {@code configuration} says. */
  public synchronized void report(LeakConfiguration configuration) {
    RunRecorder recorder = configuration.report().map(RunRecorder::of).orElse(null);
    if (recorder != null) {
      lastNote = recorder.now();
    }
    run = recorder;
  }

  /**
   * Notes that {@code window} begins on this thread.
   *
   * <p>If origins are to be recorded, waits until they are: what the first test starts would be
   * missed otherwise.
   */
  public void opened(W window) {
    awaitRecording();
    timeline.open(this, window);
  }

  private void awaitRecording() {
    OriginRecorder.Session recording;
    synchronized (this) {
      recording = origins;
    }
    if (recording != null) {
      recording.await();
    }
  }

  /**
   * Notes that a test runner begins to make its tests on this thread, and waits until origins are
   * recorded, if they are to be. Until {@link #made}, no window is open.
   */
  public void making() {
    disownNew();
  }

  /**
   * Notes that the tests are made, since {@link #making}: threads that their code has started
   * belong to them, all others, of listeners say, to nobody.
   *
   * @param windowOf whose code is on a stack, topmost frame first; asked about the stack of who has
   *     started a new thread, and where that is not known, about the frame at the bottom of its own
   * @return whether any thread belongs to a test
   */
  public boolean made(Function<? super List<StackTraceElement>, Optional<W>> windowOf) {
    List<LiveThread> fresh;
    synchronized (this) {
      ThreadListing live =
          timeline.closeInterlude(this, seenAt, windowOf, () -> check.listSince(seen));
      fresh = seen.newAmong(live);
      seen = seen.with(live);
    }
    Map<Long, W> owned = new HashMap<>();
    for (ThreadSample thread : check.look(fresh)) {
      if (KnownThread.of(thread).isEmpty()) { // to ask who started it takes longer
        startedBy(thread, windowOf).ifPresent(window -> owned.put(thread.id(), window));
      }
    }
    owned.values().forEach(window -> requireNonNull(settings(ImmutableList.of(window)))); // refuses
    synchronized (this) {
      suspects.putAll(owned);
    }
    return !owned.isEmpty();
  }

  private Optional<W> startedBy(
      ThreadSample thread, Function<? super List<StackTraceElement>, Optional<W>> windowOf) {
    return thread.origin().isPresent()
        ? blames.ofInterlude(thread.id())
        : bottomOf(thread).flatMap(frame -> windowOf.apply(ImmutableList.of(frame)));
  }

  /** The code that the thread was made to run. */
  private static Optional<StackTraceElement> bottomOf(ThreadSample thread) {
    return Lists.reverse(thread.frames()).stream()
        .filter(frame -> !StackFrames.isJdk(frame))
        .findFirst();
  }

  /**
   * Notes that the threads which are new since the last note appeared in {@code window}, which has
   * run on this thread.
   */
  public synchronized void appearedIn(W window) {
    note(window, timeline.close(this, window, () -> check.listSince(seen)));
  }

  /**
   * Notes what is new, as {@link #appearedIn} does, and returns exactly which of the {@code due}
   * and of the other suspects are alive.
   */
  private synchronized Look<W> noteAll(W window, Set<Long> due) {
    ImmutableSet<Long> reported = ImmutableSet.copyOf(REPORTED);
    boolean virtual =
        Stream.concat(due.stream(), suspects.keySet().stream()).anyMatch(seen.virtual()::contains);
    ThreadListing live =
        timeline.noteAfter(this, window, () -> virtual ? check.list() : check.listSince(seen));
    note(window, live);
    if (seesVirtual && live.virtual().isKnown()) { // else it would forget those that it cannot see
      reported.stream().filter(id -> !seen.contains(id)).forEach(REPORTED::remove);
    }
    return look(live);
  }

  private void note(W window, ThreadListing live) {
    List<LiveThread> fresh = seen.newAmong(live);
    tellRun(window, fresh, live);
    if (fresh.isEmpty() && live.virtual() == seen.virtual()) {
      return;
    }
    seen = seen.with(live);
    if (fresh.isEmpty()) {
      return;
    }
    suspects.keySet().removeIf(id -> !seen.contains(id));
    var unused =
        settings(
            ImmutableList.of(window)); // refuses what is wrong, while it can be told in this test
    fresh.forEach(thread -> suspects.put(thread.id(), window));
  }

  private void tellRun(@Nullable W window, List<LiveThread> fresh, ThreadListing live) {
    RunRecorder recorder = run;
    if (recorder != null) {
      lastNote =
          recorder.noted(
              window == null || fresh.isEmpty() ? null : window.describe(),
              lastNote,
              fresh.stream().filter(thread -> !timeline.ranTests(thread.id())).toList(),
              seesVirtual ? live.virtual() : null);
    }
  }

  /**
   * Notes that nobody answers for the threads which are new since the last note. If origins are to
   * be recorded, waits until they are: what the recorder starts belongs to no test.
   */
  public void disownNew() {
    awaitRecording();
    disown();
  }

  private synchronized void disown() {
    ThreadListing live = timeline.note(check::list);
    if (run != null) {
      tellRun(null, seen.newAmong(live), live);
    }
    seen = seen.with(live);
    seenAt = timeline.mark();
  }

  /**
   * Judges the threads that appeared in windows which are over, waiting for those that are ending.
   *
   * <p>An interrupt from before, which a test may leave behind, does not cut the wait short; it is
   * restored.
   *
   * <p>What the settings accept, or only warn of, is logged.
   *
   * @return a report for each window that fails for threads it left behind, in the order in which
   *     these were started. Where it cannot be told which of several windows started a thread, it
   *     is judged when all are over, and the report of the likeliest names them all
   */
  public List<Leak<W>> judge(Predicate<? super W> isOver) {
    if (!hasSuspects()) {
      return ImmutableList.of(); // as after most tests, which so cost no more than their note
    }
    ImmutableList<Leak<W>> counting =
        leaksOf(isOver).stream()
            .map(leak -> new Leak<>(leak.window(), policy(leak).accepting(leak.report())))
            .filter(leak -> !leak.report().isEmpty())
            .collect(toImmutableList());
    return toldRun(counting).stream()
        .filter(leak -> policy(leak).fails(leak.report()))
        .collect(toImmutableList());
  }

  /** The window that would fail says what does. */
  private LeakPolicy policy(Leak<W> leak) {
    ImmutableList<LeakOption> own =
        leak.window().options().map(ImmutableList::copyOf).orElse(ImmutableList.of());
    synchronized (this) {
      return settings(Iterables.concat(options, own)).policy();
    }
  }

  private List<Leak<W>> leaksOf(Predicate<? super W> isOver) {
    Optional<W> lastNoted = lastOver(isOver); // its thread may have ended, and left another
    Map<Long, Due<W>> due = takeDue(isOver, lookAround());
    Optional<W> last =
        lastNoted.or(() -> due.values().stream().map(each -> each.blame().window()).findFirst());
    if (last.isEmpty()) {
      return ImmutableList.of();
    }
    Map<Long, Due<W>> arrivals = new TreeMap<>(due);
    Duration patience =
        Stream.concat(
                settings(ImmutableList.of(last.get())).stream(),
                due.values().stream().map(Due::settings))
            .map(LeakSettings::maxWait)
            .max(naturalOrder())
            .orElse(Duration.ZERO);
    boolean interrupted = Thread.interrupted();
    Findings findings;
    try {
      findings =
          check.settle(
              () -> {
                Look<W> look =
                    noteAll(last.get(), due.keySet()); // what the suspects have started since
                arrivals.putAll(takeDue(isOver, look));
                due.putAll(arrivals);
                ImmutableList<Suspect> suspects = stillAlive(arrivals, look.live());
                arrivals.clear();
                return new Arrivals(
                    suspects, look.live().virtual().notSeen().stream().collect(toImmutableSet()));
              },
              patience);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    ListMultimap<Blame<W>, Observation> leaked = LinkedListMultimap.create();
    ListMultimap<Blame<W>, ThreadSample> shared = LinkedListMultimap.create();
    for (Observation seen : findings.leaked()) {
      long id = seen.thread().id();
      blames
          .ofLeak(id, blame(due, seen.thread()))
          .filter(blame -> counts(blame, seen.thread()))
          .filter(blame -> REPORTED.add(id))
          .ifPresent(blame -> leaked.put(blame, seen));
    }
    findings.shared().forEach(thread -> shared.put(blame(due, thread), thread));
    return leaked.keySet().stream()
        .map(
            blame ->
                new Leak<>(
                    blame.window(),
                    new LeakReport(
                        blame.description(),
                        findings.of(leaked.get(blame), shared.get(blame)),
                        place)))
        .collect(toImmutableList());
  }

  /** Whether those who are to blame after all excuse the thread no more than the first did. */
  private boolean counts(Blame<W> blame, ThreadSample thread) {
    return settings(blame.windows())
        .filter(own -> !own.excuses(thread) && own.ignoredBy(thread).isEmpty())
        .isPresent();
  }

  private ImmutableList<Leak<W>> toldRun(ImmutableList<Leak<W>> leaks) {
    RunRecorder recorder = run;
    if (recorder == null || leaks.isEmpty()) {
      return leaks;
    }
    return Streams.zip(
            leaks.stream(),
            recorder.judged(leaks.stream().map(Leak::report).toList()).stream(),
            (leak, report) -> new Leak<>(leak.window(), report))
        .collect(toImmutableList());
  }

  /** Whether a check of the whole run is wanted even though tests have failed. */
  public synchronized boolean runsOnFailure() {
    return settings(options).runOnFailure();
  }

  /** Runs the cleanups that the options ask for, at the end of the run. */
  public void cleanUp(int exitCode) {
    LeakSettings settings;
    synchronized (this) {
      settings = settings(options);
    }
    settings.cleanUp(exitCode); // the user's code, so not under the lock
  }

  /** Ends this watch, and the recording of origins if it has asked for it. */
  @Override
  public void close() {
    Optional<AcceptedLeaks> accepted;
    boolean allJudged;
    synchronized (this) {
      accepted = settings(options).policy().accepted();
      allJudged = suspects.isEmpty();
      timeline.closeAll(this);
      if (origins != null) {
        origins.close();
      }
    }
    RunRecorder recorder = run;
    if (recorder != null) {
      recorder.watchEnded(); // writes files, so not under the lock
    }
    accepted.ifPresent(leaks -> leaks.endOfRun(allJudged)); // reads a file, so not under the lock
  }

  private static LeakSettings settings(Iterable<LeakOption> options) {
    return LeakSettings.of(Iterables.toArray(options, LeakOption.class));
  }

  /** What holds for a thread that one of {@code windows} has started; empty if one is unchecked. */
  private synchronized Optional<LeakSettings> settings(ImmutableList<W> windows) {
    ImmutableList.Builder<LeakOption> all = ImmutableList.<LeakOption>builder().addAll(options);
    for (W window : windows) {
      Optional<List<LeakOption>> own = window.options();
      if (own.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(own.get());
    }
    return Optional.of(settings(all.build()));
  }

  private static <W extends Window> Blame<W> blame(Map<Long, Due<W>> due, ThreadSample thread) {
    return requireNonNull(due.get(thread.id())).blame();
  }

  private synchronized boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  /** Of the windows that are over, the one in which the latest thread appeared. */
  private synchronized Optional<W> lastOver(Predicate<? super W> isOver) {
    return suspects.entrySet().stream()
        .filter(suspect -> isOver.test(suspect.getValue()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /**
   * The live suspects of windows that are over, in the order in which they were started; those that
   * have ended are forgotten.
   */
  private Map<Long, Due<W>> takeDue(Predicate<? super W> isOver, Look<W> look) {
    Map<Long, Due<W>> due = new TreeMap<>();
    if (look.suspects().isEmpty()) {
      return due;
    }
    ImmutableMap<Long, W> askedAbout =
        ImmutableMap.copyOf(
            Maps.filterEntries(
                look.suspects(),
                suspect -> blames.mayBeDue(suspect.getKey(), suspect.getValue(), isOver)));
    Set<Long> alive = awaitBriefly(look.live(), askedAbout.keySet());
    Set<Long> settled = new HashSet<>();
    askedAbout.forEach(
        (id, noted) -> {
          if (!look.live().virtual().isKnown() && look.lastKnown().contains(id)) {
            return; // the JVM could not tell this time
          }
          if (!alive.contains(id) || timeline.ranTests(id)) {
            settled.add(id);
            return;
          }
          Optional<Blame<W>> blame = blames.of(id, noted);
          if (blame.isEmpty()) {
            settled.add(id);
          } else if (blame.get().windows().stream().allMatch(isOver)) {
            settled.add(id);
            settings(blame.get().windows())
                .ifPresent(settings -> due.put(id, new Due<>(blame.get(), settings)));
          }
        });
    synchronized (this) {
      suspects.keySet().removeAll(settled);
    }
    return due;
  }

  /** What is alive, but for virtual threads that may have ended since the last note. */
  private synchronized Look<W> lookAround() {
    return look(check.listSince(seen));
  }

  private Look<W> look(ThreadListing live) {
    return new Look<>(live, ImmutableMap.copyOf(suspects), seen.virtual());
  }

  /** Lets suspects end of which it would have to be asked who started them; returns who has not. */
  private Set<Long> awaitBriefly(ThreadListing live, Set<Long> ids) {
    List<LiveThread> suspects =
        live.threads().stream().filter(thread -> ids.contains(thread.id())).toList();
    List<LiveThread> undecided =
        suspects.stream()
            .filter(thread -> thread.thread() != null && timeline.isUndecided(thread.id()))
            .toList();
    if (!undecided.isEmpty()) {
      check.awaitEnd(undecided, BRIEFLY);
    }
    return suspects.stream()
        .filter(thread -> thread.thread() == null || thread.thread().isAlive())
        .map(LiveThread::id)
        .collect(toImmutableSet());
  }

  private ImmutableList<Suspect> stillAlive(Map<Long, Due<W>> due, ThreadListing live) {
    long current = LiveThreads.id(Thread.currentThread());
    ImmutableList.Builder<Suspect> suspects = ImmutableList.builder();
    for (LiveThread thread : live.threads()) {
      Due<W> each = due.get(thread.id());
      if (each != null && thread.id() != current && !REPORTED.contains(thread.id())) {
        suspects.add(new Suspect(thread, each.settings()));
      }
    }
    return suspects.build();
  }
}
