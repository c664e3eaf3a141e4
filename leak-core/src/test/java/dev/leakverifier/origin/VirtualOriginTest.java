package dev.leakverifier.origin;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Who made a virtual thread, as a report shows it. */
public class VirtualOriginTest extends VirtualThreadTests {
  private static final String HERE = VirtualOriginTest.class.getName() + ".";
  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
  private OriginRecorder.Session session = OriginRecorder.JVM.start();
  private CountDownLatch end = new CountDownLatch(1);

  @BeforeMethod
  public void record() {
    session.close();
    session = OriginRecorder.JVM.start();
    end = new CountDownLatch(1);
  }

  @AfterMethod(alwaysRun = true)
  public void stop() {
    end.countDown();
    session.close();
  }

  @Test
  public void isToldOfOneThatWasStartedByItself() {
    try (LeakScope scope = scope()) {
      start();
      ThreadSample left = only(scope.check());

      assertThat(left.isVirtual()).isTrue();
      assertThat(left.createdBy()).hasValue(HERE + "start");
      assertThat(left.origin().get().calledFrom().get().getMethodName())
          .isEqualTo("isToldOfOneThatWasStartedByItself");
      endAll(scope);
    }
  }

  @Test
  public void isToldThroughAnExecutor() {
    ExecutorService executor = ThreadForm.virtualThreadPerTaskExecutor();
    try (LeakScope scope = scope()) {
      executor.execute(this::await);
      ThreadSample left = only(scope.check());

      assertThat(left.createdBy()).hasValue(HERE + "isToldThroughAnExecutor");
      endAll(scope);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  public void isToldOfVirtualThreadsOfVirtualThreads() throws Exception {
    try (LeakScope scope = scope()) {
      Thread outer = ThreadForm.VIRTUAL.start("outer", this::start);
      outer.join();
      ThreadOrigin origin = only(scope.check()).origin().get();

      assertThat(origin.starterName()).isEqualTo("outer");
      assertThat(origin.function()).hasValue(HERE + "start");
      assertThat(origin.starterOrigin().flatMap(ThreadOrigin::calledFrom).get().getMethodName())
          .isEqualTo("isToldOfVirtualThreadsOfVirtualThreads");
      endAll(scope);
    }
  }

  @Test
  public void isToldThroughAScopeOfTasks() throws Exception {
    try (LeakScope scope = scope();
        AutoCloseable tasks = openTaskScope()) {
      fork(tasks, this::await);
      ThreadSample left = only(scope.check());

      assertThat(left.createdBy()).hasValue(HERE + "fork");
      endAll(scope);
      taskScope("join").invoke(tasks);
    }
  }

  @Test
  public void letsItBeIgnored() {
    try (LeakScope scope =
        LeakVerifier.scope(
            LeakVerifier.ignoreCreatedBy(HERE + "start"), LeakVerifier.maxWait(Duration.ZERO))) {
      start();
      assertThat(scope.check().threads()).isEmpty();
      Thread other = ThreadForm.VIRTUAL.start("other", this::await);
      assertThat(names(scope.check())).containsExactly("other");
      endAll(scope);
      Uninterruptibles.joinUninterruptibly(other);
    }
  }

  @Test
  public void standsInTheReport() {
    try (LeakScope scope = scope()) {
      start();
      String text = scope.check().toString();

      assertThat(text)
          .containsMatch(
              "started  by dev\\.leakverifier\\.origin\\.VirtualOriginTest\\.start\\(.*\\), called"
                  + " from dev\\.leakverifier\\.origin\\.VirtualOriginTest\\.standsInTheReport\\(");
      assertThat(text).contains("ignore   LeakVerifier.ignoreCreatedBy(\"" + HERE + "start\")");
      endAll(scope);
    }
  }

  private static LeakScope scope() {
    return LeakVerifier.scope(LeakVerifier.maxWait(Duration.ZERO));
  }

  private static ThreadSample only(LeakReport report) {
    assertThat(report.threads()).hasSize(1);
    return report.threads().get(0);
  }

  private static Iterable<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).collect(toImmutableList());
  }

  private void start() {
    Thread thread = ThreadForm.VIRTUAL.newThread("virtual", this::await);
    started.add(thread);
    thread.start();
  }

  private void await() {
    started.add(Thread.currentThread());
    Uninterruptibles.awaitUninterruptibly(end);
  }

  private void endAll(LeakScope scope) {
    end.countDown();
    for (Thread thread = started.poll(); thread != null; thread = started.poll()) {
      Uninterruptibles.joinUninterruptibly(thread);
    }
    scope.rebase();
  }

  /** {@code StructuredTaskScope.open()}, as of JDK 25. */
  private static AutoCloseable openTaskScope() throws ReflectiveOperationException {
    try {
      return (AutoCloseable) taskScope("open").invoke(null);
    } catch (NoSuchMethodException | InvocationTargetException e) {
      throw new SkipException(
          "StructuredTaskScope.open() is not there, or needs --enable-preview", e);
    }
  }

  private static void fork(AutoCloseable tasks, Runnable task) throws Exception {
    taskScope("fork", Runnable.class).invoke(tasks, task);
  }

  private static Method taskScope(String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return Class.forName("java.util.concurrent.StructuredTaskScope").getMethod(name, parameters);
  }
}
