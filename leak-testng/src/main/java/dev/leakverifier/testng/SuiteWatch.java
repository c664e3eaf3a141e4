package dev.leakverifier.testng;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testng.ISuite;
import org.testng.ISuiteResult;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.xml.XmlSuite;

/**
 * Follows one suite: after each test and fixture it notes which threads are new, and it asks for
 * the verdict on them when the level that they belong to is over.
 *
 * <p>TestNG tells when something begins, not always when something is over; so a window ends at the
 * first event that cannot belong to it any more.
 */
final class SuiteWatch {
  private static final Log LOG = Log.of(SuiteWatch.class);
  private static final String ATTRIBUTE = SuiteWatch.class.getName();
  private static final String REPLACED = ATTRIBUTE + ".replaced";

  /**
   * Classes whose last test has run, with the thread that now runs their teardowns. TestNG may tell
   * another listener instance than the owner.
   */
  private static final Map<ITestClass, Long> ENDING =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Suites whose tests are being made: few. Some never start. */
  private static final List<Making> MAKING = new ArrayList<>();

  private final LeakVerifierListener owner;
  private final ISuite suite;
  private final SuiteSettings settings;
  private final Lifecycle lifecycle;
  private final VerdictLevel verdictLevel;
  private final Attempts attempts = new Attempts();
  private final LeakWatch<Window> watch;
  private final TestMaking making;
  private final ConcurrentMap<ITestResult, Window> running = new ConcurrentHashMap<>();

  /** What each thread has begun last. */
  private final ConcurrentMap<Long, ITestResult> lastOn = new ConcurrentHashMap<>();

  private final Set<ITestContext> started = new HashSet<>();

  /** Threads that have run a test or an after-method since their last before-method. */
  private final Set<Long> methodMayBeOver = ConcurrentHashMap.newKeySet();

  private volatile @Nullable ITestResult last;

  /** Whether threads live that were started when the tests were made. */
  private volatile boolean leftByMaking;

  /** No map: suites are equal if they say the same. */
  private record Making(
      WeakReference<XmlSuite> suite, LeakConfiguration settings, LeakWatch<Window> watch) {}

  private SuiteWatch(
      LeakVerifierListener owner, ISuite suite, SuiteSettings settings, LeakWatch<Window> watch) {
    this.owner = owner;
    this.suite = suite;
    this.settings = settings;
    this.lifecycle = new Lifecycle(suite);
    this.verdictLevel = new VerdictLevel(settings, lifecycle);
    this.watch = watch;
    this.making = new TestMaking(suite, lifecycle, settings);
  }

  /** Notes that TestNG begins to make the tests of {@code suites}, and of those within them. */
  static synchronized void making(List<XmlSuite> suites) {
    for (XmlSuite suite : suites) {
      making(suite.getChildSuites());
      if (MAKING.stream().noneMatch(each -> each.suite().refersTo(suite))) {
        try {
          SuiteSettings settings = new SuiteSettings(suite);
          if (settings.isAnyEnabled()) {
            LeakWatch<Window> watch = start(suite, settings);
            watch.disownNew();
            MAKING.add(new Making(new WeakReference<>(suite), settings.ofSuite(), watch));
          }
        } catch (IllegalArgumentException e) {
          LOG.debug("the suite will not start because of this", e);
        }
      }
    }
  }

  /**
   * Watches {@code suite} on behalf of the first listener that asks for it, with all their options.
   */
  static synchronized void claim(
      ISuite suite, LeakVerifierListener listener, List<LeakOption> options) {
    SuiteWatch watch = (SuiteWatch) suite.getAttribute(ATTRIBUTE);
    if (watch == null) {
      SuiteSettings settings = new SuiteSettings(suite.getXmlSuite());
      Making making = removeFromMaking(suite.getXmlSuite());
      if (!settings.isAnyEnabled()) {
        if (making != null) {
          making.watch().close();
        }
        return;
      }
      if (making != null && !making.settings().equals(settings.ofSuite())) {
        making.watch().use(settings.ofSuite()); // another listener has altered the suite
      }
      LeakWatch<Window> threads =
          making == null ? start(suite.getXmlSuite(), settings) : making.watch();
      watch = new SuiteWatch(listener, suite, settings, threads);
      watch.leftByMaking = making != null && threads.made(watch.making::windowOf);
      suite.setAttribute(ATTRIBUTE, watch);
      settings.log();
    }
    if (!options.isEmpty()) {
      watch.settings.log(options, listener);
      watch.watch.addOptions(options);
    }
  }

