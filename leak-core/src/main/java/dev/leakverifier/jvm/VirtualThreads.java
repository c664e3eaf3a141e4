package dev.leakverifier.jvm;

import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The virtual threads of this JVM, of which neither thread groups nor {@code getAllStackTraces}
 * tell.
 *
 * <p>To ask for them is dear; so nobody is asked before the first virtual thread was made. Where
 * they are not to be had, what could not be seen is said in a line, and logged once.
 */
final class VirtualThreads {
  private static final Log LOG = Log.of(VirtualThreads.class);
  private static final int FIRST_JDK = 21;

  /**
   * Its thread dump crashes the JVM if a virtual thread changes its carrier meanwhile
   * (JDK-8364343): JDK 25 was the first to look into such threads for one, and JDK 26 is mended.
   */
  private static final int JDK_WITH_UNSAFE_DUMP = 25;

  private final BooleanSupplier everMade;
  private final Supplier<VirtualCensus> census;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * The virtual threads that {@code census} shows, which is not made before it is needed.
   *
   * @param everMade whether this JVM may ever have made a virtual thread; asked each time, so cheap
   */
  VirtualThreads(BooleanSupplier everMade, Supplier<VirtualCensus> census) {
    this.everMade = everMade;
    this.census = census;
  }

  /** One for all: so none looks again for what another has seen. */
  private static final class Jvm {
    static final BooleanSupplier EVER_MADE =
        new VirtualThreadTraces(JvmThreadDump::bindsVirtualThreads);
    static final VirtualThreads THREADS = new VirtualThreads(EVER_MADE, () -> Census.OF_TESTS);
  }

  /** Apart, since a clean check needs none of it: see docs/performance.md. */
  private static final class Census {
    static final VirtualCensus OF_TESTS = censusOf(Runtime.version().feature());
  }

  /** The same, for those who are no tests. */
  private static final class Service {
    static final VirtualCensus CENSUS = censusOfService(Runtime.version().feature());
    static final VirtualThreads THREADS = new VirtualThreads(Jvm.EVER_MADE, () -> CENSUS);
    static final VirtualCensus DUMPS = censusOfDumps();
    static final VirtualThreads AS_ASKED = new VirtualThreads(Jvm.EVER_MADE, () -> DUMPS);
  }

  private static VirtualCensus censusOfDumps() {
    return new ThreadDumpCensus(new JvmThreadDump(), JvmThreadDump::gap);
  }

  /** How a JVM of that version tells of its virtual threads without harm to a run of tests. */
  static VirtualCensus censusOf(int feature) {
    return feature == JDK_WITH_UNSAFE_DUMP
        ? new HeapCensus(
            new CensusHeap(), ThreadClock::now, System::nanoTime, LockSupport::parkNanos)
        : censusOfDumps();
  }

  /** The same without harm to a service, which a heap dump would stop for too long. */
  static VirtualCensus censusOfService(int feature) {
    return feature == JDK_WITH_UNSAFE_DUMP
        ? new ThreadDumpCensus(
            file -> {
              throw new IOException("it can crash a JVM of JDK 25, see JDK-8364343");
            },
            Optional::empty)
        : censusOf(feature);
  }

  static VirtualThreads ofJvm() {
    return Runtime.version().feature() < FIRST_JDK ? none() : Jvm.THREADS;
  }

  /** For a service in production, which is neither to crash nor to stand still. */
  static VirtualThreads ofService() {
    return Runtime.version().feature() < FIRST_JDK ? none() : Service.THREADS;
  }

  /** From thread dumps, whatever they do to this JVM: its user has asked for that. */
  static VirtualThreads asAsked() {
    return Runtime.version().feature() < FIRST_JDK ? none() : Service.AS_ASKED;
  }

  /** None, whatever lives in this JVM. */
  static VirtualThreads none() {
    return new VirtualThreads(
        () -> false,
        () ->
            new ThreadDumpCensus(
                file -> {
                  throw new IOException("virtual threads are not looked for");
                },
                Optional::empty));
  }

  /** Which are alive. */
  VirtualListing list() {
    if (!everMade.getAsBoolean()) {
      return VirtualListing.NONE;
    }
    ThreadClock now = ThreadClock.now(); // before the look: else it would seem to be complete
    return Guard.make(
        part(),
        () -> {
          VirtualCensus.Ids found = census.get().ids();
          return VirtualListing.of(found.ids(), logged(found.notSeen()).orElse(null), now);
        },
        lost -> VirtualListing.unknown(notSeen(lost), now));
  }

  /** When it is, without a look at which are alive. */
  VirtualListing note() {
    return everMade.getAsBoolean()
        ? VirtualListing.notAsked(ThreadClock.now())
        : VirtualListing.NONE;
  }

  /** Lists the virtual threads; {@code earlier} itself if no virtual thread has been made since. */
  VirtualListing listSince(VirtualListing earlier) {
    return earlier.isKnown()
            && everMade.getAsBoolean()
            && ThreadClock.now().isQuietSince(earlier.at())
        ? earlier
        : list();
  }

  /** What those with these {@code ids} look like that are alive. */
  Sampling sample(Set<Long> ids) {
    return sampling(() -> census.get().samples(ids::contains));
  }

  /** The same while it is waited for their end; see {@link ThreadSource#glance}. */
  Sampling glance(Set<Long> ids) {
    return sampling(() -> census.get().glance(ids::contains));
  }

  /** What all that are alive look like, at one instant. */
  Sampling sampleAll() {
    return everMade.getAsBoolean()
        ? sampling(() -> census.get().samples(id -> true))
        : new Sampling(List.of(), Optional.empty());
  }

  private Sampling sampling(Guard.Maker<Sampling> look) {
    return Guard.make(
        part(),
        () -> {
          Sampling found = look.make();
          return new Sampling(found.samples(), logged(found.notSeen()));
        },
        lost -> new Sampling(List.of(), Optional.of(notSeen(lost))));
  }

  private String part() {
    return "the " + census.get().means();
  }

  private Optional<String> logged(Optional<String> gap) {
    return gap.map(line -> log(line.startsWith("virtual threads: ") ? "a note" : "a gap", line));
  }

  private String notSeen(Lost dump) {
    return log(
        part(),
        "virtual threads: no " + census.get().means() + " could be read (" + why(dump) + ")");
  }

  /** Without the names of temporary files, so that it is the same each time. */
  private static String why(Lost dump) {
    if (dump.reason() instanceof FileSystemException e) {
      return e.getClass().getName()
          + (e.getReason() == null ? "" : ": " + e.getReason())
          + " in "
          + System.getProperty("java.io.tmpdir");
    }
    return dump.reason() instanceof IOException e ? String.valueOf(e.getMessage()) : dump.why();
  }

  /** People have to see it, be the verdict clean or not. */
  private String log(String kind, String notSeen) {
    if (logged.add(kind)) {
      LOG.warn("Not seen: {}", notSeen);
    }
    return notSeen;
  }
}
