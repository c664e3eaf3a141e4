package com.acme;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.util.concurrent.Uninterruptibles;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadHolder;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/** Whose a thread is, where that is known: each is left in its own way, and one dump tells all. */
@SuppressWarnings({
  "AssignmentExpression", // each row leaves what it names
  "ImmutableEnumChecker", // a constant that holds
  "UnusedVariable" // holding is all that they are for
})
public class HeldByTest {
  private static final String NOBODY = "nothing but its own threads: nobody can call shutdown()";
  private static final CountDownLatch END = new CountDownLatch(1);
  private static final Map<String, Object> BY_NAME = new HashMap<>();
  private static final Map<String, List<Object>> NESTED = new ConcurrentHashMap<>();
  private static final Map<Kind, Object> BY_KIND = new EnumMap<>(Kind.class);
  private static final List<Object> LIST = new CopyOnWriteArrayList<>();
  private static final LinkedBlockingQueue<Object> QUEUE = new LinkedBlockingQueue<>();
  private static final AtomicReference<Object> CURRENT = new AtomicReference<>();
  private static final Object[] ARRAY = new Object[3];
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  /** To end what nobody holds. */
  private static final List<WeakReference<ExecutorService>> POOLS = new ArrayList<>();

  private static final List<WeakReference<Thread>> THREADS = new ArrayList<>();

  private static ExecutorService pool;
  private static ExecutorService single;
  private static ScheduledExecutorService singleScheduled;
  private static ForkJoinPool forkJoin;
  private static CompletableFuture<Object> future;
  private static Optional<Object> optional = Optional.empty();
  private static Supplier<Object> lambda;
  private static Supplier<Object> anonymous;
  private static Timer timer;
  private static Thread thread;
  private static Thread subclass;
  private static Mailer mailer;
  private static Special special;
  private static Point point;
  private static SoftReference<Object> softly;
  private static SoftReference<Object> softTimer;
  private static SoftReference<Object> softSingle;
  private static WeakReference<Object> weakly;
  private static Object virtualExecutor;
  private static Thread virtual;
  private static Db db;

  private ExecutorService ofTest;
  private final Orders inTest = new Orders();

  private final Map<Long, String> expected = new LinkedHashMap<>();

  private enum Kind {
    ONE;

    private Object held = "";
  }

  private record Point(Object inside) {}

  private static final class Shop {
    static final Shop INSTANCE = new Shop();

    final Orders orders = new Orders();
  }

  private static final class Orders {
    private final ScheduledExecutorService sender = made(Executors.newScheduledThreadPool(1));
  }

  private static class Base {
    private final ExecutorService inherited = fixedPool();
  }

  private static final class Special extends Base {}

  private static final class Db {
    private final HikariDataSource source;

    Db() {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl("jdbc:h2:mem:heldby");
      config.setPoolName("held");
      source = new HikariDataSource(config);
    }
  }

  private static final class Producer implements Runnable {
    private final ExecutorService workers = fixedPool();

    @Override
    public void run() {
      waitForEnd();
    }
  }

  private static final class Mailer {
    Thread start() {
      return HeldByTest.start(new Thread(this::loop));
    }

    void loop() {
      waitForEnd();
    }
  }

  private static final class Loop extends Thread {
    @Override
    public void run() {
      waitForEnd();
    }
  }

  @AfterClass
  public void end() {
    END.countDown();
    LOCAL.remove();
    timer.cancel();
    db.source.close();
    for (WeakReference<ExecutorService> each : POOLS) {
      ExecutorService left = each.get();
      if (left != null) {
        left.shutdownNow();
      }
    }
    for (WeakReference<Thread> each : THREADS) {
      Thread left = each.get();
      if (left != null) {
        Uninterruptibles.joinUninterruptibly(left);
      }
    }
  }

  @Test
  public void oneDumpTellsWhoHoldsEachThread() throws Exception {
    inStaticFields();
    inCollections();
    inObjects();
    byThreads();
    byNobody();
    if (ThreadForm.VIRTUAL.isThere()) {
      virtualOnes();
    }
    ForkJoinPool local = made(new ForkJoinPool(1));
    leave(
        "the stack of \"main\" in com.acme.HeldByTest.oneDumpTellsWhoHoldsEachThread"
            + " (ForkJoinPool)",
        local);

    Map<Long, String> told = heldBy(expected.keySet());

    assertThat(told).containsExactlyEntriesIn(expected);
    assertThat(local.isShutdown()).isFalse(); // so it was held till here
  }

