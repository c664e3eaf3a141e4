package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A thread of a text while its lines are being read. */
final class TextThread {
  private final ThreadHeader header;
  private final List<StackTraceElement> frames = new ArrayList<>();
  private final List<ThreadLock> locked = new ArrayList<>();
  private Thread.@Nullable State state;
  private @Nullable LockLine wait;
  private boolean carrier;
  private @Nullable TextThread mounted;
  private boolean whole;

  TextThread(ThreadHeader header) {
    this.header = header;
    this.state = header.state().orElse(null);
  }

  ThreadHeader.Form form() {
    return header.form();
  }

  /** Whether a blank line has followed: then all its frames have been read. */
  boolean isWhole() {
    return whole;
  }

  void end() {
    whole = true;
  }

  void state(Thread.State read) {
    state = read;
  }

  /** A virtual thread runs on it, of which the dump may give the frames further on. */
  void carries() {
    carrier = true;
  }

  /** What follows is of the virtual thread that runs on this one. */
  void mounted(long id) {
    mounted =
        new TextThread(
            new ThreadHeader(
                id,
                /* name= */ "", // the JVM does not tell
                /* daemon= */ true,
                /* virtual= */ true,
                ThreadHeader.Form.JVM,
                Optional.empty()));
  }

  void frame(StackTraceElement frame) {
    (mounted == null ? frames : mounted.frames).add(frame);
  }

  void lock(LockLine line) {
    TextThread thread = mounted == null || line.role() == LockLine.Role.OWNED ? this : mounted;
    ThreadLock lock = line.lock();
    if (lock == null) {
      return;
    }
    switch (line.role()) {
      case LOCKED -> (whole ? this : thread).locked.add(lock);
      case OWNED -> thread.locked.add(lock);
      case ENTERS, WAITS -> {
        if (thread.wait == null) {
          thread.wait = line;
        }
      }
      case NONE -> {}
    }
  }

  /** Adds the thread to {@code dump}, unless it runs no Java code, as the JVM's own do. */
  void addTo(DumpBuilder dump, FrameTexts texts) {
    if (form() == ThreadHeader.Form.JVM && state == null && !carrier && !header.virtual()) {
      return; // a thread of the garbage collector, for instance
    }
    List<StackTraceElement> stack = texts.stack(stack());
    Thread.State known = state == null ? stateOf(stack) : state;
    ThreadSample.Builder sample =
        ThreadSample.builder(header.id(), header.name(), known)
            .daemon(header.daemon())
            .lock(Optional.ofNullable(wait).map(LockLine::lock))
            .frames(stack);
    dump.add(header.virtual() ? sample.virtual().build() : sample.build(), locked);
    if (mounted != null) {
      mounted.addTo(dump, texts);
    }
  }

  private List<StackTraceElement> stack() {
    List<StackTraceElement> stack = new ArrayList<>();
    for (StackTraceElement frame : frames) {
      if (FrameTexts.isShown(frame)) {
        stack.add(frame);
      }
      if (header.virtual() && FrameTexts.isJdks(frame, "java.lang.VirtualThread.run")) {
        break; // what is below, only the JVM shows, as it does runWith
      }
    }
    return stack;
  }

  private Thread.State stateOf(List<StackTraceElement> stack) {
    return wait != null && wait.role() == LockLine.Role.ENTERS
        ? Thread.State.BLOCKED
        : StackStates.of(stack);
  }
}
