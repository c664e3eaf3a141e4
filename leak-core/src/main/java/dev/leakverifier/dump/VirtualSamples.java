package dev.leakverifier.dump;

import dev.leakverifier.dump.ThreadDumpReader.Entry;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes samples of the virtual threads of a dump. Who holds a monitor that one of them wants may
 * stand after it, and may be a platform thread.
 */
final class VirtualSamples {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Long> holders = new HashMap<>();

  void add(Entry entry) {
    if (entry.sample().isVirtual()) {
      entries.add(entry);
    }
    addHolder(entry.sample().id(), entry.monitors());
  }

  /** A thread of which nothing else is wanted. */
  void addHolder(long id, List<String> monitors) {
    monitors.forEach(monitor -> holders.put(monitor, id));
  }

  List<ThreadSample> build() {
    return entries.stream().map(this::sample).toList();
  }

  private ThreadSample sample(Entry entry) {
    ThreadSample sample = entry.sample();
    if (entry.blockedOn().isPresent()) {
      String monitor = entry.blockedOn().get();
      return locked(sample, monitor, holders.getOrDefault(monitor, 0L));
    }
    if (entry.waitingOn().isPresent()) {
      return locked(sample, entry.waitingOn().get(), 0);
    }
    if (entry.parkBlocker().isPresent()) {
      return locked(sample, entry.parkBlocker().get(), entry.parkBlockerOwner());
    }
    return sample;
  }

  /** 0: nobody is known to hold it. */
  private static ThreadSample locked(ThreadSample sample, String lock, long holder) {
    return sample.toBuilder()
        .lock(
            Optional.of(
                ThreadLock.of(lock, holder == 0 ? OptionalLong.empty() : OptionalLong.of(holder))))
        .build();
  }
}
