package dev.leakverifier.blame;

/**
 * A test or fixture on the thread that runs it, from one id of a thread to another. What happened
 * on this thread between two of them belongs to the later one.
 */
final class Stretch {
  private static final long OPEN = Long.MAX_VALUE;

  private final Object owner;
  private final Window window;
  private final long thread;
  private final long from;
  private final long opened;
  private long to = OPEN;

  /**
   * One that runs.
   *
   * @param from where the last one on this thread ended
   * @param opened where it began
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

  void end(long id) {
    to = id;
  }

  boolean isOver() {
    return to != OPEN;
  }

  /** Whether it answers for what its own thread made then. */
  boolean contains(long id) {
    return from < id && id <= to;
  }

  /** Whether it was open then, and so other threads may have made something for it. */
  boolean wasOpenAt(long id) {
    return opened < id && id <= to;
  }

  /** Whether the other one, on the same thread, ran within this one. */
  boolean contains(Stretch other) {
    return this != other && from <= other.from && other.to <= to;
  }
}
