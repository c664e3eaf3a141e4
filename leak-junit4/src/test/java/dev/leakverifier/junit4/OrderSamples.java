package dev.leakverifier.junit4;

import static org.junit.Assume.assumeTrue;

import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.theories.DataPoint;
import org.junit.experimental.theories.Theories;
import org.junit.experimental.theories.Theory;
import org.junit.rules.ErrorCollector;
import org.junit.rules.ExpectedException;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;
import org.junit.rules.TestWatcher;
import org.junit.rules.Timeout;
import org.junit.runner.Description;
import org.junit.runner.RunWith;
import org.junit.runners.model.Statement;

/** Tests with other rules around ours. Run by other tests only. */
final class OrderSamples {
  private static final int AROUND = 1;
  private static final int BETWEEN = 2;
  private static final int INSIDE = 3;

  private OrderSamples() {}

  private static LeakVerifierRule atOnce(LeakOption... more) {
    LeakOption[] options = List.of(more).toArray(new LeakOption[more.length + 1]);
    options[more.length] = LeakVerifier.maxWait(Duration.ZERO);
    return LeakVerifierRule.verifyNone(options);
  }

  /** Starts threads when the test asks for them, and stops them when it is over. */
  static class Workers extends ExternalResource {
    private final List<BlockedThread> workers = new ArrayList<>();

    void work() {
      workers.add(BlockedThread.start("worker"));
    }

    @Override
    protected void after() {
      workers.forEach(BlockedThread::close);
    }
  }

  /** The order that JUnit gives them by their names. */
  public static class StoppedByAResource {
    @Rule public final LeakVerifierRule leaks = atOnce();
    @Rule public final Workers workers = new Workers();

    @Test
    public void stopped() {
      workers.work();
    }

    @Test
    public void alsoStopped() {
      workers.work();
    }

    @Test
    public void left() {
      workers.work();
      Leaks.leave("left");
    }

    @Test
    public void stoppedAndFails() {
      workers.work();
      throw new IllegalArgumentException("my own");
    }

    @Test
    public void leftAndFails() {
      Leaks.leave("left");
      throw new IllegalArgumentException("my own");
    }

    @Test
    public void leftAndSkipped() {
      Leaks.leave("left");
      assumeTrue(false);
    }
  }

  /** The same in a class of its own. */
  public static class SaidOnce extends StoppedByAResource {}

  /** The other rule cannot be done with its own work. */
  public static class FailsToStop {
    @Rule(order = AROUND)
    public final ExternalResource failing =
        new ExternalResource() {
          @Override
          protected void after() {
            throw new IllegalArgumentException("of after()");
          }
        };

    @Rule(order = BETWEEN)
    public final Workers workers = new Workers();

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void stopped() {
      workers.work();
    }

    @Test
    public void left() {
      Leaks.leave("left");
    }
  }

  public static class ClassResource {
    @ClassRule(order = AROUND)
    public static final Workers WORKERS = new Workers();

    @ClassRule(order = INSIDE)
    public static final LeakVerifierRule LEAKS = atOnce();

    @Test
    public void stopped() {
      WORKERS.work();
    }
  }

  /** What others see that stand around, and what becomes of it where nothing may fail. */
  public static class OnlyWarns {
    static final List<Throwable> SEEN = new ArrayList<>();

    @Rule(order = AROUND)
    public final TestRule sees = (base, description) -> seeing(base, SEEN);

    @Rule(order = BETWEEN)
    public final Workers workers = new Workers();

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce(LeakVerifier.warnOnly());

    @Test
    public void stopped() {
      workers.work();
    }
  }

  private static Statement seeing(Statement base, List<Throwable> seen) {
    return new Statement() {
      @Override
      public void evaluate() throws Throwable {
        try {
          base.evaluate();
        } catch (Throwable e) {
          seen.add(e);
          throw e;
        }
      }
    };
  }

  /** Looks at what it has collected only after a test that did not throw. */
  public static class InsideACollector {
    @Rule(order = AROUND)
    public final Workers workers = new Workers();

    @Rule(order = BETWEEN)
    public final ErrorCollector errors = new ErrorCollector();

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void failsInTheEnd() {
      workers.work();
      errors.addError(new IllegalArgumentException("collected"));
    }
  }

  /** A rule that is none of JUnit's kinds: nobody knows what it does after a test that threw. */
  static final class Server implements TestRule {
    @Override
    public Statement apply(Statement base, Description description) {
      return new Statement() {
        @Override
        public void evaluate() throws Throwable {
          base.evaluate();
        }
      };
    }
  }

  public static class InsideRulesOfItsOwn {
    @Rule(order = AROUND)
    public final Server server = new Server();

    @Rule(order = AROUND)
    public Workers workers() {
      return new Workers();
    }

    @Rule(order = BETWEEN)
    public final TestRule lambda = (base, description) -> seeing(base, new ArrayList<>());

    @Rule(order = BETWEEN)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class InsideHarmlessRules {
    @Rule(order = AROUND)
    public final TestName name = new TestName();

    @Rule(order = BETWEEN)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class InsideAChain {
    private final LeakVerifierRule leaks = atOnce();
    private final Workers workers = new Workers();

    @Rule
    public final RuleChain rules =
        RuleChain.outerRule(new TestWatcher() {}).around(workers).around(leaks);

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class InsideATimeout {
    @Rule(order = AROUND)
    public final Timeout timeout = Timeout.seconds(60);

    @Rule(order = INSIDE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  /** JUnit's own order by name puts {@code thrown} around {@code leaks}. */
  @SuppressWarnings("deprecation") // people have it
  public static class ExpectsAnything {
    @Rule public final LeakVerifierRule leaks = atOnce();
    @Rule public final ExpectedException thrown = ExpectedException.none();

    @Test
    public void swallowed() {
      thrown.expect(Exception.class);
      Leaks.leave("left");
      throw new IllegalArgumentException("my own");
    }

    @Test
    public void expectsNothing() {
      Leaks.leave("left");
    }
  }

  public static class BesidesItsOwnFailure {
    @Rule(order = Integer.MIN_VALUE)
    public final LeakVerifierRule leaks = atOnce();

    @Test
    public void fails() {
      Leaks.leave("left");
      throw new IllegalArgumentException("my own");
    }
  }

  /** Theories show what they catch in an error of their own. */
  @RunWith(Theories.class)
  public static class InTheory {
    @DataPoint public static final int ROW = 1;

    @Rule public final LeakVerifierRule leaks = atOnce();
    @Rule public final Workers workers = new Workers();

    @Theory
    public void stopped(int row) {
      workers.work();
    }
  }

  /** The check stands around all others, wherever its field stands. */
  public static class AroundAll {
    @Rule(order = Integer.MIN_VALUE)
    public final LeakVerifierRule leaks = atOnce();

    @Rule public final Workers aWorkers = new Workers();
    @Rule public final Workers workers = new Workers();

    @Test
    public void stopped() {
      aWorkers.work();
      workers.work();
    }

    @Test
    public void left() {
      Leaks.leave("left");
    }
  }
}
