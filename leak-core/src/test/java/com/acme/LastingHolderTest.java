package com.acme;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.check.Check;
import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.prefs.Preferences;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** The real holders, in the heap of this JVM. */
public class LastingHolderTest {
  private static final List<ExecutorService> POOLS = new CopyOnWriteArrayList<>();
  private static volatile CountDownLatch end = new CountDownLatch(1);

  private final List<TestContextManager> springs = new ArrayList<>();

  @AfterMethod(alwaysRun = true)
  public void endAll() {
    springs.forEach(LastingHolderTest::close);
    springs.clear();
    POOLS.forEach(ExecutorService::shutdown);
    POOLS.clear();
    end.countDown();
    end = new CountDownLatch(1);
  }

  @Test
  public void thePreferencesHoldTheirTimer() throws Exception {
    Preferences.userRoot(); // starts the timer

    assertThat(held(ofClass("java.util.TimerThread")).values()).contains(LastingHolder.PREFERENCES);
  }

  @Test
  public void asynchronousFileChannelsHoldTheirThreads() throws Exception {
    Path file = Files.createTempFile("orders", ".txt");
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("an order".getBytes(UTF_8)), 0).get();

      assertThat(held(ofClass("java.lang.Thread", "jdk.internal.misc.InnocuousThread")).values())
          .contains(LastingHolder.FILE_CHANNELS);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  public void aCachedSpringTestContextHoldsWhatItsBeansRun() throws Exception {
    open(new Shopping());
    List<String> names =
        List.of(
            "spring-pool",
            "spring-scheduler",
            "spring-wrapped",
            "spring-timer",
            "spring-loop",
            "spring-thread");

    assertThat(heldNames(names)).containsExactlyElementsIn(names);
  }

  @Test
  public void aThreadOfATestThatOnlyUsesABeanIsNotHeld() throws Exception {
    Shopping test = new Shopping();
    open(test);
    ExecutorService pool = requireNonNull(test.pool);
    Loop loop = requireNonNull(test.loop);
    CountDownLatch over = end;
    start("uses a pool", () -> use(pool, over));
    start("uses a bean", () -> use(loop, over));

    assertThat(heldNames(List.of("uses a pool", "uses a bean"))).isEmpty();
  }

  @Test
  public void whatAClosedContextHasLeftIsNotHeld() throws Exception {
    TestContextManager spring = open(new Forgetting());
    assertThat(heldNames(List.of("forgotten"))).containsExactly("forgotten");

    close(spring);

    assertThat(heldNames(List.of("forgotten"))).isEmpty();
  }

  @Test
  public void aStaticFieldOfTheUsersIsNone() throws Exception {
    pool("in a static field"); // POOLS

    assertThat(heldNames(List.of("in a static field"))).isEmpty();
  }

  /** A context knows the server of MBeans, and loggers: but not what others have put there. */
  @Test
  public void whatIsInARegistryOfTheJvmsIsNotHeldByAContextThatKnowsIt() throws Exception {
    open(new Managing());
    ObjectName name = new ObjectName("com.acme:type=Pool");
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    Handler handler = new PoolHandler(pool("behind a logger"));
    Logger logger = Logger.getLogger("com.acme.audit");
    beans.registerMBean(new Managed(pool("behind an MBean")), name);
    logger.addHandler(handler);
    try {
      assertThat(heldNames(List.of("behind an MBean", "behind a logger"))).isEmpty();
    } finally {
      beans.unregisterMBean(name);
      logger.removeHandler(handler);
    }
  }

  private TestContextManager open(Object test) throws Exception {
    TestContextManager spring = new TestContextManager(test.getClass());
    springs.add(spring);
    spring.prepareTestInstance(test);
    spring.getTestContext().getApplicationContext(); // made now, whatever the test wants of it
    return spring;
  }

  private static void close(TestContextManager spring) {
    spring.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
  }

  /** A pool with a thread. */
  private static ExecutorService pool(String name) {
    ExecutorService pool = Executors.newFixedThreadPool(1, task -> new Thread(task, name));
    POOLS.add(pool);
    pool.execute(() -> {});
    return pool;
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.start();
    return thread;
  }

