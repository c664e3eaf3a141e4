package dev.leakverifier.profile;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The threads that work out and send answers, so that none of the server's has to. */
interface AnswerThreads {
  /** A daemon thread for each task; while a task waits for its time, there is none. */
  AnswerThreads REAL =
      new AnswerThreads() {
        @Override
        public void start(Runnable task) {
          Thread thread =
              new Thread(null, task, "LeakVerifier answer", 0, /* inheritThreadLocals= */ false);
          thread.setDaemon(true);
          thread.setContextClassLoader(null); // the JDK's own timer thread would keep it
          thread.start();
        }

        @Override
        public void runAfter(Duration time, Runnable task) {
          CompletableFuture.delayedExecutor(time.toNanos(), NANOSECONDS, Runnable::run)
              .execute(task);
        }
      };

  /** Runs {@code task} in a thread of its own. */
  void start(Runnable task);

  /** Runs {@code task} in a thread that all of the JVM shares, so it must only start others. */
  void runAfter(Duration time, Runnable task);
}
