package dev.leakverifier.blame;

import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Origins as the test says. */
public final class FakeOrigins implements Origins {
  final Map<Long, ThreadOrigin> known = new HashMap<>();
  final List<Long> askedFor = new ArrayList<>();
  boolean recorded = true;

  @Override
  public Optional<ThreadOrigin> of(long threadId) {
    askedFor.add(threadId);
    return readOf(threadId);
  }

  @Override
  public Optional<ThreadOrigin> readOf(long threadId) {
    return Optional.ofNullable(known.get(threadId));
  }

  @Override
  public boolean areRecorded() {
    return recorded;
  }
}
