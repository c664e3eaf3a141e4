package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakverifier.IgnoreLeaks;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that leak, and tests that do not. Run by other tests only. */
final class ExtensionSamples {
  private ExtensionSamples() {}

  @ExtendWith(LeakVerifierExtension.class)
  static class Checked {}

  static class OneOfThreeLeaks extends Checked {
    @Test
    void a() {}

    @Test
    void b() {
      Leaks.leave("left-by-b");
    }

    @Test
    void c() {}
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class RegisteredTwice {
    @RegisterExtension
    static final LeakVerifierExtension LEAKS =
        LeakVerifierExtension.verifyNone(LeakVerifier.ignoreName("known-*"));

    @Test
    void ignored() {
      Leaks.leave("known-1");
    }

    @Test
    void leaks() {
      Leaks.leave("unknown-1");
    }
  }

  static class NotRegistered {
    @Test
    void leaks() {
      Leaks.leave("left-by-an-unregistered-test");
    }
  }

  static class StoppedInAfterEach extends Checked {
    private final BlockedThread ofConstructor = BlockedThread.start("of-constructor");
    @AutoClose final BlockedThread autoClosed = BlockedThread.start("auto-closed");
    private @Nullable BlockedThread ofBeforeEach;

    @BeforeEach
    void start() {
      ofBeforeEach = BlockedThread.start("of-before-each");
    }

    @Test
    void uses() {}

    @AfterEach
    void stop() {
      ofConstructor.close();
      requireNonNull(ofBeforeEach).close();
    }
  }

  static class ConstructorLeaks extends Checked {
    ConstructorLeaks() {
      Leaks.leave("left-by-constructor");
    }

    @BeforeAll
    static void nothing() {}

    @Test
    void blamed() {}
  }

  static class StoppedInAfterAll extends Checked {
    private static @Nullable BlockedThread worker;

    @Test
    void startsWorker() {
      worker = BlockedThread.start("worker");
    }

    @AfterAll
    static void stop() {
      requireNonNull(worker).close();
    }
  }

  static class ForgottenInAfterAll extends Checked {
    @Test
    void forgets() {
      Leaks.leave("forgotten");
    }

    @Test
    void innocent() {}

    @AfterAll
    static void stopsNothing() {}
  }

  static class BeforeAllLeaks extends Checked {
    @BeforeAll
    static void connects() {
      Leaks.leave("left-by-before-all");
    }

    @Test
    void innocent() {}
  }

  static class AfterAllLeaks extends Checked {
    @Test
    void innocent() {}

    @AfterAll
    static void disconnects() {
      Leaks.leave("left-by-after-all");
    }
  }

  static class StaticAutoClose extends Checked {
    @AutoClose static @Nullable BlockedThread worker;

    @Test
    void starts() {
      worker = BlockedThread.start("closed-with-the-class");
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClass extends Checked {
    private final BlockedThread ofInstance = BlockedThread.start("of-instance");

    @Test
    void innocent() {}

    @Test
    void leaks() {
      Leaks.leave("left-by-one-of-an-instance");
    }

    @AfterAll
    void stop() {
      ofInstance.close();
    }
  }

  static class Outer extends Checked {
    private @Nullable BlockedThread stoppedByOuter;

    @AfterEach
    void stop() {
      requireNonNull(stoppedByOuter).close();
    }

    @BeforeEach
    void start() {
      stoppedByOuter = BlockedThread.start("stopped-by-outer");
    }

    @Nested
    class Inner {
      @Test
      void silent() {}

      @Test
      void leaks() {
        Leaks.leave("left-by-inner");
      }
    }
  }

  static class OuterAfterAll extends Checked {
    private static @Nullable BlockedThread worker;

    @Nested
    class Inner {
      @Test
      void starts() {
        worker = BlockedThread.start("stopped-by-the-outer-class");
      }
    }

    @AfterAll
    static void stop() {
      requireNonNull(worker).close();
    }
  }

  static class Invocations extends Checked {
    @ParameterizedTest
    @ValueSource(strings = {"EUR", "USD"})
    void pays(String currency) {
      if (currency.equals("USD")) {
        Leaks.leave("left-by-USD");
      }
    }

    @RepeatedTest(2)
    void repeats(RepetitionInfo repetition) {
      if (repetition.getCurrentRepetition() == 2) {
        Leaks.leave("left-by-repetition");
      }
    }
  }

  static class Dynamic extends Checked {
    @TestFactory
    Stream<DynamicNode> makes() {
      return Stream.of(
          DynamicTest.dynamicTest("innocent", () -> {}),
          DynamicContainer.dynamicContainer(
              "several",
              List.of(
                  DynamicTest.dynamicTest("guilty", () -> Leaks.leave("left-by-dynamic-test")))));
    }
  }

  @ParameterizedClass
  @ValueSource(ints = {1, 2})
  static class OfParameters extends Checked {
    @Parameter int number;

    @Test
    void leaksOnce() {
      if (number == 2) {
        Leaks.leave("left-by-number-2");
      }
    }
  }

  static class OwnEnds extends Checked {
    @Test
    void fails() {
      Leaks.leave("left-by-failed");
      fail("its own");
    }

    @Test
    void aborts() {
      Leaks.leave("left-by-aborted");
      assumeTrue(false, "not here");
    }

    @Test
    @Disabled("not now")
    void disabled() {
      Leaks.leave("never");
    }
  }

  static class InOtherThread extends Checked {
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void silent() {}

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void leaks() {
      Leaks.leave("left-by-other-thread");
    }

    @Test
    @Timeout(60)
    void silentOnItsOwn() {}
  }

  @IgnoreLeaks(name = "known-to-class-*")
  static class Ignores extends Checked {
    @Test
    void ofClass() {
      Leaks.leave("known-to-class-1");
    }

    @Test
    @IgnoreLeaks
    void notChecked() {
      Leaks.leave("anything");
    }

    @Test
    void leaks() {
      Leaks.leave("unknown-to-class");
    }

    @Nested
    class Inner {
      @Test
      void ofOuterClass() {
        Leaks.leave("known-to-class-2");
      }
    }
  }

  /** Starts a thread each time, and stops it by callbacks or when JUnit closes its stores. */
  static final class Others
      implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace ALL = ExtensionContext.Namespace.GLOBAL;

    @Override
    public void beforeAll(ExtensionContext context) {
      context
          .getRoot()
          .getStore(ALL)
          .computeIfAbsent("run", key -> BlockedThread.start("closed-with-the-run"));
      context.getStore(ALL).put("stored", BlockedThread.start("closed-with-the-store-of-class"));
      context.getStore(ALL).put("all", new BlockedThread[] {BlockedThread.start("after-all")});
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      context.getStore(ALL).put("stored", BlockedThread.start("closed-with-the-store-of-test"));
      context.getStore(ALL).put("each", new BlockedThread[] {BlockedThread.start("after-each")});
    }

    @Override
    public void afterEach(ExtensionContext context) {
      requireNonNull(context.getStore(ALL).get("each", BlockedThread[].class))[0].close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
      requireNonNull(context.getStore(ALL).get("all", BlockedThread[].class))[0].close();
    }
  }

