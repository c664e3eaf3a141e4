package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A thread of a saved dump, and its locks.
 *
 * @param sample what the thread looked like; its group, its class and its start are not in a dump
 * @param waitsFor what it waits for, as far as the dump tells; empty for one that runs or sleeps
 * @param locked the locks that it holds, each once; not the monitor that it has left to wait for a
 *     notification
 */
public record DumpedThread(
    ThreadSample sample, Optional<LockWait> waitsFor, List<DumpedLock> locked) {
  public DumpedThread {
    locked = List.copyOf(locked);
  }

  /** The {@code sample}, with what it waits for. */
  ThreadSample withLock() {
    return sample.toBuilder().lock(waitsFor.map(DumpedThread::lock)).build();
  }

  private static ThreadLock lock(LockWait wait) {
    DumpedLock lock = wait.lock();
    return new ThreadLock(
        lock.className(),
        lock.id().substring(lock.id().lastIndexOf('@') + 1),
        wait.holder().map(holder -> OptionalLong.of(holder.id())).orElse(OptionalLong.empty()));
  }
}
