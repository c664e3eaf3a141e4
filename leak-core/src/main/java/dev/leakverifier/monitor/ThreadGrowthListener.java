package dev.leakverifier.monitor;

/**
 * Is told what a {@link ThreadMonitor} finds, e.g. in order to page somebody.
 *
 * <pre>{@code
 * ThreadMonitor.builder().listener(growth -> pager.page("threads: " + growth)).start();
 * }</pre>
 *
 * <p>Called on the monitor's own thread, so a slow one delays the next look. What it throws is
 * logged, and the monitor goes on.
 */
@FunctionalInterface
public interface ThreadGrowthListener {
  /** The threads have grown by the limit; said again when they have grown by as much once more. */
  void grew(ThreadGrowth growth);

  /** Of what was said, less than half of the limit is left. */
  default void recovered(ThreadGrowth growth) {}
}