  private void inStaticFields() {
    leave("static com.acme.HeldByTest.pool (ThreadPoolExecutor)", pool = fixedPool());
    leave(
        "static com.acme.HeldByTest.single (ExecutorService)",
        single = made(Executors.newSingleThreadExecutor()));
    leave(
        "static com.acme.HeldByTest.singleScheduled (ScheduledExecutorService)",
        singleScheduled = made(Executors.newSingleThreadScheduledExecutor()));
    leave(
        "static com.acme.HeldByTest.forkJoin (ForkJoinPool)", forkJoin = made(new ForkJoinPool(1)));
    leave("static com.acme.HeldByTest.timer (Timer)", threadOf(timer = timer()));
    leave("static com.acme.HeldByTest.thread (Thread)", thread = started());
    leave("static com.acme.HeldByTest.subclass (HeldByTest$Loop)", subclass = start(new Loop()));
    leave("static com.acme.HeldByTest.mailer (HeldByTest$Mailer)", (mailer = new Mailer()).start());
  }

  private void inCollections() {
    leave("static com.acme.HeldByTest.BY_NAME (ThreadPoolExecutor)", put(BY_NAME, fixedPool()));
    ForkJoinPool inMap = made(new ForkJoinPool(1));
    BY_NAME.put("fork-join", inMap);
    leave("static com.acme.HeldByTest.BY_NAME (ForkJoinPool)", inMap);
    ExecutorService nested = fixedPool();
    NESTED.put("all", List.of(Optional.of(nested)));
    leave("static com.acme.HeldByTest.NESTED (ThreadPoolExecutor)", nested);
    ExecutorService byKind = fixedPool();
    BY_KIND.put(Kind.ONE, byKind);
    leave("static com.acme.HeldByTest.BY_KIND (ThreadPoolExecutor)", byKind);
    ExecutorService inList = fixedPool();
    LIST.add(inList);
    leave("static com.acme.HeldByTest.LIST (ThreadPoolExecutor)", inList);
    ExecutorService inQueue = fixedPool();
    QUEUE.add(inQueue);
    leave("static com.acme.HeldByTest.QUEUE (ThreadPoolExecutor)", inQueue);
    ExecutorService inArray = fixedPool();
    ARRAY[1] = inArray;
    leave("static com.acme.HeldByTest.ARRAY (ThreadPoolExecutor)", inArray);
    ExecutorService current = fixedPool();
    CURRENT.set(current);
    leave("static com.acme.HeldByTest.CURRENT (ThreadPoolExecutor)", current);
    ExecutorService inOptional = fixedPool();
    optional = Optional.of(inOptional);
    leave("static com.acme.HeldByTest.optional (ThreadPoolExecutor)", inOptional);
    ExecutorService done = fixedPool();
    future = CompletableFuture.completedFuture(done);
    leave("static com.acme.HeldByTest.future (ThreadPoolExecutor)", done);
  }

  private void inObjects() {
    leave(
        "static com.acme.HeldByTest$Shop.INSTANCE -> HeldByTest$Shop.orders ->"
            + " HeldByTest$Orders.sender (ScheduledThreadPoolExecutor)",
        Shop.INSTANCE.orders.sender);
    special = new Special();
    leave(
        "static com.acme.HeldByTest.special -> HeldByTest$Base.inherited (ThreadPoolExecutor)",
        ((Base) special).inherited);
    ExecutorService inRecord = fixedPool();
    point = new Point(inRecord);
    leave(
        "static com.acme.HeldByTest.point -> HeldByTest$Point.inside (ThreadPoolExecutor)",
        inRecord);
    ExecutorService ofConstant = fixedPool();
    Kind.ONE.held = ofConstant;
    leave(
        "static com.acme.HeldByTest$Kind.ONE -> HeldByTest$Kind.held (ThreadPoolExecutor)",
        ofConstant);
    ExecutorService captured = fixedPool();
    lambda = () -> captured;
    leave("static com.acme.HeldByTest.lambda (ThreadPoolExecutor)", captured);
    ExecutorService inAnonymous = fixedPool();
    anonymous = anonymous(inAnonymous);
    leave(
        "static com.acme.HeldByTest.anonymous -> HeldByTest$1.val$executor"
            + " (ThreadPoolExecutor)",
        inAnonymous);
    leave("HeldByTest.ofTest, a field of the test (ThreadPoolExecutor)", ofTest = fixedPool());
    leave(
        "HeldByTest.inTest, a field of the test -> HeldByTest$Orders.sender"
            + " (ScheduledThreadPoolExecutor)",
        inTest.sender);
    db = new Db();
    leave(
        "static com.acme.HeldByTest.db -> HeldByTest$Db.source (HikariDataSource)",
        threadNamed("held:housekeeper"));
  }

  private static Supplier<Object> anonymous(Object executor) {
    return new Supplier<>() {
      @Override
      public Object get() {
        return executor;
      }
    };
  }

  private void byThreads() {
    ExecutorService local = fixedPool();
    LOCAL.set(local);
    leave("a ThreadLocal of thread \"main\" (ThreadPoolExecutor)", local);
    Producer producer = new Producer();
    Thread running = new Thread(producer, "producer");
    start(running);
    leave(
        "thread \"producer\" -> HeldByTest$Producer.workers (ThreadPoolExecutor)",
        producer.workers);
    ExecutorService hooked = fixedPool();
    Runtime.getRuntime().addShutdownHook(new Thread(hooked::shutdown));
    leave("a shutdown hook (ThreadPoolExecutor)", hooked);
  }

