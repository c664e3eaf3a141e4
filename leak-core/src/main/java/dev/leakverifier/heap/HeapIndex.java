package dev.leakverifier.heap;

import java.util.Arrays;

/** The objects of a dump that may refer to others, as numbers from 0 on, in the order of ids. */
final class HeapIndex extends HprofVisitor {
  private long[] ids = new long[1 << 12];
  private int size;

  @Override
  void object(long id, long classId) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size + size / 2);
    }
    ids[size++] = id;
  }

  void sort() {
    ids = Arrays.copyOf(ids, size);
    Arrays.sort(ids);
  }

  int size() {
    return size;
  }

  /** Negative where it is none of them. */
  int of(long id) {
    return id == 0 ? -1 : Arrays.binarySearch(ids, id);
  }

  long id(int object) {
    return ids[object];
  }
}
