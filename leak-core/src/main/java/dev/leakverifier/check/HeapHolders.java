package dev.leakverifier.check;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Has a dump of the heap tell who holds what threads belong to.
 *
 * <p>A dump stops the JVM as a full garbage collection does. So there is one at most for a verdict,
 * and none for a leak of which the heap was asked before in this JVM.
 */
final class HeapHolders implements Holders {
  private static final Log LOG = Log.of(HeapHolders.class);
  private static final String PART = "who holds the threads";
  private static final long MEGABYTE = 1 << 20;

  /** Up to so much live heap, a dump takes some tenths of a second. */
  private static final long SMALL = 256 * MEGABYTE;

  /** So many threads and leaks are remembered. */
  private static final int MAX_KNOWN = 1000;

  private final Dump dump;
  private final LongSupplier liveHeap;
  private final Map<Long, Optional<ThreadHolder>> byThread = new Latest<>();
  private final Map<Fingerprint, Optional<ThreadHolder>> byLeak = new Latest<>();

  /** Those of this JVM. */
  HeapHolders() {
    this(HeapHolders::ofThisJvm, HeapDump::liveHeap);
  }

  HeapHolders(Dump dump, LongSupplier liveHeap) {
    this.dump = dump;
    this.liveHeap = liveHeap;
  }

  /** Takes a dump. */
  interface Dump {
    /** Who holds the threads with these ids; of what the heap does not show, none. */
    Map<Long, ThreadHolder> heldBy(Set<Long> ids) throws IOException;
  }

  /** Forgets what was put in long ago. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MAX_KNOWN;
    }
  }

  private static Map<Long, ThreadHolder> ofThisJvm(Set<Long> ids) throws IOException {
    long start = System.nanoTime();
    try (HeapDump dump = HeapDump.take()) {
      Map<Long, ThreadHolder> holders = dump.heldBy(ids);
      LOG.debug("The heap was read in {} ms", (System.nanoTime() - start) / 1_000_000);
      return holders;
    }
  }

  @Override
  public Findings tell(Findings found, List<Suspect> suspects) {
    Map<Long, HeapUse> uses = new HashMap<>();
    suspects.forEach(suspect -> uses.put(suspect.id(), suspect.settings().heap()));
    List<Observation> asking =
        found.leaked().stream()
            .filter(seen -> seen.thread().holder().isEmpty())
            .filter(seen -> uses.get(seen.thread().id()) != HeapUse.NEVER)
            .toList();
    if (asking.isEmpty()) {
      return found;
    }
    boolean always =
        asking.stream().anyMatch(seen -> uses.get(seen.thread().id()) == HeapUse.ALWAYS);
    return Guard.make(
        PART,
        () -> told(found, asking, always),
        lost -> found.without(Set.of(lost.part() + ": " + lost.why())));
  }

  /** One at a time: the next may find here what it would ask for. */
  private synchronized Findings told(Findings found, List<Observation> asking, boolean always)
      throws IOException {
    Map<Long, Fingerprint> leaks = new HashMap<>();
    for (LeakGroup group : LeakGroup.of(asking)) {
      group.threads().forEach(thread -> leaks.put(thread.id(), group.fingerprint()));
    }
    boolean isNew =
        leaks.entrySet().stream()
            .anyMatch(
                leak ->
                    !byThread.containsKey(leak.getKey()) && !byLeak.containsKey(leak.getValue()));
    if (isNew && !always && liveHeap.getAsLong() > SMALL) {
      return withHolders(found, leaks).without(Set.of(tooLarge()));
    }
    if (isNew) {
      ask(leaks);
    }
    return withHolders(found, leaks);
  }

  private String tooLarge() {
    return PART
        + ": the heap has %d MB, and leak.heap=auto reads %d MB at most (always reads any)"
            .formatted(liveHeap.getAsLong() / MEGABYTE, SMALL / MEGABYTE);
  }

  /** What fails once is not tried again for the same leak. */
  private void ask(Map<Long, Fingerprint> leaks) throws IOException {
    Map<Long, ThreadHolder> holders = Map.of();
    try {
      holders = dump.heldBy(leaks.keySet());
    } finally {
      for (Map.Entry<Long, Fingerprint> leak : leaks.entrySet()) {
        Optional<ThreadHolder> holder = Optional.ofNullable(holders.get(leak.getKey()));
        byThread.put(leak.getKey(), holder);
        if (!leak.getValue().equals(Fingerprint.NONE)) {
          byLeak.putIfAbsent(leak.getValue(), holder);
        }
      }
    }
  }

  private Findings withHolders(Findings found, Map<Long, Fingerprint> leaks) {
    List<Observation> all = new ArrayList<>();
    for (Observation seen : found.leaked()) {
      Fingerprint leak = leaks.get(seen.thread().id());
      all.add(leak == null ? seen : seen.with(withHolder(seen.thread(), leak)));
    }
    return found.of(all, found.shared());
  }

  private ThreadSample withHolder(ThreadSample thread, Fingerprint leak) {
    Optional<ThreadHolder> own = byThread.get(thread.id());
    Optional<ThreadHolder> holder =
        own != null ? own : byLeak.getOrDefault(leak, Optional.empty()).map(ThreadHolder::ofEqual);
    return holder.isEmpty() ? thread : thread.toBuilder().holder(holder).build();
  }
}
