package dev.leakverifier.page;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.host.AtExit;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.report.ReportText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the watches of this JVM tell, and writes the report of the run.
 *
 * <p>Nobody may know which test is the last: so it is written with the first leak, then not more
 * often than is cheap, and for the last time when the JVM exits. What cannot be written is logged,
 * and costs no verdict. Thread-safe; what is written does not hold up what is noted.
 */
public final class RunRecorder {
  private static final Log LOG = Log.of(RunRecorder.class);

  private static final ConcurrentMap<ReportSetting, RunRecorder> OF_JVM = new ConcurrentHashMap<>();

  private static final int MAX_THREADS = 2_000;
  private static final int MAX_REPORTED_THREADS = 10_000;
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

  /** A write may take that part of the time at most. */
  private static final int SHARE = 20;

  private final ReportSetting setting;
  private final LongSupplier nanoTime;
  private final Consumer<Runnable> atExit;
  private final Instant start = Instant.now();
  private final long startTick;
  private final Object writing = new Object();

  private final List<RunReport.Leak> leaks = new ArrayList<>();
  private int leakedThreads;
  private int leaksNotKept;
  private @Nullable ReportFiles files;
  private @Nullable ThreadLives lives;
  private @Nullable String failure;
  private boolean wanted;
  private boolean changed;
  private long nextWrite;

  public RunRecorder(ReportSetting setting, LongSupplier nanoTime, Consumer<Runnable> atExit) {
    this.setting = setting;
    this.nanoTime = nanoTime;
    this.atExit = atExit;
    this.startTick = nanoTime.getAsLong();
    this.nextWrite = startTick - BETWEEN_WRITES.toNanos(); // the first at once
    guarded(() -> ReportFiles.removeStale(setting.folder()));
    if (setting.always()) {
      want();
    }
  }

  /** The one of this JVM. */
  public static RunRecorder of(ReportSetting setting) {
    return OF_JVM.computeIfAbsent(
        setting,
        key ->
            new RunRecorder(
                key, System::nanoTime, action -> AtExit.run("leakverifier-report", action)));
  }

  /**
   * Takes in a snapshot.
   *
   * @param test the test or fixture at whose end it was taken, if it was one
   * @param since when who took it had listed threads before
   * @param fresh those that are new since then
   * @param known the virtual threads that are alive; null if they were not looked for
   * @return now, as time from the start of the run
   */
  public synchronized Duration noted(
      @Nullable String test,
      Duration since,
      List<LiveThread> fresh,
      @Nullable VirtualListing known) {
    Duration now = now();
    guarded(() -> changed |= lives().note(test, since, fresh, known, now));
    return now;
  }

  /** What takes in the snapshots of one watch, from now on. */
  public Follower follower() {
    return new Follower();
  }

  /** Takes in the snapshots of one watch, which takes one after the other. */
  public final class Follower {
    private Duration last = now();

    /** Takes in a snapshot; see that of a recorder. */
    public void noted(
        @Nullable String test, List<LiveThread> fresh, @Nullable VirtualListing known) {
      last = RunRecorder.this.noted(test, last, fresh, known);
    }
  }

  /** Takes in what was judged, and returns how its text ends: where there is more, or why not. */
  public Supplier<String> judged(List<RunReport.Leak> judged) {
    guarded(
        () -> {
          synchronized (this) {
            judged.forEach(this::add);
            want();
          }
        });
    writeIfDue(BETWEEN_WRITES);
    return more();
  }

  /** Says that a watch has ended, and perhaps the run. */
  public void watchEnded() {
    writeIfDue(Duration.ZERO);
  }

  private void add(RunReport.Leak leak) {
    List<ThreadSample> threads = leak.findings().threads();
    for (ThreadSample thread : threads) {
      lives().leaked(leak.blamed().orElse(null), thread, now());
    }
    if (leakedThreads > MAX_REPORTED_THREADS) {
      leaksNotKept++;
    } else {
      leaks.add(leak);
      leakedThreads += threads.size();
    }
    changed = true;
  }

  private synchronized void want() {
    if (!wanted) {
      wanted = true;
      changed = true;
      guarded(
          () -> {
            files = ReportFiles.claim(setting.folder());
            atExit.accept(() -> writeIfDue(null));
          });
    }
  }

  /** Writes if something has changed, and so long after the last time; null for in any case. */
  private void writeIfDue(@Nullable Duration pause) {
    guarded(
        () -> {
          synchronized (writing) {
            RunReport run;
            ReportFiles target;
            synchronized (this) {
              boolean due =
                  pause == null || nanoTime.getAsLong() - nextWrite - pause.toNanos() >= 0;
              if (files == null || !changed || !due) {
                return;
              }
              target = files;
              changed = false;
              run = snapshot();
            }
            long begin = nanoTime.getAsLong();
            write(target, run);
            synchronized (this) {
              long end = nanoTime.getAsLong();
              nextWrite = end + SHARE * (end - begin);
            }
          }
        });
  }

  private static void write(ReportFiles target, RunReport run) throws IOException {
    boolean written = false;
    try {
      target.write(RunJson.of(run), RunPage.of(run));
      written = true;
    } finally {
      if (!written) {
        Guard.run("the name of the report", target::discard, lost -> {});
      }
    }
  }

  private RunReport snapshot() {
    ThreadLives all = lives();
    all.look(null, now());
    return new RunReport(
        BuildProcess.current().toString(),
        start,
        now(),
        leaks,
        leaksNotKept,
        all.all(),
        all.notKept());
  }

  /** Made when it is needed, so that it is guarded, too. */
  private ThreadLives lives() {
    ThreadLives known = lives;
    if (known == null) {
      known = new ThreadLives(MAX_THREADS);
      lives = known;
    }
    return known;
  }

  /** Does something for the report; if that fails there is none from here on. */
  private void guarded(Guard.Action action) {
    if (!isLost()) {
      Guard.run("the report of the run", action, this::fail);
    }
  }

  private synchronized boolean isLost() {
    return failure != null;
  }

  private synchronized void fail(Lost lost) {
    failure =
        "the report of the run cannot be written to %s (%s); no verdict depends on it: %s"
            .formatted(setting.folder(), setting.source(), lost.why());
    LOG.warn("{}", failure);
  }

  /** How the text of a report ends. */
  private synchronized Supplier<String> more() {
    if (failure != null) {
      String line = failure;
      return () -> "\n\n" + Names.visible(line);
    }
    Path page = requireNonNull(files, "files").page();
    return () -> ReportText.more(page);
  }

  /** The time from the start of the run. */
  Duration now() {
    return Duration.ofNanos(nanoTime.getAsLong() - startTick);
  }
}
