package dev.leakverifier.check;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What suspects do while a check waits for them to end, from the looks that it takes anyway. */
final class Activity {
  private final Map<Long, Track> tracks = new HashMap<>();

  /** Notes what a thread looked like at {@code nanos}. */
  void saw(ThreadSample thread, long nanos) {
    tracks.computeIfAbsent(thread.id(), id -> new Track(thread, nanos)).add(thread, nanos);
  }

  /** The threads that did not stand at one place. */
  Set<Long> moving() {
    Set<Long> moving = new HashSet<>();
    tracks.forEach(
        (id, track) -> {
          if (track.moved) {
            moving.add(id);
          }
        });
    return moving;
  }

  /** What the thread did since it was first seen. */
  Watched of(ThreadSample thread) {
    Track track = tracks.get(thread.id());
    return track == null ? Watched.ONCE : track.sum();
  }

  private static final class Track {
    private final long firstNanos;
    private final OptionalLong firstCpu;
    private List<StackTraceElement> stack;
    private long lastNanos;
    private OptionalLong lastCpu;
    private int looks;
    private int running;
    private boolean moved;

    Track(ThreadSample first, long nanos) {
      this.firstNanos = nanos;
      this.firstCpu = first.cpuNanos();
      this.lastCpu = first.cpuNanos();
      this.stack = first.frames();
    }

    void add(ThreadSample thread, long nanos) {
      moved = moved || !isSamePlace(stack, thread.frames());
      stack = thread.frames();
      looks++;
      running += thread.state() == Thread.State.RUNNABLE ? 1 : 0;
      lastNanos = nanos;
      lastCpu = thread.cpuNanos();
    }

    Watched sum() {
      return new Watched(Duration.ofNanos(lastNanos - firstNanos), looks, running, moved, cpu());
    }

    private Optional<Duration> cpu() {
      return firstCpu.isPresent() && lastCpu.isPresent()
          ? Optional.of(Duration.ofNanos(lastCpu.getAsLong() - firstCpu.getAsLong()))
          : Optional.empty();
    }

    /** Where the JDK is inside of one of its functions says nothing. */
    private static boolean isSamePlace(List<StackTraceElement> one, List<StackTraceElement> other) {
      return one.equals(other) || withoutJdk(one).equals(withoutJdk(other));
    }

    private static List<StackTraceElement> withoutJdk(List<StackTraceElement> frames) {
      return frames.stream().filter(frame -> !StackFrames.isJdk(frame)).toList();
    }
  }
}
