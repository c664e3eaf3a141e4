package dev.leakverifier.junit4;

import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.Leaks;
import java.time.Duration;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;

/** A class that leaks in one place of its life, as the test says. Run by other tests only. */
final class MatrixSamples {
  /** Where a thread is left. */
  enum Place {
    STATIC_INITIALISER,
    CLASS_RULE,
    BEFORE_CLASS,
    CONSTRUCTOR,
    RULE,
    BEFORE,
    TEST,
    AFTER,
    AFTER_CLASS
  }

  private MatrixSamples() {}

  private static LeakVerifierRule atOnce() {
    return LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ZERO));
  }

  private static TestRule resource(Place place) {
    return new ExternalResource() {
      @Override
      protected void before() {
        Leaks.leaveAt(place);
      }
    };
  }

  /** What the samples have in common: methods; a rule sees its own class made, not a base class. */
  public abstract static class Life {
    @BeforeClass
    public static void beforeClass() {
      Leaks.leaveAt(Place.BEFORE_CLASS);
    }

    @Before
    public void before() {
      Leaks.leaveAt(Place.BEFORE);
    }

    @Test
    public void test() {
      Leaks.leaveAt(Place.TEST);
    }

    @After
    public void after() {
      Leaks.leaveAt(Place.AFTER);
    }

    @AfterClass
    public static void afterClass() {
      Leaks.leaveAt(Place.AFTER_CLASS);
    }
  }

  /** Checked by a rule. */
  public static class MethodScope extends Life {
    @ClassRule public static final TestRule CLASS_RESOURCE = resource(Place.CLASS_RULE);
    private final LeakVerifierRule leaks = atOnce();
    @Rule public final TestRule rules = RuleChain.outerRule(leaks).around(resource(Place.RULE));

    static {
      Leaks.leaveAt(Place.STATIC_INITIALISER);
    }

    public MethodScope() {
      Leaks.leaveAt(Place.CONSTRUCTOR);
    }
  }

  /** Checked by a class rule. */
  public static class ClassScope extends Life {
    private static final LeakVerifierRule LEAKS = atOnce();

    @ClassRule
    public static final TestRule CLASS_RULES =
        RuleChain.outerRule(LEAKS).around(resource(Place.CLASS_RULE));

    @Rule public final TestRule resource = resource(Place.RULE);

    static {
      Leaks.leaveAt(Place.STATIC_INITIALISER);
    }

    public ClassScope() {
      Leaks.leaveAt(Place.CONSTRUCTOR);
    }
  }

  /** Checked by the run listener. */
  public static class RunScope extends Life {
    @ClassRule public static final TestRule CLASS_RESOURCE = resource(Place.CLASS_RULE);
    @Rule public final TestRule resource = resource(Place.RULE);

    static {
      Leaks.leaveAt(Place.STATIC_INITIALISER);
    }

    public RunScope() {
      Leaks.leaveAt(Place.CONSTRUCTOR);
    }
  }
}
