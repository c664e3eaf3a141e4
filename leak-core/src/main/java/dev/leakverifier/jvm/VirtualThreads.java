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
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

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
  private final VirtualCensus census;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * The virtual threads that {@code census} shows.
   *
   * @param everMade whether this JVM may ever have made a virtual thread; asked each time, so cheap
   */
  VirtualThreads(BooleanSupplier everMade, VirtualCensus census) {
    this.everMade = everMade;
    this.census = census;
  }

  /** One for all: so none looks again for what another has seen. */
  private static final class Jvm {
    static final VirtualThreads THREADS =
        new VirtualThreads(
            new VirtualThreadTraces(JvmThreadDump::bindsVirtualThreads),
            censusOf(Runtime.version().feature()));
  }

  /** How a JVM of that version tells of its virtual threads without harm. */
  static VirtualCensus censusOf(int feature) {
    return feature == JDK_WITH_UNSAFE_DUMP
        ? new HeapCensus(new JvmHeap(), ThreadCount::made)
        : new ThreadDumpCensus(new JvmThreadDump(), JvmThreadDump::gap);
  }

  static VirtualThreads ofJvm() {
    return Runtime.version().feature() < FIRST_JDK ? none() : Jvm.THREADS;
  }

  /** None, whatever lives in this JVM. */
  static VirtualThreads none() {
    return new VirtualThreads(
        () -> false,
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
    return Guard.make(
        part(),
        () -> {
          long mark = ThreadCount.now();
          VirtualCensus.Ids found = census.ids();
          return VirtualListing.of(found.ids(), logged(found.notSeen()).orElse(null), mark);
        },
        lost -> VirtualListing.unknown(notSeen(lost)));
  }

  /** Lists the virtual threads; {@code earlier} itself if no virtual thread has been made since. */
  VirtualListing listSince(VirtualListing earlier) {
    return earlier.isKnown() && everMade.getAsBoolean() && earlier.mark() == ThreadCount.now()
        ? earlier
        : list();
  }

  /** What those with these {@code ids} look like that are alive. */
  Sampling sample(Set<Long> ids) {
    return sample(ids::contains);
  }

  /** What all that are alive look like, at one instant. */
  Sampling sampleAll() {
    return everMade.getAsBoolean() ? sample(id -> true) : new Sampling(List.of(), Optional.empty());
  }

  private Sampling sample(LongPredicate wanted) {
    return Guard.make(
        part(),
        () -> {
          Sampling found = census.samples(wanted);
          return new Sampling(found.samples(), logged(found.notSeen()));
        },
        lost -> new Sampling(List.of(), Optional.of(notSeen(lost))));
  }

  private String part() {
    return "the " + census.means();
  }

  private Optional<String> logged(Optional<String> gap) {
    return gap.map(line -> log(line.startsWith("virtual threads: ") ? "a note" : "a gap", line));
  }

  private String notSeen(Lost dump) {
    return log(
        part(), "virtual threads: no " + census.means() + " could be read (" + why(dump) + ")");
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