  @ExtendWith(Others.class)
  @ExtendWith(LeakVerifierExtension.class)
  static class OthersFirst {
    @Test
    void one() {}

    @Test
    void two() {}
  }

  @ExtendWith(LeakVerifierExtension.class)
  @ExtendWith(Others.class)
  static class OthersLast extends OthersFirst {}

  @ExtendWith(LeakVerifierExtension.class)
  @ExtendWith(Others.class)
  static class LeaksBesideOthers {
    @Test
    void innocent() {}

    @Test
    void leaks() {
      Leaks.leave("left-beside-others");
    }
  }

  /** Keeps what it likes for the test only. */
  static final class OfTest implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace ALL = ExtensionContext.Namespace.GLOBAL;

    @Override
    public void beforeEach(ExtensionContext context) {
      context.getStore(ALL).put("worker", BlockedThread.start("closed-with-the-test"));
    }

    @Override
    public void afterEach(ExtensionContext context) {
      requireNonNull(context.getStore(ALL).remove("worker", BlockedThread.class)).close();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return true;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return "resolved";
    }
  }

  @ExtendWith(OfTest.class)
  static class LeaksBesideExtensionOfTest extends Checked {
    @Test
    void silent(String resolved) {}

    @Test
    void leaks() {
      Leaks.leave("left-beside-an-extension-of-the-test");
    }
  }

  /**
   * Gives tests a pool whose threads the tests start, and which is closed with the class or run.
   */
  abstract static class SharesPool implements ParameterResolver {
    abstract ExtensionContext.Store storeFor(ExtensionContext test);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return true;
    }

    @Override
    @SuppressWarnings("deprecation") // JUnit 6 has another name for it
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return requireNonNull(
          storeFor(context).getOrComputeIfAbsent("pool", key -> new Pool(), Pool.class));
    }
  }

  /** A pool that its store closes. */
  static final class Pool implements AutoCloseable {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    void use() throws Exception {
      executor.submit(() -> {}).get();
    }

    @Override
    public void close() {
      executor.shutdown();
    }
  }

  static final class SharesPoolInClass extends SharesPool {
    @Override
    ExtensionContext.Store storeFor(ExtensionContext test) {
      return test.getParent().orElseThrow().getStore(ExtensionContext.Namespace.GLOBAL);
    }
  }

  static final class SharesPoolInRun extends SharesPool {
    @Override
    ExtensionContext.Store storeFor(ExtensionContext test) {
      return test.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
    }
  }

  abstract static class UsesPool extends Checked {
    @Test
    void silent(Pool pool) throws Exception {
      pool.use();
    }

    @Test
    void leaks(Pool pool) {
      Leaks.leave("left-beside-a-pool");
    }
  }

  @ExtendWith(SharesPoolInClass.class)
  static class UsesPoolOfClass extends UsesPool {}

  @ExtendWith(SharesPoolInRun.class)
  static class UsesPoolOfRun extends UsesPool {}

  static class WrongAnnotation extends Checked {
    @Test
    @IgnoreLeaks(name = "")
    void wrong() {
      Leaks.leave("new-thread");
    }
  }

  static class Ends extends Checked {
    @Test
    void endsByItself() {
      Leaks.leave("ends", () -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos()));
    }
  }
}
