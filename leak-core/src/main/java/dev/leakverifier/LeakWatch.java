package dev.leakverifier;

import static java.util.stream.Collectors.toSet;

import dev.leakverifier.blame.Attributed;
import dev.leakverifier.blame.MadeThreads;
import dev.leakverifier.blame.Suspects;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.blame.WindowJudge;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.CheckSettings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.page.ReportSetting;
import dev.leakverifier.page.RunRecorder;
import dev.leakverifier.settings.Policy;
import dev.leakverifier.settings.Settings;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a run of tests: notes in whose window a thread appeared, and judges when no fixture is
 * left that could still stop it. For adapters to test frameworks; tests use {@link LeakVerifier}.
 *
 * <pre>{@code
 * LeakWatch<MyWindow> watch = LeakWatch.start(Place.PROPERTY, configuration, List.of());
 * watch.opened(window); // before each test and fixture
 * watch.appearedIn(window); // after it, on the same thread
 * watch.judge(each -> each.isOver()).stream() // when nothing can stop its threads any more
 *     .forEach(leak -> leak.window().failWith(leak.report().toError()));
 * }</pre>
 *
 * <p>Noting costs one listing of the platform threads; no stack is read before the verdict, and no
 * thread dump is taken, which virtual threads need: their ids tell in which window they were made.
 * Where several tests ran when a thread appeared, and it is recorded who starts threads, the one
 * that started it is blamed. A thread is reported once in the JVM, however many watches see it.
 * Thread-safe; waiting for a verdict does not hold up notes of other threads. Keeps windows only
 * while their threads live, and no thread.
 */
public final class LeakWatch<W extends LeakWatch.Window> implements AutoCloseable {
  private static final Log LOG = Log.of(LeakWatch.class);
  private static final int MAX_NAMES = 8;

  private final IgnoreLine.Place place;
  private final Timeline timeline;
  private final Suspects<Followed<W>> suspects;
  private final WindowJudge<Followed<W>> judge;
  private volatile WatchOptions options;
  private OriginRecorder.@Nullable Session origins;
  private volatile @Nullable RunRecorder run;

  /** A test or fixture that runs, and in which threads may appear. Compared by {@code equals}. */
  public interface Window {
    /** How a report names it, e.g. {@code CheckoutTest.pays(EUR)}. */
    String describe();

    /**
     * What holds for its threads, besides the options of the watch; empty if they are not to be
     * checked. Only asked when there are new threads.
     */
    Optional<List<LeakOption>> options();

    /** The full name of the test's class, for which accepted leaks hold; empty if it has none. */
    default Optional<String> className() {
      return Optional.empty();
    }

    /** Whether {@code frame} is the test itself, called by nobody else than a test runner. */
    default boolean isCodeOf(StackTraceElement frame) {
      return false;
    }
  }

  /** What a window has left behind. */
  public record Leak<W>(W window, LeakReport report) {}

  /** What one of several windows has left behind, the likeliest first. */
  private record Left<W extends Window>(List<W> windows, LeakReport report) {
    W window() {
      return windows.get(0);
    }

    /** Without what {@code policy} accepts for their classes. */
    Leak<W> accepting(Policy policy) {
      Set<String> classes =
          windows.stream().flatMap(each -> each.className().stream()).collect(toSet());
      return new Leak<>(window(), report.accepting(policy, classes));
    }
  }

  LeakWatch(Check check, Timeline timeline, List<LeakOption> options) {
    this(check, timeline, IgnoreLine.Place.JAVA, options);
  }

  private LeakWatch(
      Check check, Timeline timeline, IgnoreLine.Place place, List<LeakOption> options) {
    this.place = place;
    this.timeline = timeline;
    this.options = WatchOptions.of(options);
    this.suspects =
        new Suspects<>(
            this,
            check.seeing(this.options.settings().check().seesVirtualThreads()),
            timeline,
            this::settingsOf);
    this.judge = new WindowJudge<>(this, timeline, suspects);
  }

