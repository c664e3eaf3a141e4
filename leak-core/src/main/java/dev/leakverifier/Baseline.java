package dev.leakverifier;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.thread.LiveThreads;
import java.util.Arrays;
import java.util.List;

/**
 * The threads that were alive at one instant, by id: it keeps no thread alive, and an id is never
 * given twice.
 */
final class Baseline {
  /** No thread at all: every live thread is new. */
  static final Baseline NONE = new Baseline(new long[0]);

  private final long[] ids;

  private Baseline(long[] sortedIds) {
    this.ids = sortedIds;
  }

  static Baseline of(Thread[] threads) {
    long[] ids = new long[threads.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = LiveThreads.id(threads[i]);
    }
    Arrays.sort(ids);
    return new Baseline(ids);
  }

  boolean contains(long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  /** Those of {@code threads} that are not in this baseline; allocates nothing if all are. */
  List<Thread> newAmong(Thread[] threads) {
    ImmutableList.Builder<Thread> fresh = null;
    int next = 0;
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      // Listings come mostly in the order of ids, so the next one is mostly the one looked for.
      int at = next < ids.length && ids[next] == id ? next : Arrays.binarySearch(ids, id);
      if (at >= 0) {
        next = at + 1;
      } else {
        fresh = fresh == null ? ImmutableList.builder() : fresh;
        fresh.add(thread);
      }
    }
    return fresh == null ? ImmutableList.of() : fresh.build();
  }
}