  private void byNobody() throws Exception {
    leave(NOBODY + " any more", fixedPool());
    leave(NOBODY + " any more", made(new ForkJoinPool(1)));
    leave(NOBODY + " any more", made(Executors.newSingleThreadScheduledExecutor()));
    leave("nothing but itself", started());
    leave("nothing but itself", new Mailer().start());
    ExecutorService soft = fixedPool();
    softly = new SoftReference<>(soft);
    leave(NOBODY + " any more", soft);
    ExecutorService weak = fixedPool();
    weakly = new WeakReference<>(weak);
    leave(NOBODY + " any more", weak);
    Timer dropped = timer();
    softTimer = new SoftReference<>(dropped); // so that it is not yet collected
    leave("nothing but its own threads: ends when collected", threadOf(dropped));
    ExecutorService collectable = made(Executors.newSingleThreadExecutor());
    softSingle = new SoftReference<>(collectable);
    leave("nothing but its own threads: ends when collected", collectable);
  }

  /** JDK 21 to 24 do not show the stacks of virtual threads: what only those hold is not seen. */
  private void virtualOnes() {
    ExecutorService executor = made(ThreadForm.virtualThreadPerTaskExecutor());
    virtualExecutor = executor;
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    executor.execute(
        () -> {
          worker.complete(Thread.currentThread());
          waitForEnd();
        });
    leave("static com.acme.HeldByTest.virtualExecutor (ThreadPerTaskExecutor)", worker.join());
    virtual = ThreadForm.VIRTUAL.start("virtual", HeldByTest::waitForEnd);
    leave("static com.acme.HeldByTest.virtual (VirtualThread)", virtual);
    leave("nothing but itself", ThreadForm.VIRTUAL.start("nobody's", HeldByTest::waitForEnd));
  }

  @Test
  public void aThreadThatIsNotThereIsHeldByNobody() throws Exception {
    assertThat(heldBy(Set.of(Long.MAX_VALUE))).isEmpty();
  }

  @Test
  public void anInterruptNeitherEndsTheDumpNorIsLost() throws Exception {
    Thread.currentThread().interrupt();
    Map<Long, String> told;
    boolean interrupted;
    try {
      told = heldBy(Set.of(Thread.currentThread().getId()));
    } finally {
      interrupted = Thread.interrupted();
    }

    assertThat(told).hasSize(1);
    assertThat(interrupted).isTrue();
  }

  @Test
  public void nothingOfTheDumpIsLeft() throws Exception {
    Map<Long, String> told = heldBy(Set.of(Thread.currentThread().getId()));

    assertThat(told).hasSize(1);
    Path place = Path.of(System.getProperty("java.io.tmpdir"));
    String ours = "leakverifier-" + ProcessHandle.current().pid() + "-";
    try (var folders = Files.newDirectoryStream(place, ours + "*")) {
      for (Path folder : folders) {
        try (var files = Files.newDirectoryStream(folder, "*.hprof")) {
          assertWithMessage(folder.toString()).that(files).isEmpty();
        }
      }
    }
  }

  private static Map<Long, String> heldBy(Set<Long> ids) throws IOException {
    try (HeapDump dump = HeapDump.take()) {
      return ImmutableMap.copyOf(Maps.transformValues(dump.heldBy(ids), ThreadHolder::words));
    }
  }

  /** Expects that of a worker of {@code executor}. */
  private void leave(String heldBy, ExecutorService executor) {
    try {
      expected.put(executor.submit(() -> Thread.currentThread().getId()).get(), heldBy);
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(heldBy, e);
    }
  }

  private void leave(String heldBy, Thread left) {
    expected.put(left.getId(), heldBy);
  }

  private static ExecutorService put(Map<String, Object> map, ExecutorService executor) {
    map.put("pool", executor);
    return executor;
  }

  private static <T extends ExecutorService> T made(T executor) {
    POOLS.add(new WeakReference<>(executor));
    return executor;
  }

  private static ExecutorService fixedPool() {
    return made(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
  }

  private static Thread started() {
    return start(new Thread(HeldByTest::waitForEnd));
  }

  private static Thread start(Thread fresh) {
    THREADS.add(new WeakReference<>(fresh));
    fresh.start();
    return fresh;
  }

  private static Timer timer() {
    return new Timer(/* isDaemon= */ true);
  }

  private static Thread threadOf(Timer of) {
    CompletableFuture<Thread> found = new CompletableFuture<>();
    of.schedule(
        new TimerTask() {
          @Override
          public void run() {
            found.complete(Thread.currentThread());
          }
        },
        0);
    return found.join();
  }

  private static Thread threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void waitForEnd() {
    Uninterruptibles.awaitUninterruptibly(END);
  }
}