  /** Who watched the making of {@code suite}, if anyone; forgets suites that are gone. */
  private static @Nullable Making removeFromMaking(XmlSuite suite) {
    Making found = null;
    for (Iterator<Making> all = MAKING.iterator(); all.hasNext(); ) {
      Making each = all.next();
      if (each.suite().refersTo(suite)) {
        found = each;
      }
      if (each.suite().refersTo(suite) || each.suite().refersTo(null)) {
        all.remove();
      }
    }
    return found;
  }

  /** A suite that was made from classes has no file that a parameter could be written in. */
  private static LeakWatch<Window> start(XmlSuite suite, SuiteSettings settings) {
    return LeakWatch.start(
        suite.getFileName() == null ? IgnoreLine.Place.PROPERTY : IgnoreLine.Place.TESTNG_XML,
        settings.ofSuite(),
        List.of());
  }

  /** The watch over {@code suite}, if {@code listener} is the one that owns it. */
  static Optional<SuiteWatch> ownedBy(LeakVerifierListener listener, ISuite suite) {
    return Optional.ofNullable((SuiteWatch) suite.getAttribute(ATTRIBUTE))
        .filter(watch -> watch.owner == listener);
  }

  /** Notes that the last test of {@code testClass} has run; its teardowns may still come. */
  static void ending(ITestClass testClass) {
    ENDING.put(testClass, currentThread());
  }

  void before(ITestResult result) {
    ITestNGMethod method = result.getMethod();
    noteStart(result, () -> disownAtTheStartOf(result.getTestContext()));
    long thread = currentThread();
    if (!method.isAfterMethodConfiguration() && methodMayBeOver.remove(thread)) {
      judge(window -> window.level() == LeakLevel.METHOD && window.runsOn(thread));
    }
    if (!method.isAfterClassConfiguration()) {
      judge(
          window ->
              window.level() == LeakLevel.CLASS
                  && window.testClass().filter(type -> isEnding(type, thread)).isPresent());
    }
    Window window = window(result);
    running.put(result, window);
    lastOn.put(thread, result);
    noteStart(result, () -> watch.opened(window));
  }

  /** What it throws would end the run. If it was more than a mishap, the end of the test fails. */
  private static void noteStart(ITestResult result, Runnable note) {
    try {
      note.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("the start of {} was not noted", ResultNames.of(result), e);
    }
  }

  /** Others that start at the same time wait, or what their first test starts would be disowned. */
  private synchronized void disownAtTheStartOf(ITestContext context) {
    if (started.add(context) && (started.size() == 1 || !lifecycle.isParallel())) {
      watch.disownNew(); // started by other listeners, which have to stop it themselves
    }
  }

  void after(ITestResult result) {
    ITestNGMethod method = result.getMethod();
    last = result;
    if (leftByMaking) {
      making.ran(result);
    }
    Window window = running.remove(result);
    try {
      watch.appearedIn(window == null ? window(result) : window);
    } catch (RuntimeException | Error e) { // a bad value in @IgnoreLeaks; it would end the run
      Verdict.add(result, e);
    }
    long thread = currentThread();
    if (method.isTest() || method.isAfterMethodConfiguration()) {
      methodMayBeOver.add(thread);
    }
    if (method.isTest() && verdictLevel.isOver(method)) {
      methodMayBeOver.remove(thread);
      judge(other -> other.level() == LeakLevel.METHOD && other.runsOn(thread), result);
    }
  }

