package dev.leakverifier.testing;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until somebody waits by it. */
public final class FakeTime extends Ticker {
  private final List<Long> waits = new ArrayList<>();
  private long now = 17;

  @Override
  public long read() {
    return now;
  }

  /** Lets {@code nanos} pass. */
  public void pass(long nanos) {
    waits.add(nanos);
    now += nanos;
  }

  /** Lets {@code nanos} pass while somebody works rather than waits. */
  public void slip(long nanos) {
    now += nanos;
  }

  /** How long each wait was, in nanoseconds. */
  public List<Long> waits() {
    return waits;
  }
}
