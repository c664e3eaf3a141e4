package com.acme;

import java.util.function.Supplier;

/** A bean that does not end its thread when its context is closed. */
public class Mailer {
  /** Starts the thread of each. */
  public static volatile Supplier<Thread> starter = Thread::currentThread;

  final Thread sender = starter.get();
}