  /**
   * Starts to watch; the threads alive now belong to nobody.
   *
   * @param place where a reader of a report can write down what is to be ignored
   * @param configuration what is set without code, whose options are stronger than others
   * @param options hold for all windows
   * @throws IllegalArgumentException if an option needs to know who starts threads, and that is not
   *     recorded
   */
  public static <W extends Window> LeakWatch<W> start(
      IgnoreLine.Place place, LeakConfiguration configuration, List<LeakOption> options) {
    LeakWatch<W> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, place, options);
    watch.use(configuration);
    return watch;
  }

  /** The id of the calling thread, which its class cannot forge. */
  public static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }

  /**
   * Does what {@code configuration} says: has it recorded who starts threads until this watch is
   * closed, beside the caller, adds its options, and has a report of the run written.
   */
  public void use(LeakConfiguration configuration) {
    if (configuration.recordsOrigins()) {
      recordOrigins();
    }
    addOptions(configuration.options()); // some are refused where origins are not recorded
    report(configuration);
  }

  synchronized void recordOrigins() {
    if (origins == null) {
      origins = OriginRecorder.JVM.start();
    }
  }

  /** Adds options that hold for all windows from here on. */
  public synchronized void addOptions(List<LeakOption> more) {
    options = options.with(more);
    suspects.see(options.settings().check().seesVirtualThreads());
  }

  private Optional<CheckSettings> settingsOf(Collection<Followed<W>> windows) {
    return options
        .of(windows.stream().map(each -> each.window().options()).toList())
        .map(Settings::check);
  }

  private synchronized void report(LeakConfiguration configuration) {
    Optional<ReportSetting> setting = configuration.report();
    RunRecorder recorder = setting.isEmpty() ? null : RunRecorder.of(setting.get());
    suspects.tell(recorder == null ? null : recorder.follower()::noted);
    run = recorder;
  }

  /**
   * Notes that {@code window} begins on this thread.
   *
   * <p>If origins are to be recorded, waits until they are: what the first test starts would be
   * missed otherwise.
   */
  public void opened(W window) {
    try {
      awaitRecording();
      timeline.open(this, new Followed<>(window));
    } catch (Error e) {
      failUnlessWarning(e);
    }
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
   * Notes that a test runner has made its tests on this thread, since {@link #disownNew}: threads
   * that their code has started belong to them, all others, of listeners say, to nobody.
   *
   * @param windowOf whose code is on a stack, topmost frame first; asked about the stack of who has
   *     started a new thread, and where that is not known, about the frame at the bottom of its own
   * @return whether any thread belongs to a test
   */
  public boolean made(Function<? super List<StackTraceElement>, Optional<W>> windowOf) {
    Map<Long, Followed<W>> owned =
        MadeThreads.owners(suspects, judge, stack -> windowOf.apply(stack).map(Followed::new));
    owned.values().forEach(owner -> settingsOf(List.of(owner))); // refuses what is wrong
    suspects.add(owned);
    return !owned.isEmpty();
  }

  /**
   * Notes that the threads which are new since the last note appeared in {@code window}, which has
   * run on this thread.
   */
  public void appearedIn(W window) {
    try {
      suspects.appearedIn(new Followed<>(window));
    } catch (Error e) {
      failUnlessWarning(e);
    }
  }

  /**
   * The same, but {@code window} goes on when this thread has run others meanwhile, as a thread of
   * a pool may that waits for a task.
   */
  public void interrupted(W window) {
    try {
      suspects.interrupted(new Followed<>(window));
    } catch (Error e) {
      failUnlessWarning(e);
    }
  }

  /**
   * Notes that nobody answers for the threads which are new since the last note. If origins are to
   * be recorded, waits until they are: what the recorder starts belongs to no test.
   */
  public void disownNew() {
    try {
      awaitRecording();
      suspects.disownNew();
    } catch (Error e) {
      failUnlessWarning(e);
    }
  }

  /**
   * Judges the threads that appeared in windows which are over, waiting for those that are ending.
   *
   * <p>An interrupt, from before or meanwhile, does not cut the wait short; it is restored.
   *
   * <p>What the settings accept, or only warn of, is logged.
   *
   * @return a report for each window that fails for threads it left behind, in the order in which
   *     these were started. Where it cannot be told which of several windows started a thread, it
   *     is judged when all are over, and the report of the likeliest names them all
   */
  public List<Leak<W>> judge(Predicate<? super W> isOver) {
    if (suspects.isEmpty()) {
      return List.of(); // as after most tests, which so cost no more than their note
    }
    return unlessLost(() -> failing(judge.leaksOf(each -> isOver.test(each.window()))));
  }

  /**
   * Judges all threads, at the end of a run: also those that were held as long as the JVM lives, by
   * a cached Spring test context say, when they were judged before. If it has let go of one, that
   * one is leaked.
   *
   * @return as {@link #judge}
   */
  public List<Leak<W>> judgeAll() {
    return suspects.isAnyLeft() ? unlessLost(() -> failing(judge.leaksOfAll())) : List.of();
  }

  private List<Leak<W>> failing(List<Attributed<Followed<W>>> found) {
    List<Leak<W>> counting =
        leaksOf(found).stream()
            .map(left -> left.accepting(policy(left.window())))
            .filter(leak -> !leak.report().isEmpty())
            .toList();
    List<Leak<W>> failing =
        toldRun(counting).stream()
            .filter(leak -> policy(leak.window()).fails(leak.report()))
            .toList();
    counting.stream()
        .filter(leak -> policy(leak.window()).interrupts())
        .forEach(leak -> interrupt(leak.report().threads()));
    return failing;
  }

  private void interrupt(List<ThreadSample> threads) {
    List<String> left =
        suspects.check().interrupt(threads).stream().map(ThreadSample::name).toList();
    if (!left.isEmpty()) {
      LOG.warn("interrupted, as leak.action says, but not ended: {}", Names.list(left, MAX_NAMES));
    }
  }

  /**
   * What {@link #judge} would return now. Nobody is told of it, and all stays to be judged: for an
   * adapter that must say now whether something is left, though others may still stop it.
   */
  public List<Leak<W>> preview(Predicate<? super W> isOver) {
    return suspects.isEmpty() ? List.of() : unlessLost(() -> left(isOver));
  }

  private List<Leak<W>> left(Predicate<? super W> isOver) {
    List<Left<W>> leaks = leaksOf(judge.previewOf(each -> isOver.test(each.window())));
    Map<Long, Followed<W>> again = new HashMap<>();
    for (Left<W> leak : leaks) {
      Followed<W> window = new Followed<>(leak.window());
      leak.report().threads().forEach(thread -> again.put(thread.id(), window));
    }
    judge.reopen(again);
    return leaks.stream()
        .filter(left -> !policy(left.window()).letsAllPass())
        .map(left -> left.accepting(policy(left.window())))
        .filter(leak -> !leak.report().isEmpty())
        .toList();
  }

  private List<Left<W>> leaksOf(List<Attributed<Followed<W>>> found) {
    List<LeakReport> reports =
        LastLook.at(
            found.stream()
                .map(each -> new LeakReport(each.blame().description(), each.findings(), place))
                .toList(),
            suspects.check());
    return IntStream.range(0, found.size())
        .filter(i -> !reports.get(i).isEmpty())
        .mapToObj(
            i ->
                new Left<>(
                    found.get(i).blame().windows().stream().map(Followed::window).toList(),
                    reports.get(i)))
        .toList();
  }

  /** Whether no thread is left to be judged. */
  public boolean isClean() {
    return suspects.isEmpty();
  }

  /** For where a lambda around it all would cost each first test of a JVM. */
  private void failUnlessWarning(Error error) {
    LostCheck.failUnlessWarning(options.settings().policy(), error, suspects::names);
  }

  private List<Leak<W>> unlessLost(Supplier<List<Leak<W>>> check) {
    return LostCheck.unless(options.settings().policy(), check, List.of(), suspects::names);
  }

  /** The window that would fail says what does. */
  private Policy policy(W window) {
    return options.of(List.of(window.options())).orElseGet(options::settings).policy();
  }

  private List<Leak<W>> toldRun(List<Leak<W>> leaks) {
    RunRecorder recorder = run;
    if (recorder == null || leaks.isEmpty()) {
      return leaks;
    }
    Supplier<String> more =
        recorder.judged(leaks.stream().map(leak -> leak.report().forRun()).toList());
    return leaks.stream()
        .map(leak -> new Leak<>(leak.window(), leak.report().endingWith(more)))
        .toList();
  }

  /** Whether a check of the whole run is wanted even though tests have failed. */
  public boolean runsOnFailure() {
    return options.settings().runOnFailure();
  }

  /** Runs the cleanups that the options ask for, at the end of the run. */
  public void cleanUp(int exitCode) {
    options.settings().cleanUp(exitCode);
  }

  /** Ends this watch, and the recording of origins if it has asked for it. */
  @Override
  public void close() {
    boolean allJudged =
        Guard.make(
            "the end of a watch", suspects::close, nothingIsJudgedAfter -> suspects.isEmpty());
    synchronized (this) {
      if (origins != null) {
        origins.close();
      }
    }
    RunRecorder recorder = run;
    if (recorder != null) {
      recorder.watchEnded(); // writes files, so not under the lock
    }
    options
        .settings()
        .policy()
        .acceptedLeaks()
        .ifPresent(leaks -> leaks.endOfRun(allJudged)); // reads a file, so not under the lock
  }
}