  /**
   * Where another listener threw, TestNG makes a new result for the test, or puts the exception in
   * place of what was said in {@code result}; and it may not have told that the test is over.
   */
  void failed(ITestResult result) {
    ITestResult noted = lastOn.get(currentThread());
    if (noted == null || !noted.getMethod().equals(result.getMethod())) {
      return;
    }
    if (noted != result) {
      noted.setAttribute(REPLACED, result);
    }
    if (running.containsKey(noted)) {
      after(noted);
    }
    Verdict.restore(noted, result);
  }

  /** Whether {@code thread} has run the last test of {@code testClass}. */
  private static boolean isEnding(ITestClass testClass, long thread) {
    return ENDING.getOrDefault(testClass, 0L) == thread;
  }

  private Window window(ITestResult result) {
    long thread = currentThread();
    return new InvocationWindow(
        result,
        verdictLevel.of(result),
        settings.of(result.getTestContext().getCurrentXmlTest()),
        thread,
        attempts.number(result, thread));
  }

  void finished(ITestContext context) {
    judge(window -> window.level() != LeakLevel.SUITE && window.isIn(context));
  }

  void finished() {
    boolean onlyAfterSuccess = settings.ofSuite().levels().contains(LeakLevel.SUITE);
    if (!onlyAfterSuccess || watch.runsOnFailure() || !hasFailures()) {
      judge(watch::judgeAll, null);
    } else {
      LOG.warn(
          "suite \"{}\" is not checked for leaked threads, since tests failed; leak.runOnFailure=true"
              + " checks it anyway",
          suite.getName());
    }
    try {
      watch.cleanUp(hasFailures() ? 1 : 0);
    } catch (RuntimeException | Error e) { // of the user's; TestNG would lose all its reports
      LOG.error("a cleanup after suite \"{}\" threw", suite.getName(), e);
      deliver(last, e, null);
    }
    watch.close();
  }

  private static long currentThread() {
    return LeakWatch.currentThread();
  }

  private void judge(Predicate<Window> isOver) {
    judge(isOver, null);
  }

  /**
   * Judges, and delivers; what concerns {@code unfiled} can still be said in that result itself.
   */
  private void judge(Predicate<Window> isOver, @Nullable ITestResult unfiled) {
    judge(() -> watch.judge(isOver), unfiled);
  }

  private void judge(
      Supplier<List<LeakWatch.Leak<Window>>> verdict, @Nullable ITestResult unfiled) {
    long start = System.nanoTime();
    try {
      List<LeakWatch.Leak<Window>> leaks = verdict.get();
      if (LOG.isDebugEnabled()) {
        LOG.debug(
            "checked after {} in {} ms, reports: {}",
            last == null ? "the start" : ResultNames.of(last),
            (System.nanoTime() - start) / 1e6,
            leaks.size());
      }
      for (LeakWatch.Leak<Window> leak : leaks) {
        LeakReport report = leak.window().note().map(leak.report()::withNote).orElse(leak.report());
        deliver(leak.window().answers().orElse(last), report.toError(), unfiled);
      }
    } catch (RuntimeException | Error e) { // a predicate, @IgnoreLeaks; it would end the run
      deliver(last, e, unfiled);
    }
  }

  private void deliver(
      @Nullable ITestResult noted, Throwable error, @Nullable ITestResult unfiled) {
    if (noted == null) {
      LOG.error(
          "no test of suite \"{}\" has run, so none can fail for this", suite.getName(), error);
      return;
    }
    ITestResult result =
        noted.getAttribute(REPLACED) instanceof ITestResult replacement ? replacement : noted;
    if (noted == unfiled) {
      Verdict.add(result, error);
    } else {
      Verdict.addLate(result, error, ENDING.containsKey(result.getMethod().getTestClass()));
    }
  }

  private boolean hasFailures() {
    return suite.getResults().values().stream()
        .map(ISuiteResult::getTestContext)
        .anyMatch(
            context ->
                context.getFailedTests().size() + context.getFailedConfigurations().size() > 0);
  }
}
