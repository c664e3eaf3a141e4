package dev.leakverifier.monitor;

import java.util.Arrays;

/** Sets of thread ids, as arrays in ascending order. */
final class SortedIds {
  private SortedIds() {}

  static boolean contains(long[] ids, long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  /** What is in both; {@code one} itself if all of it is. */
  static long[] common(long[] one, long[] other) {
    if (one == other) {
      return one;
    }
    long[] both = new long[Math.min(one.length, other.length)];
    int count = 0;
    int next = 0;
    for (long id : one) {
      while (next < other.length && other[next] < id) {
        next++;
      }
      if (next < other.length && other[next] == id) {
        both[count++] = id;
      }
    }
    return count == one.length ? one : Arrays.copyOf(both, count);
  }
}
