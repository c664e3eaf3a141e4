package dev.leakverifier.monitor;

import com.google.common.base.Ticker;
import dev.leakverifier.jvm.IdSet;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.monitor.GrowthLevel.Change;
import dev.leakverifier.monitor.PacedListing.Look;

/**
 * Looks at the threads again and again, and tells when they have grown for good. Knows nothing of
 * logs and listeners; not thread-safe.
 */
final class GrowthWatch {
  private final Ticker ticker;
  private final PacedListing listing;
  private final boolean seesVirtual;
  private final LongLived platform;
  private final LongLived virtual;
  private final Population population;
  private final GrowthLevel level;

  /** The threads that are alive now are the baseline. */
  GrowthWatch(ThreadSource source, Ticker ticker, boolean virtualThreads, int growth, int window) {
    this.ticker = ticker;
    PacedListing paced = new PacedListing(source, virtualThreads, ticker);
    Look first = paced.next();
    // Without virtual ones in the baseline, all that are seen later would be growth.
    this.seesVirtual = first.sawVirtual();
    this.listing =
        seesVirtual ? paced : new PacedListing(source, /* virtualThreads= */ false, ticker);
    ThreadListing start = first.threads();
    this.platform = new LongLived(window, start.platformIds());
    this.virtual = new LongLived(window, start.virtual().ids());
    this.population = new Population(source, start);
    this.level = new GrowthLevel(growth, window, population.count(), ticker);
  }

  /** Looks once. */
  Change look() {
    Look look = listing.next();
    IdSet longLived = platform.saw(look.threads().platformIds());
    population.are(
        longLived.plus(
            look.sawVirtual() ? virtual.saw(look.threads().virtual().ids()) : virtual.longLived()));
    if (level.isAbove(population.count())) {
      long start = ticker.read();
      if (population.lookAtNew(look.threads())) {
        listing.spent(start);
      }
    }
    return level.note(population.count(), look.sawVirtual() || !seesVirtual);
  }

  /** What the last look found. */
  ThreadGrowth growth() {
    return new ThreadGrowth(
        level.growth(),
        level.since(),
        platform.alive() + virtual.alive(),
        population.grown(),
        population.notLookedAt());
  }

  boolean isAlarmed() {
    return level.isAlarmed();
  }
}
