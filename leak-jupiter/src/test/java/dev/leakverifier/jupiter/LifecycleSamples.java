package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.TestWatcher;

/** Fixtures, orders and ends of tests. Run by other tests only. */
final class LifecycleSamples {
  private LifecycleSamples() {}

  @ExtendWith(LeakVerifierExtension.class)
  abstract static class Base {
    static @Nullable BlockedThread ofBase;

    @BeforeAll
    static void startInBase() {
      ofBase = BlockedThread.start("of-base");
    }

    @AfterAll
    static void stopInBase() {
      requireNonNull(ofBase).close();
    }
  }

  interface WithFixtures {
    @BeforeAll
    static void startInInterface() {
      Leaks.leave("left-by-interface");
    }
  }

  static class OfBaseAndInterface extends Base implements WithFixtures {
    @Test
    void innocent() {}

    @Test
    void leaks() {
      Leaks.leave("left-beside-base");
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Ordered {
    @Test
    @Order(2)
    void a() {}

    @Test
    @Order(1)
    void b() {
      Leaks.leave("left-by-the-first");
    }
  }

  /** Runs a test twice. */
  static final class Twice implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.of("one", "two")
          .map(
              name ->
                  new TestTemplateInvocationContext() {
                    @Override
                    public String getDisplayName(int index) {
                      return name;
                    }
                  });
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class OfTemplate {
    private static int runs;

    @BeforeAll
    static void reset() {
      runs = 0;
    }

    @TestTemplate
    @ExtendWith(Twice.class)
    void runsTwice() {
      if (++runs == 2) {
        Leaks.leave("left-by-two");
      }
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class BeforeAllFails {
    @BeforeAll
    static void fails() {
      Leaks.leave("left-before-all");
      fail("its own");
    }

    @Test
    void neverRuns() {}
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class BeforeAllAborts {
    @BeforeAll
    static void aborts() {
      assumeTrue(false, "not here");
    }

    @Test
    void neverRuns() {}
  }

  @ExtendWith(LeakVerifierExtension.class)
  @Disabled("not now")
  static class IsDisabled {
    @Test
    void neverRuns() {
      Leaks.leave("never");
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class ConstructorFails {
    ConstructorFails() {
      Leaks.leave("left-by-constructor");
      fail("its own");
    }

    @Test
    void neverRuns() {}
  }

  /** Stops when a test is over what it started, as JUnit knows no later callback. */
  static final class Watches implements TestWatcher {
    static final List<BlockedThread> STARTED = new CopyOnWriteArrayList<>();

    @Override
    public void testSuccessful(ExtensionContext context) {
      STARTED.forEach(BlockedThread::close);
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  @ExtendWith(Watches.class)
  static class StoppedByWatcher {
    @Test
    void starts() {
      Watches.STARTED.add(BlockedThread.start("stopped-by-watcher"));
    }
  }

  @ExtendWith(LeakVerifierExtension.class)
  static class StoppedByUnknownExtension {
    @RegisterExtension static final Extension WATCHES = new Watches();

    @Test
    void starts() {
      Watches.STARTED.add(BlockedThread.start("stopped-by-unknown-extension"));
    }
  }

  /** The class has no extension, and its teardown stops what the test starts. */
  static class OnlyOnAMethod {
    static @Nullable BlockedThread worker;

    @Test
    @ExtendWith(LeakVerifierExtension.class)
    void starts() {
      worker = BlockedThread.start("stopped-by-the-class");
    }

    @AfterAll
    static void stop() {
      requireNonNull(worker).close();
    }
  }
}
