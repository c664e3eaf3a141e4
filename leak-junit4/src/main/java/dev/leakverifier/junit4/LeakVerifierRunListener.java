package dev.leakverifier.junit4;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.text.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.runner.Description;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/**
 * Fails a JUnit 4 run that leaves threads running: one verdict after all tests and fixtures, which
 * names the test in which each thread appeared.
 *
 * <pre>{@code
 * <properties>
 *   <property>
 *     <name>listener</name>
 *     <value>dev.leakverifier.junit4.LeakVerifierRunListener</value>
 *   </property>
 * </properties>
 * }</pre>
 *
 * <p>That is in the configuration of Surefire. As goleak's {@code VerifyTestMain}, it does not look
 * when tests have failed, unless {@code leak.runOnFailure} is set, and then says so at level WARN;
 * of a test that Surefire runs again, its last result counts. The run fails with JUnit's "Test
 * mechanism" as the failing entry: a run listener cannot reopen a test that is over.
 */
public final class LeakVerifierRunListener extends RunListener {
  private static final Log LOG = Log.of(LeakVerifierRunListener.class);

  private static final int MAX_NAMES = 10;

  private final AtomicInteger running = new AtomicInteger();

  /** What has failed the last time that it ran: Surefire can run failed tests again. */
  private final Set<Description> failed = Collections.synchronizedSet(new LinkedHashSet<>());

  private final Set<Class<?>> classes = ConcurrentHashMap.newKeySet();

  /** What went wrong while the run was followed; it is told with the verdict. */
  private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

  /** From the start of a run to a verdict, which may be that of a later run. */
  private @Nullable LeakWatch<Window> watch;

  /** Called by the test runner. */
  public LeakVerifierRunListener() {}

  /**
   * Starts to follow the run, or goes on if an earlier one has given no verdict: Surefire's
   * parallel runner makes a run of its own of the tests that it runs again, and Surefire 3.6 runs
   * within runs.
   */
  @Override
  public void testRunStarted(Description run) {
    if (watch != null) {
      return;
    }
    LeakConfiguration configuration = LeakConfiguration.load("", Map.of());
    if (configuration.isEnabled()) {
      LOG.info("the run is checked for leaked threads; settings: {}", configuration);
      watch = LeakWatch.start(IgnoreLine.Place.PROPERTY, configuration, List.of());
    }
  }

  @Override
  public void testSuiteStarted(Description suite) {
    failed.remove(suite);
  }

  @Override
  public void testStarted(Description test) {
    failed.remove(test);
    if (watch == null) {
      return;
    }
    if (test.getTestClass() != null && classes.add(test.getTestClass())) {
      WrongFramework.extensionOn(test.getTestClass()).ifPresent(errors::add);
    }
    if (running.getAndIncrement() == 0 && test.getTestClass() != null) {
      appearedIn(Description.createSuiteDescription(test.getTestClass()));
    }
    LeakWatch<Window> current = watch;
    note(() -> current.opened(new Window(test)));
  }

  @Override
  public void testFailure(Failure failure) {
    failed.add(failure.getDescription());
  }

  @Override
  public void testFinished(Description test) {
    running.decrementAndGet();
    appearedIn(test);
  }

  @Override
  public void testSuiteFinished(Description suite) {
    appearedIn(suite);
  }

  private void appearedIn(Description window) {
    LeakWatch<Window> current = watch;
    if (current != null) {
      note(() -> current.appearedIn(new Window(window)));
    }
  }

  /** What it throws would end the run, or this listener: so that waits for the verdict. */
  private void note(Runnable note) {
    try {
      note.run();
    } catch (RuntimeException | Error e) { // a bad value in @IgnoreLeaks, a class that is missing
      errors.add(e);
    }
  }

  /**
   * Gives the verdict.
   *
   * @throws Exception if threads are left; JUnit reports what a listener throws as a failure, but
   *     only if it is no {@code Error}
   */
  @Override
  public void testRunFinished(Result result) throws Exception {
    if (watch == null) {
      return;
    }
    // JUnit 4.12 does not tell when a class is over: what its @AfterClass leaves is only seen here.
    appearedIn(Description.createSuiteDescription("the run, after its last test"));
    if (!failed.isEmpty() && !watch.runsOnFailure()) {
      LOG.warn(
          "not checked for leaked threads, since tests failed: {}; leak.runOnFailure=true checks"
              + " anyway",
          namesOfFailed());
      errors.forEach(error -> LOG.warn("the run could not be followed", error));
      return;
    }
    Collection<LeakReport> leaks = List.of();
    try {
      long start = System.nanoTime();
      leaks = watch.judgeAll().stream().map(LeakWatch.Leak::report).toList();
      LOG.debug(
          "checked after the run in {} ms, reports: {}",
          (System.nanoTime() - start) / 1e6,
          leaks.size());
    } catch (RuntimeException | Error e) { // a predicate, @IgnoreLeaks
      errors.add(e);
    }
    try {
      watch.cleanUp(failed.isEmpty() && leaks.isEmpty() && errors.isEmpty() ? 0 : 1);
    } catch (RuntimeException | Error e) { // of the user's
      errors.add(e);
    } finally {
      watch.close();
      watch = null;
    }
    List<Throwable> all = List.copyOf(errors);
    errors.clear(); // a later run with this listener has a verdict of its own
    if (!leaks.isEmpty() || !all.isEmpty()) {
      throw leaks.isEmpty() && all.get(0) instanceof Exception first
          ? first
          : new LeaksInRun(leaks, all);
    }
  }

  private String namesOfFailed() {
    List<Description> all = List.copyOf(failed);
    return all.stream()
            .limit(MAX_NAMES)
            .map(each -> new Window(each).describe())
            .collect(joining(", "))
        + Names.andMore(all.size() - MAX_NAMES);
  }

  /**
   * All leaks of a run; carries the error of each test. Surefire shows the message, which has all
   * reports; who prints the stack trace shows the reports with the errors, and so not twice.
   */
  private static final class LeaksInRun extends Exception {
    private static final long serialVersionUID = 1L;

    private final int leaks;

    LeaksInRun(Collection<LeakReport> leaks, List<Throwable> errors) {
      super(
          Stream.concat(
                  leaks.stream().map(LeakReport::toString),
                  errors.stream().map(e -> new Lost("a check for leaked threads", e).toString()))
              .collect(joining("\n\n")));
      this.leaks = leaks.size();
      leaks.forEach(leak -> addSuppressed(leak.toError()));
      errors.forEach(this::addSuppressed);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message has more to say than a trace
    public String toString() {
      return getClass().getName()
          + ": "
          + switch (leaks) {
            case 0 -> "a check is lost";
            case 1 -> "a leak";
            default -> leaks + " leaks";
          };
    }
  }
}
