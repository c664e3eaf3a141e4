package com.acme;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Does not close its pool. */
class Mailer {
  private final ExecutorService sender =
      Executors.newFixedThreadPool(1, task -> new Thread(task, "sender"));
  private volatile boolean mailed;

  void mail() throws ExecutionException, InterruptedException {
    sender.submit(() -> {}).get();
    mailed = true;
  }

  boolean hasMailed() {
    return mailed;
  }
}
