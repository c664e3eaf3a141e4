package dev.leakverifier;

import dev.leakverifier.blame.Window;
import org.jspecify.annotations.Nullable;

/** An adapter's window, as blame knows it. No record, for start-up: see docs/performance.md. */
final class Followed<W extends LeakWatch.Window> implements Window {
  private final W window;

  Followed(W window) {
    this.window = window;
  }

  W window() {
    return window;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Followed<?> followed && window.equals(followed.window);
  }

  @Override
  public int hashCode() {
    return window.hashCode();
  }

  @Override
  public String describe() {
    return window.describe();
  }

  @Override
  public boolean isCodeOf(StackTraceElement frame) {
    return window.isCodeOf(frame);
  }
}
