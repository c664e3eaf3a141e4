package dev.leakverifier.check;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Has a dump of the heap tell who holds what threads belong to.
 *
 * <p>A dump stops the JVM as a full garbage collection does. So there is one at most for a verdict,
 * and none for a leak of which the heap was asked before in this JVM.
 */
final class HeapHolders implements Holders {
  private static final Log LOG = Log.of(HeapHolders.class);
  private static final String PART = "who holds the threads";
  private static final String MAY_LAST =
      "; what a cached Spring test context holds is no leak, and only the heap tells"
          + " (leak.heap=always)";
  private static final long MEGABYTE = 1 << 20;

  /** Up to so much live heap, a dump takes some tenths of a second. */
  private static final long SMALL = 256 * MEGABYTE;

  /** So many threads and leaks are remembered. */
  private static final int MAX_KNOWN = 1000;

  /** Those of this JVM. */
  static final HeapHolders JVM =
      new HeapHolders(HeapHolders::ofThisJvm, HeapDump::liveHeap, LastingHolder::mayBeOfLibrary);

  private final Dump dump;
  private final LongSupplier liveHeap;
  private final BooleanSupplier mayLast;
  private final Map<Long, Optional<ThreadHolder>> byThread = new Latest<>();
  private final Map<Fingerprint, Optional<ThreadHolder>> byLeak = new Latest<>();
  private final Map<Looks, Boolean> held = new Latest<>();

  /**
   * Those of some JVM.
   *
   * @param mayLast whether a library in it may hold something as long as it lives: then a leak that
   *     looks like an earlier one need not be one
   */
  HeapHolders(Dump dump, LongSupplier liveHeap, BooleanSupplier mayLast) {
    this.dump = dump;
    this.liveHeap = liveHeap;
    this.mayLast = mayLast;
  }

  /** Takes a dump. */
  interface Dump {
    /** Who holds the threads with these ids. */
    Told of(Set<Long> ids) throws IOException;
  }

  /**
   * What a dump tells of threads; of what it does not show, nothing.
   *
   * @param lasting the threads that are no leak
   * @param heldBy the others
   */
  record Told(Map<Long, LastingHolder> lasting, Map<Long, ThreadHolder> heldBy) {}

  /** What threads of the same pool have in common, and others seldom. */
  private record Looks(String threadClass, String name, List<String> functions) {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    static Looks of(ThreadSample thread) {
      return new Looks(
          thread.threadClass(),
          NUMBER.matcher(thread.name()).replaceAll("#"),
          thread.frames().stream().map(StackFrames::function).toList());
    }
  }

  /** Forgets what was put in long ago. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MAX_KNOWN;
    }
  }

  private static Told ofThisJvm(Set<Long> ids) throws IOException {
    long start = System.nanoTime();
    try (HeapDump dump = HeapDump.take()) {
      Map<Long, LastingHolder> lasting = dump.lasting(ids);
      Set<Long> others = new HashSet<>(ids);
      others.removeAll(lasting.keySet());
      Told told = new Told(lasting, dump.heldBy(others));
      LOG.debug("The heap was read in {} ms", (System.nanoTime() - start) / 1_000_000);
      return told;
    }
  }

  @Override
  public Findings tell(Findings found, List<Suspect> suspects) {
    boolean mayLast = this.mayLast.getAsBoolean();
    Map<Long, HeapUse> uses = new HashMap<>();
    suspects.forEach(suspect -> uses.put(suspect.id(), suspect.settings().heap()));
    List<Observation> asking =
        found.leaked().stream()
            .filter(seen -> mayLast || seen.thread().holder().isEmpty())
            .filter(seen -> uses.get(seen.thread().id()) != HeapUse.NEVER)
            .toList();
    Findings asked =
        mayLast && asking.size() < found.leaked().size()
            ? found.without(Set.of(PART + " is not asked (leak.heap=never)" + MAY_LAST))
            : found;
    if (asking.isEmpty()) {
      return asked;
    }
    boolean always =
        asking.stream().anyMatch(seen -> uses.get(seen.thread().id()) == HeapUse.ALWAYS);
    return Guard.make(
        PART,
        () -> told(asked, asking, always, mayLast),
        lost -> asked.without(Set.of(lost.part() + ": " + lost.why())));
  }

  /** One at a time: the next may find here what it would ask for. */
  private synchronized Findings told(
      Findings found, List<Observation> asking, boolean always, boolean mayLast)
      throws IOException {
    Map<Long, Fingerprint> leaks = new HashMap<>();
    for (LeakGroup group : LeakGroup.of(asking)) {
      group.threads().forEach(thread -> leaks.put(thread.id(), group.fingerprint()));
    }
    boolean isNew =
        leaks.entrySet().stream()
            .anyMatch(
                leak ->
                    !byThread.containsKey(leak.getKey())
                        && (mayLast || !byLeak.containsKey(leak.getValue())));
    if (isNew && !always && liveHeap.getAsLong() > SMALL) {
      return withHolders(found, leaks).without(Set.of(tooLarge() + (mayLast ? MAY_LAST : "")));
    }
    return withHolders(isNew ? withoutLasting(found, ask(leaks)) : found, leaks);
  }

  private String tooLarge() {
    return PART
        + ": the heap has %d MB, and leak.heap=auto reads %d MB at most (always reads any)"
            .formatted(liveHeap.getAsLong() / MEGABYTE, SMALL / MEGABYTE);
  }

  /**
   * What fails once is not tried again for the same leak. Of threads that are held as long as the
   * JVM lives nothing is remembered: their holder may let go of them.
   */
  private Map<Long, LastingHolder> ask(Map<Long, Fingerprint> leaks) throws IOException {
    Told told = new Told(Map.of(), Map.of());
    try {
      told = dump.of(leaks.keySet());
      return told.lasting();
    } finally {
      for (Map.Entry<Long, Fingerprint> leak : leaks.entrySet()) {
        if (!told.lasting().containsKey(leak.getKey())) {
          remember(leak, Optional.ofNullable(told.heldBy().get(leak.getKey())));
        }
      }
    }
  }

  private void remember(Map.Entry<Long, Fingerprint> leak, Optional<ThreadHolder> holder) {
    byThread.put(leak.getKey(), holder);
    if (!leak.getValue().equals(Fingerprint.NONE)) {
      byLeak.putIfAbsent(leak.getValue(), holder);
    }
  }

  private Findings withoutLasting(Findings found, Map<Long, LastingHolder> lasting) {
    for (ThreadSample thread : found.threads()) {
      LastingHolder holder = lasting.get(thread.id());
      if (holder != null && holder.isOfLibrary()) { // which may start more such threads
        held.put(Looks.of(thread), true);
      }
    }
    Findings left = found.withoutLeaks(lasting.keySet()).withHeld(lasting);
    left.heldByHolder()
        .forEach(
            (holder, count) ->
                LOG.info(
                    "not counted: {} of {}", count == 1 ? "1 thread" : count + " threads", holder));
    return left;
  }

  @Override
  public synchronized boolean haveHeld() {
    return !held.isEmpty();
  }

  @Override
  public synchronized boolean looksHeld(ThreadSample thread) {
    return held.containsKey(Looks.of(thread));
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
