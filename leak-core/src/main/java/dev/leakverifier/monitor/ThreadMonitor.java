package dev.leakverifier.monitor;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.host.Log;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.monitor.GrowthLevel.Change;
import dev.leakverifier.origin.OriginRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Watches a running service, and says so when its threads grow and do not go away again: how many,
 * and which.
 *
 * <pre>{@code
 * ThreadMonitor monitor = ThreadMonitor.builder().start(); // when the service has started
 * ...
 * monitor.close(); // when it stops
 * }</pre>
 *
 * <p>A thread counts when it has lived through a whole window: when it was there at {@link
 * Builder#window} looks in a row. So neither requests nor bursts that drain count, however many
 * there are. The growth is the number of such threads, less the lowest number since the start; a
 * thread that has ended and another in its place are no growth. A growth of {@link Builder#growth}
 * is logged as a warning, once, and again whenever it has become worse by as much; that less than
 * half is left of it is logged as information. Since the growth counts from the lowest level and
 * not from the last look, a leak of one thread an hour is found, too, in the end.
 *
 * <p>A look lists the threads, which takes microseconds. Stacks are read only while there is
 * growth, of each new thread once, and of 200 threads at a time. To see virtual threads, the JVM
 * has to write a thread dump (see {@link Builder#virtualThreads} for JDK 25); this is done only if
 * there are any, and so seldom that it takes at most a thousandth of the time: where there are
 * 10,000, every two or three minutes. Their window gets longer by as much. If the JVM cannot tell
 * them when the monitor is started, only platform threads are watched.
 *
 * <p>The logger is the one of this class. {@link ThreadMonitorMXBean} shows the same to JMX. All
 * methods are thread-safe.
 */
public final class ThreadMonitor implements AutoCloseable {
  private static final Log LOG = Log.of(ThreadMonitor.class);

  private final Duration every;
  private final List<ThreadGrowthListener> listeners;
  private final GrowthWatch watch;
  private final MonitorBean bean;
  private final OriginRecorder.@Nullable Session origins;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();

  /** The growth that was said last. */
  private int said;

  private boolean failed;

  private ThreadMonitor(Builder builder) {
    this.every = builder.every;
    this.listeners = List.copyOf(builder.listeners);
    this.watch =
        new GrowthWatch(
            builder.source, builder.ticker, builder.virtualThreads, builder.growth, builder.window);
    this.bean = new MonitorBean(builder.growth, watch.growth());
    this.origins = builder.recordOrigins ? OriginRecorder.JVM.start() : null;
  }

  /** A monitor with the defaults, which are told at each setting. */
  public static Builder builder() {
    return new Builder();
  }

  /** What the last look found; at first, that nothing has grown. */
  public ThreadGrowth growth() {
    return bean.growth();
  }

  /**
   * Ends the monitor; more calls do nothing. Does not wait for a listener that is just being
   * called, and interrupts nothing.
   */
  @Override
  public void close() {
    if (!closing.getAndSet(true)) {
      closed.countDown();
      bean.unregister();
      if (origins != null) {
        origins.close();
      }
    }
  }

  private void run() {
    while (!Uninterruptibles.awaitUninterruptibly(closed, every)) {
      // Code that interrupts all threads reaches this one too, and an interrupted thread reads no
      // dump.
      boolean unused = Thread.interrupted();
      look();
    }
  }

  /** Looks once, and says what there is to say; throws nothing. */
  void look() {
    try {
      Change change = watch.look();
      ThreadGrowth growth = watch.growth();
      bean.looked(
          growth,
          watch.isAlarmed(),
          change == Change.ALARM ? Optional.of(growth.toString()) : Optional.empty());
      say(change, growth);
    } catch (RuntimeException | Error e) {
      if (failed) {
        LOG.debug("sampling the threads has failed again", e);
      } else {
        LOG.warn("sampling the threads has failed; the monitor continues", e);
      }
      failed = true;
    }
  }

  private void say(Change change, ThreadGrowth growth) {
    switch (change) {
      case ALARM -> {
        LOG.warn("thread growth: {}", growth);
        said = growth.growth();
        tell(listener -> listener.grew(growth));
      }
      case RECOVERED -> {
        LOG.info(
            "thread growth: recovered, +{} of +{} is left ({} threads)",
            growth.growth(),
            said,
            growth.threads());
        tell(listener -> listener.recovered(growth));
      }
      case NONE -> {}
    }
  }

  private void tell(Consumer<ThreadGrowthListener> news) {
    for (ThreadGrowthListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException | Error e) {
        LOG.warn("a listener of the thread monitor has failed: {}", listener.getClass(), e);
      }
    }
  }

  /** What a monitor is to do. Not thread-safe, and of use for several monitors. */
  public static final class Builder {
    private static final Pattern NAME = Pattern.compile("[\\w.-]+( [\\w.-]+)*");

    private final List<ThreadGrowthListener> listeners = new ArrayList<>();
    private Duration every = Duration.ofSeconds(10);
    private int growth = 100;
    private int window = 12;
    private boolean virtualThreads = true;
    private boolean recordOrigins;
    private String name = "";
    private ThreadSource source = LiveThreads.ofService(OriginRecorder.JVM::originOf);
    private Ticker ticker = Ticker.systemTicker();

    private Builder() {}

    /**
     * The time between two looks. By default 10 s, as in most services' metrics.
     *
     * @throws IllegalArgumentException if {@code every} is shorter than a millisecond, or longer
     *     than a day
     */
    public Builder every(Duration every) {
      checkNotNull(every, "every");
      checkArgument(
          every.compareTo(Duration.ofMillis(1)) >= 0 && every.compareTo(Duration.ofDays(1)) <= 0,
          "every (%s) must be from 1 ms to 1 day",
          every);
      this.every = every;
      return this;
    }

    /**
     * How many more long-lived threads are worth an alarm. By default 100: more than the pools of
     * most services get when the load rises, and long before memory becomes short. It has to be
     * more than the largest pool that fills only after the start.
     *
     * @throws IllegalArgumentException if {@code growth} is less than 1
     */
    public Builder growth(int growth) {
      checkArgument(growth >= 1, "growth (%s) must be at least 1 thread", growth);
      this.growth = growth;
      return this;
    }

    /**
     * At how many looks in a row a thread must be seen in order to count. By default 12, which at
     * the default of {@link #every} is two minutes: idle workers of most pools live for one minute
     * after a burst, and those are no leak.
     *
     * @throws IllegalArgumentException if {@code window} is less than 2, or more than 10,000
     */
    public Builder window(int window) {
      checkArgument(
          window >= 2 && window <= 10_000, "window (%s) must be from 2 to 10000 samples", window);
      this.window = window;
      return this;
    }

    /**
     * Whether to look for virtual threads, too. They are by default, but on JDK 25, whose thread
     * dump can crash the JVM (<a
     * href="https://bugs.openjdk.org/browse/JDK-8364343">JDK-8364343</a>): {@code true} takes it
     * there all the same. {@code false} means that none is ever taken.
     */
    public Builder virtualThreads(boolean virtualThreads) {
      if (virtualThreads) {
        this.source = LiveThreads.withThreadDumps(OriginRecorder.JVM::originOf);
      }
      this.virtualThreads = virtualThreads;
      return this;
    }

    /**
     * Records who starts threads while the monitor runs, so that an alarm can tell. Off by default,
     * since the JVM's flight recorder then adds some 20 us to the start of each thread.
     */
    public Builder recordOrigins() {
      this.recordOrigins = true;
      return this;
    }

    /**
     * What JMX calls the monitor: {@code dev.leakverifier:type=ThreadMonitor,name=orders}. By
     * default there is no such part, but for a second monitor, which is {@code name=2}.
     *
     * @throws IllegalArgumentException if {@code name} is empty, or has others than letters,
     *     digits, {@code _}, {@code -}, {@code .}, and single spaces between
     */
    public Builder name(String name) {
      checkNotNull(name, "name");
      checkArgument(
          NAME.matcher(name).matches(),
          "name (%s) must be of the letters a to z, digits, '_', '-' and '.', with single spaces"
              + " between",
          name);
      this.name = name;
      return this;
    }

    /** Who is to be told, besides the log. May be called several times. */
    public Builder listener(ThreadGrowthListener listener) {
      listeners.add(checkNotNull(listener, "listener"));
      return this;
    }

    /** For tests: other threads than those of this JVM. */
    Builder source(ThreadSource source) {
      this.source = source;
      return this;
    }

    /** For tests: another clock. */
    Builder ticker(Ticker ticker) {
      this.ticker = ticker;
      return this;
    }

    /**
     * Starts to watch, on a daemon thread of its own. The threads that are alive now are what
     * growth is measured from, so call it when the service has started.
     *
     * @throws IllegalStateException if this JVM has a monitor of the same {@link #name}
     */
    public ThreadMonitor start() {
      ThreadMonitor monitor = open();
      try {
        new MonitorThread(monitor::run).start();
      } catch (Error e) { // the JVM has no room for one more thread
        monitor.close();
        throw e;
      }
      return monitor;
    }

    /** A monitor without a thread: for tests, which look when they want to. */
    ThreadMonitor open() {
      ThreadMonitor monitor = new ThreadMonitor(this);
      try {
        monitor.bean.register(name);
      } catch (IllegalStateException e) {
        monitor.close();
        throw e;
      }
      return monitor;
    }
  }
}
