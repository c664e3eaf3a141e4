package dev.leakverifier.thread;

import java.util.List;

/** Where threads come from: the JVM, or a test's own choice. */
public interface ThreadSource {
  /** Every live platform thread; reads no stack. */
  Thread[] list();

  /** What the given threads look like now; those that have ended are left out. Reads stacks. */
  List<ThreadSample> sample(List<Thread> threads);
}
