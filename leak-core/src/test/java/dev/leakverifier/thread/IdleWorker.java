package dev.leakverifier.thread;

import dev.leakverifier.jvm.LiveThreads;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The only worker of a pool of a user's: while it idles, its stack shows the JDK's code only. */
final class IdleWorker implements AutoCloseable {
  private final ScheduledThreadPoolExecutor pool;
  private final Thread thread;

  private IdleWorker(String name) {
    Thread[] made = new Thread[1];
    pool =
        new ScheduledThreadPoolExecutor(
            1,
            body -> {
              made[0] = new Thread(body, name);
              made[0].setDaemon(true);
              return made[0];
            });
    pool.prestartCoreThread();
    thread = made[0];
  }

  /** One that waits for work. */
  static IdleWorker start(String name) {
    return new IdleWorker(name);
  }

  /** One that waits until work is due. */
  static IdleWorker startScheduled(String name) {
    IdleWorker worker = new IdleWorker(name);
    var unused = worker.pool.schedule(() -> {}, 1, TimeUnit.DAYS);
    return worker;
  }

  /** What it looks like once it has come to rest. */
  ThreadSample sample() {
    Thread.State rest =
        pool.getQueue().isEmpty() ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
    while (true) {
      ThreadSample sample = LiveThreads.samplePlatform(List.of(thread)).get(0);
      if (sample.state() == rest && ThreadMarks.idlesInPool(sample)) {
        return sample;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws InterruptedException {
    pool.shutdownNow();
    thread.join();
  }
}
