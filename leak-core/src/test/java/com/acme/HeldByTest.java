package com.acme;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.thread.ThreadHolder;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/** Whose a thread is, where that is known: each is left in its own way, and one dump tells all. */
public class HeldByTest {
  private static final CountDownLatch END = new CountDownLatch(1);
  private static final Map<String, Object> BY_NAME = new HashMap<>();

  private static ExecutorService pool;
  private static Timer timer;
  private static Thread thread;
  private static Mailer mailer;

  private ExecutorService ofTest;

  private final Map<Long, String> expected = new LinkedHashMap<>();
  private final List<WeakReference<Thread>> started = new ArrayList<>(); // holds none

  private static final class Shop {
    static final Shop INSTANCE = new Shop();

    final Orders orders = new Orders();
  }

  private static final class Orders {
    final ScheduledExecutorService sender = Executors.newScheduledThreadPool(1);

    Orders send() {
      sender.execute(() -> {});
      return this;
    }
  }

  private static final class Mailer {
    Thread start() {
      Thread loop = new Thread(this::loop);
      loop.start();
      return loop;
    }

    void loop() {
      waitForEnd();
    }
  }

  private static final class Waiter implements Runnable {
    @Override
    public void run() {
      waitForEnd();
    }
  }

  @AfterClass
  public void end() {
    END.countDown();
    pool.shutdown();
    ofTest.shutdown();
    Shop.INSTANCE.orders.sender.shutdown();
    BY_NAME.values().forEach(each -> ((ExecutorService) each).shutdown());
    timer.cancel();
    for (WeakReference<Thread> each : started) {
      Thread left = each.get();
      if (left != null) {
        left.interrupt(); // the only thing that ends the worker of a pool nobody holds
      }
    }
  }

  @Test
  public void oneDumpTellsWhoHoldsEachThread() throws Exception {
    leave("static com.acme.HeldByTest.pool (ThreadPoolExecutor)", () -> pool = fixedPool());
    leave(
        "static com.acme.HeldByTest.BY_NAME (ThreadPoolExecutor)",
        () -> BY_NAME.put("pool", fixedPool()));
    leave("static com.acme.HeldByTest.BY_NAME (ForkJoinPool)", HeldByTest::forkJoinPoolInMap);
    leave(
        "static com.acme.HeldByTest$Shop.INSTANCE -> HeldByTest$Shop.orders ->"
            + " HeldByTest$Orders.sender (ScheduledThreadPoolExecutor)",
        () -> Shop.INSTANCE.orders.send());
    leave("static com.acme.HeldByTest.timer (Timer)", () -> timer = timer());
    leave("static com.acme.HeldByTest.thread (Thread)", () -> thread = start(new Waiter()));
    leave(
        "static com.acme.HeldByTest.mailer (HeldByTest$Mailer)",
        () -> {
          mailer = new Mailer();
          return mailer.start();
        });
    leave(
        "HeldByTest.ofTest, a field of the test (ThreadPoolExecutor)", () -> ofTest = fixedPool());
    leave(
        "nothing but its own threads: nobody can call shutdown() any more",
        HeldByTest::droppedPool);
    leave("nothing but its own threads: ends when collected", HeldByTest::timer);
    leave("nothing but itself", () -> start(new Waiter()));
    leave("nothing but itself", () -> new Mailer().start());

    Map<Long, String> told = heldBy(expected.keySet());

    assertThat(told).containsExactlyEntriesIn(expected);
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

  /** Leaves one thread more than there were. */
  private void leave(String heldBy, Supplier<?> how) {
    Map<Long, Thread> before = live();
    Object unused = how.get();
    Map<Long, Thread> after = live();
    Set<Long> fresh = Sets.difference(after.keySet(), before.keySet());
    assertWithMessage(heldBy).that(fresh).hasSize(1);
    fresh.forEach(id -> expected.put(id, heldBy));
    fresh.forEach(id -> started.add(new WeakReference<>(after.get(id))));
  }

  private static Map<Long, Thread> live() {
    return Thread.getAllStackTraces().keySet().stream()
        .collect(
            Collectors.collectingAndThen(
                Collectors.toMap(Thread::getId, each -> each), ImmutableMap::copyOf));
  }

  private static void waitForEnd() {
    try {
      END.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ExecutorService fixedPool() {
    ExecutorService executor = Executors.newFixedThreadPool(1);
    executor.execute(() -> {});
    return executor;
  }

  /** Its worker waits for the end of the test, and shuts it down then. */
  private static Object droppedPool() {
    ExecutorService executor = Executors.newFixedThreadPool(1);
    executor.execute(
        () -> {
          waitForEnd();
          executor.shutdown();
        });
    return "";
  }

  private static Object forkJoinPoolInMap() {
    ForkJoinPool executor = new ForkJoinPool(1);
    executor.submit(() -> {}).join();
    return BY_NAME.put("fork-join", executor);
  }

  private static Thread start(Runnable task) {
    Thread fresh = new Thread(task);
    fresh.start();
    return fresh;
  }

  private static Timer timer() {
    Timer fresh = new Timer(/* isDaemon= */ true);
    fresh.schedule(
        new TimerTask() {
          @Override
          public void run() {
            waitForEnd();
          }
        },
        0);
    return fresh;
  }
}
