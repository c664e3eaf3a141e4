package dev.leakverifier.blame;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A test or fixture on the thread that runs it, from one note to another. What happened on this
 * thread between two of them belongs to the later one.
 */
final class Stretch {
  private static final long OPEN = Long.MAX_VALUE;

  private final Object owner;
  private final Window window;
  private final long thread;
  private final long from;
  private final long opened;
  private long to = OPEN;
  private boolean interrupted;
  private @Nullable Stretch interrupts;

  /**
   * One that runs.
   *
   * @param from the last note of this thread before
   * @param opened the last note of any thread before
   */
  Stretch(Object owner, Window window, long thread, long from, long opened) {
    this.owner = owner;
    this.window = window;
    this.thread = thread;
    this.from = from;
    this.opened = opened;
  }

  /** Who follows this test. */
  Object owner() {
    return owner;
  }

  Window window() {
    return window;
  }

  /** The thread that runs it. */
  long thread() {
    return thread;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  void end(long note) {
    to = note;
  }

  /** Says that its thread runs others meanwhile, which are no part of it. */
  void interrupt() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** Says that {@code other} was interrupted for this one. */
  void interrupts(Stretch other) {
    interrupts = other;
  }

  /** This one, and those that were interrupted for it, which run all the while. */
  Stream<Stretch> withInterrupted() {
    return Stream.iterate(this, Objects::nonNull, stretch -> stretch.interrupts);
  }

  boolean isOver() {
    return to != OPEN;
  }

  /** Whether it answers for what its own thread had started by this note, and not before it. */
  boolean contains(long note) {
    return from < note && note <= to;
  }

  /** Whether it was open then, and so other threads may have started something for it. */
  boolean wasOpenAt(long note) {
    return opened < note && note <= to;
  }

  /** Whether the other one, on the same thread, ran within this one. */
  boolean contains(Stretch other) {
    return this != other && from <= other.from && other.to <= to;
  }
}
