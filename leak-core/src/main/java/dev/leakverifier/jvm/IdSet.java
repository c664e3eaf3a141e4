package dev.leakverifier.jvm;

import java.util.Arrays;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The ids of some threads; a value. An id is never given twice, so it keeps no thread alive. */
public final class IdSet {
  /** No thread. */
  public static final IdSet NONE = new IdSet(new long[0]);

  /** Ascending, each once. */
  private final long[] ids;

  private IdSet(long[] ids) {
    this.ids = ids;
  }

  /** These ids, in any order; one may be there twice. */
  public static IdSet of(long... ids) {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (long id : sorted) {
      if (count == 0 || sorted[count - 1] != id) {
        sorted[count++] = id;
      }
    }
    return count == 0 ? NONE : new IdSet(Arrays.copyOf(sorted, count));
  }

  public boolean contains(long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  public boolean isEmpty() {
    return ids.length == 0;
  }

  public int size() {
    return ids.length;
  }

  /** How many are {@code wanted}. */
  int count(LongPredicate wanted) {
    return (int) Arrays.stream(ids).filter(wanted).count();
  }

  /** Those that are {@code last} at most; this set itself if all are. */
  public IdSet upTo(long last) {
    int count = ids.length;
    while (count > 0 && ids[count - 1] > last) {
      count--;
    }
    return count == ids.length ? this : new IdSet(Arrays.copyOf(ids, count));
  }

  /** Those of this set that are not in {@code others}. */
  public IdSet minus(IdSet others) {
    return select(others, /* common= */ false);
  }

  /** Those that are in both; this set itself if all are. */
  public IdSet and(IdSet others) {
    return select(others, /* common= */ true);
  }

  private IdSet select(IdSet others, boolean common) {
    long[] selected = new long[ids.length];
    int count = 0;
    int next = 0; // in the others
    for (long id : ids) {
      while (next < others.ids.length && others.ids[next] < id) {
        next++;
      }
      boolean isCommon = next < others.ids.length && others.ids[next] == id;
      if (isCommon == common) {
        selected[count++] = id;
      }
    }
    if (count == ids.length) {
      return this;
    }
    return count == 0 ? NONE : new IdSet(Arrays.copyOf(selected, count));
  }

  /** Those that are in either. */
  public IdSet plus(IdSet others) {
    long[] both = Arrays.copyOf(ids, ids.length + others.ids.length);
    System.arraycopy(others.ids, 0, both, ids.length, others.ids.length);
    return of(both);
  }

  /** The ids, in ascending order. */
  public long[] toArray() {
    return ids.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdSet set && Arrays.equals(ids, set.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
