package dev.leakverifier.origin;

import com.google.common.collect.MapMaker;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * How a thread was made: by which other one, with which stack, and how that one was made. Immutable
 * but for the form of the stack, which is read when somebody asks.
 */
final class Mark {
  /** A relay of threads, of which each makes the next, has no more ancestors than this. */
  private static final int MAX_GENERATIONS = 64;

  /**
   * What was read of each stack, while somebody keeps it: a loop may have made 100,000 threads that
   * all live.
   */
  private static final ConcurrentMap<List<StackTraceElement>, List<StackTraceElement>> READ =
      new MapMaker().weakValues().makeMap();

  private final @Nullable Mark ofMaker;
  private final long makerId;
  private final String makerName;
  private final String makerClass;
  private final int generation;
  private volatile @Nullable Throwable stack;
  private volatile @Nullable List<StackTraceElement> frames;

  /**
   * The mark of a thread that is being made.
   *
   * @param ofMaker how the maker was made, if that is known
   */
  Mark(@Nullable Mark ofMaker, long makerId, Thread maker, Throwable stack) {
    boolean isLong = ofMaker != null && ofMaker.generation == MAX_GENERATIONS;
    this.ofMaker = isLong ? null : ofMaker;
    this.generation = this.ofMaker == null ? 1 : this.ofMaker.generation + 1;
    this.makerId = makerId;
    this.makerName = maker.getName();
    this.makerClass = maker.getClass().getName();
    this.stack = stack;
  }

  /** Whether a thread of that class can have been made like this. */
  boolean fits(String threadClass) {
    return CreationStack.constructs(frames(), threadClass);
  }

  /** This mark for people, of a thread of that class. */
  ThreadOrigin origin(String threadClass) {
    Optional<ThreadOrigin> ofThat =
        Optional.ofNullable(ofMaker).map(mark -> mark.origin(makerClass));
    return new ThreadOrigin(
        makerId, makerName, CreationStack.withoutMaking(frames(), threadClass), ofThat);
  }

  /** From the constructor of {@code Thread} on. */
  private List<StackTraceElement> frames() {
    List<StackTraceElement> known = frames;
    if (known == null) {
      Throwable unread = stack;
      known = unread == null ? frames : null;
      if (unread != null) {
        known = READ.computeIfAbsent(Arrays.asList(unread.getStackTrace()), Mark::read);
        frames = known;
        stack = null;
      }
    }
    return known == null ? List.of() : known;
  }

  private static List<StackTraceElement> read(List<StackTraceElement> stack) {
    return stack.stream()
        .dropWhile(frame -> !CreationStack.isConstructor(frame, Thread.class.getName()))
        .filter(frame -> !StackFrames.isHidden(frame))
        .map(StackFrames::plain)
        .toList();
  }
}
