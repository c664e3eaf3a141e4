package dev.leakverifier.junit4;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.host.Log;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Fails the JUnit 4 test, class or suite that leaves a thread running.
 *
 * <pre>{@code
 * @Rule(order = Integer.MIN_VALUE)
 * public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
 * }</pre>
 *
 * <p>As a {@code @Rule} it checks each test, {@code @Before} and {@code @After} included. As a
 * static {@code @ClassRule} it checks a class, {@code @BeforeClass} and {@code @AfterClass}
 * included, or a whole {@code Suite}: right for threads that only these stop. The field decides
 * when the verdict falls; {@code leak.scope} is not asked.
 *
 * <p>The order puts it around all other rules of the class, which so stop their threads before the
 * check; before JUnit 4.13, {@link org.junit.rules.RuleChain#outerRule} does. What rules around it
 * start is theirs, and not looked at. What they stop, they stop after the check: if all of them are
 * resources ({@link org.junit.rules.ExternalResource}), the verdict falls when they are over, else
 * a report names them. A {@code Timeout} around it cuts the check short.
 *
 * <p>A test that fails by itself keeps its error and gets the leak as a second one, which is logged
 * as well, since an {@code ExpectedException} around it can swallow both. A test that is skipped by
 * an assumption stays skipped, and the leak is attached to it and logged. {@code @IgnoreLeaks} on a
 * method is read by a {@code @Rule} only. One object may serve many tests.
 *
 * <p>Fields of the test that are declared before the rule start their threads unseen. Where tests
 * run in parallel in one JVM, the one that started a thread is to blame, and what a test beside it
 * without a rule started is ignored. If it is not known who did (a virtual thread, or {@code
 * leak.origins=false}), the report names all tests with a rule that may have, so a thread of a test
 * without one is blamed on its neighbours.
 */
public final class LeakVerifierRule implements TestRule {
  private static final Log LOG = Log.of(LeakVerifierRule.class);

  /**
   * Starts to record who starts threads. A rule does not know which test is the last, so recording
   * goes on until the JVM exits.
   */
  private static final class Origins {
    static final LeakOption RECORDED = LeakVerifier.recordOrigins();
  }

  /** The settings that were logged last: once, unless they change. */
  private static final AtomicReference<@Nullable LeakConfiguration> LOGGED =
      new AtomicReference<>();

  /**
   * Whether the rule that was made last has been applied. To ask who makes each rule would cost
   * more than all else; this way it is asked for the first, and after one that nobody applied.
   */
  private static final AtomicBoolean LAST_WAS_APPLIED = new AtomicBoolean();

  private final List<LeakOption> options;

  /**
   * Follows what happens from here on: if a test is being made, its constructor is checked, too.
   * Taken by the first test. Whether its constructor, or somebody before it, has started a thread,
   * tells the stack of the start: to ask who makes this rule would cost each test more than all
   * else.
   */
  private final AtomicReference<@Nullable LeakWatch<Window>> fromConstruction;

  private LeakVerifierRule(List<LeakOption> options) {
    if (!LAST_WAS_APPLIED.getAndSet(false)) {
      WrongFramework.refuseRuleOfJupiter();
    }
    this.options = options;
    this.fromConstruction = new AtomicReference<>(startEarly().orElse(null));
  }

  /** Empty if the settings are wrong, too: the test fails with that when it is run. */
  private Optional<LeakWatch<Window>> startEarly() {
    try {
      return startWatch();
    } catch (IllegalArgumentException e) {
      LOG.debug("the test will fail with this when it is run", e);
      return Optional.empty();
    }
  }

  /** Empty if nothing is to be checked. */
  private Optional<LeakWatch<Window>> startWatch() {
    LeakConfiguration configuration = LeakConfiguration.load("", Map.of());
    if (!configuration.isEnabled()) {
      return Optional.empty();
    }
    if (!configuration.equals(LOGGED.getAndSet(configuration))) {
      LOG.info("tests with this rule are checked for leaked threads; settings: {}", configuration);
    }
    if (configuration.recordsOrigins()) {
      var unused = Origins.RECORDED; // which starts it
    }
    return Optional.of(LeakWatch.start(IgnoreLine.Place.JAVA, configuration, options));
  }

  /**
   * Makes a rule with {@code options}, which add to the {@code leak.*} system properties, {@code
   * leakverifier.properties} and {@code @IgnoreLeaks}.
   *
   * @throws IllegalStateException in a test of JUnit Jupiter, which would not apply the rule
   */
  public static LeakVerifierRule verifyNone(LeakOption... options) {
    return new LeakVerifierRule(LeakOption.list(options));
  }

  @Override
  public Statement apply(Statement base, Description description) {
    LAST_WAS_APPLIED.set(true);
    Window window = new Window(description);
    // JUnit applies all rules before it runs any.
    LeakWatch<Window> constructed = fromConstruction.getAndSet(null);
    if (constructed != null) {
      constructed.made(window::ifItsConstructorIsOn);
    }
    return new Statement() {
      @Override
      public void evaluate() throws Throwable {
        Optional<LeakWatch<Window>> watch =
            constructed == null ? startWatch() : Optional.of(constructed);
        if (watch.isPresent()) {
          watch.get().disownNew(); // what the rules around this one have started, they will stop
          watch.get().opened(window);
          new RuleVerdict(window, watch.get(), options).after(base);
        } else {
          base.evaluate();
        }
      }
    };
  }
}
