package dev.leakverifier.jvm;

import java.util.List;

/** Interrupts threads: by a thread of its own, since a class can override {@code interrupt()}. */
public final class Interruption {
  private Interruption() {}

  /** Interrupts each once; waits a while if one does not let that happen. */
  public static void of(List<Thread> threads) {
    boolean unused =
        new Bystander(null) {
          @Override
          void look() {
            threads.forEach(Thread::interrupt);
          }
        }.isDoneInTime();
  }
}