  private static void use(Object used, CountDownLatch over) {
    Uninterruptibles.awaitUninterruptibly(over);
    assertThat(used).isNotNull();
  }

  private static List<String> heldNames(List<String> names) throws IOException {
    List<ThreadSample> threads =
        all().stream().filter(thread -> names.contains(thread.name())).toList();
    assertThat(threads).hasSize(names.size());
    Map<Long, LastingHolder> held = held(threads);
    return threads.stream()
        .filter(thread -> held.get(thread.id()) == LastingHolder.SPRING_TEST_CONTEXT)
        .map(ThreadSample::name)
        .toList();
  }

  private static Map<Long, LastingHolder> held(List<ThreadSample> threads) throws IOException {
    try (HeapDump dump = HeapDump.take()) {
      return dump.lasting(threads.stream().map(ThreadSample::id).collect(toSet()));
    }
  }

  private static List<ThreadSample> ofClass(String... classes) {
    return all().stream()
        .filter(thread -> List.of(classes).contains(thread.threadClass()))
        .toList();
  }

  private static List<ThreadSample> all() {
    return Check.JVM.look(Check.JVM.list().threads());
  }

  @ContextConfiguration(classes = ShopConfig.class)
  static class Shopping {
    @Autowired @Nullable ExecutorService pool;
    @Autowired @Nullable Loop loop;
  }

  @ContextConfiguration(classes = Mailer.class)
  static class Forgetting {}

  @ContextConfiguration(classes = ManagedConfig.class)
  static class Managing {}

  static class ShopConfig {
    @Bean
    ExecutorService pool() {
      return LastingHolderTest.pool("spring-pool");
    }

    @Bean
    ScheduledExecutorService scheduler() {
      ScheduledExecutorService scheduler =
          Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "spring-scheduler"));
      scheduler.execute(() -> {});
      return scheduler;
    }

    /** As Tomcat, Netty and tracers wrap what their threads run. */
    @Bean
    ExecutorService wrapped() throws Exception {
      ExecutorService pool =
          Executors.newFixedThreadPool(
              1, task -> new Thread(new Wrapper(task)::run, "spring-wrapped"));
      pool.submit(() -> {}).get();
      return pool;
    }

    @Bean(destroyMethod = "cancel")
    Timer timer() {
      return new Timer("spring-timer");
    }

    @Bean
    Loop loop() {
      Loop loop = new Loop();
      start("spring-loop", loop);
      return loop;
    }

    @Bean
    Holding thread() {
      CountDownLatch over = end;
      return new Holding(start("spring-thread", () -> use(over, over)));
    }
  }

  record Holding(Thread thread) {}

  private static final class Wrapper {
    private final Runnable wrapped;

    Wrapper(Runnable wrapped) {
      this.wrapped = wrapped;
    }

    void run() {
      wrapped.run();
    }
  }

  static class Loop implements Runnable {
    private final CountDownLatch over = end;

    @Override
    public void run() {
      use(this, over);
    }
  }

  /** Does not close its pool. */
  static class Mailer {
    final ExecutorService sender = LastingHolderTest.pool("forgotten");
  }

  static class ManagedConfig {
    @Bean(destroyMethod = "")
    MBeanServer beans() {
      return ManagementFactory.getPlatformMBeanServer();
    }

    @Bean(destroyMethod = "")
    Logger logger() {
      return Logger.getLogger("com.acme.shop");
    }
  }

  /** A management interface. */
  public interface ManagedMBean {
    boolean isShutdown();
  }

  /** What manages a pool. */
  public record Managed(ExecutorService pool) implements ManagedMBean {
    @Override
    public boolean isShutdown() {
      return pool.isShutdown();
    }
  }

  private static final class PoolHandler extends Handler {
    private final ExecutorService pool;

    PoolHandler(ExecutorService pool) {
      this.pool = pool;
    }

    @Override
    public void publish(LogRecord logRecord) {
      pool.execute(() -> {});
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
