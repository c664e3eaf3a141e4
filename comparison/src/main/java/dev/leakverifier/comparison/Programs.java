package dev.leakverifier.comparison;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import reactor.core.scheduler.Schedulers;

/** The bodies of the tests: some leak, the others leave nothing that one has to stop. */
final class Programs {
  private Programs() {}

  static void forgetsAPool() throws InterruptedException, ExecutionException {
    ExecutorService pool = Left.pool(Executors.newFixedThreadPool(2));
    pool.submit(() -> {}).get();
  }

  static void forgetsATimer() {
    TimerTask nothing =
        new TimerTask() {
          @Override
          public void run() {}
        };
    Timer timer = new Timer("reminders");
    timer.schedule(nothing, 1_000_000);
    Left.atTheEnd(timer::cancel);
  }

  static void forgetsADaemon() {
    Thread poller = Left.thread(new Thread(Programs::sleep, "poller"));
    poller.setDaemon(true);
    poller.start();
  }

  static void forgetsABusyLoop() {
    Left.thread(new Thread(Programs::spin, "spinner")).start();
  }

  static void forgetsAForkJoinPool() throws InterruptedException, ExecutionException {
    ForkJoinPool pool = new ForkJoinPool(2);
    Left.pool(pool);
    pool.submit(() -> {}).get();
  }

  static void forgetsAVirtualThread() {
    Left.thread(Thread.ofVirtual().name("mailer").start(Programs::sleep));
  }

  static void forgetsWhileAnotherRuns(CyclicBarrier both) throws Exception {
    both.await();
    Left.thread(new Thread(Programs::sleep, "order-1")).start();
    both.await();
  }

  static void runsBesideALeak(CyclicBarrier both) throws Exception {
    both.await();
    both.await();
  }

  static void shutsDownButDoesNotWait() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    CountDownLatch submitted = new CountDownLatch(1);
    pool.execute(
        () -> {
          try {
            submitted.await();
            Thread.sleep(500); // the end of the work
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    pool.shutdown();
    submitted.countDown();
  }

  static void usesTheCommonPool() {
    IntStream.range(0, 10_000).parallel().forEach(i -> Thread.onSpinWait());
  }

  static void runsAProcess() throws Exception {
    new ProcessBuilder("true").start().waitFor();
  }

  /** As many at a time as there can be carriers, so that the JVM starts no new ones later. */
  static void usesVirtualThreads() throws InterruptedException {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch running = new CountDownLatch(carriers);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < carriers; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                running.countDown();
                while (running.getCount() > 0) {
                  Thread.onSpinWait();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static void usesReactor() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Schedulers.parallel().schedule(done::countDown);
    done.await();
  }

  /** Until Java 21 nobody can close a client: it ends when it is collected. */
  static void dropsAnHttpClient() {
    HttpClient.newHttpClient();
  }

  private static void sleep() {
    try {
      Thread.sleep(1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void spin() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }
}
