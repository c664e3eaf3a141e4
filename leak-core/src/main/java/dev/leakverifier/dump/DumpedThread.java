package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;

/**
 * A thread of a saved dump, and its locks.
 *
 * @param sample what the thread looked like, with the {@linkplain ThreadSample#lock() lock} that it
 *     waits for, as far as the dump tells; its group, its class and its start are not in a dump
 * @param locked the locks that it holds, each once; not the monitor that it has left to wait for a
 *     notification
 */
public record DumpedThread(ThreadSample sample, List<ThreadLock> locked) {
  public DumpedThread {
    locked = List.copyOf(locked);
  }
}
