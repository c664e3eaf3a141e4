package dev.leakverifier.cli;

import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.report.GroupText;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Reports a kind of threads that has grown at two samples running, and again when it has grown by
 * as much once more: a burst that drains is no growth. Besides, it says what it is doing.
 */
final class WatchCommand {
  private static final Duration UNTIL_IT_ENDS = Duration.ofDays(36_500);

  private final Jvms jvms;
  private final Waiting waiting;
  private final PrintStream out;
  private final PrintStream err;

  WatchCommand(Jvms jvms, Waiting waiting, PrintStream out, PrintStream err) {
    this.jvms = jvms;
    this.waiting = waiting;
    this.out = out;
    this.err = err;
  }

  /** Returns the exit status. */
  int run(Arguments arguments) throws CommandException, InterruptedException {
    if (arguments.json()) {
      throw CommandException.usage("watch prints no JSON; use diff --json");
    }
    int growth = arguments.number("--growth", 100);
    Duration every = arguments.duration("--every", Duration.ofSeconds(10));
    Duration time = arguments.duration("--for", UNTIL_IT_ENDS);
    if (time.compareTo(every) < 0) {
      throw CommandException.usage(
          "--for (%s) must not be shorter than --every (%s)".formatted(text(time), text(every)));
    }
    long pid = arguments.pid();
    boolean virtual = arguments.asksAllVirtual();
    ThreadProfile first = jvms.profile(pid, virtual).withoutJvmThreads();
    err.printf(
        "watching JVM %d: %s; a sample every %s, until %s%n",
        pid,
        GroupText.count(first.total(), "thread"),
        text(every),
        arguments.has("--for") ? text(time) + " have passed" : "the JVM ends or you press Ctrl-C");
    err.printf(
        "reports kinds of threads that have grown by %d or more in two samples in a row%n", growth);
    boolean found = CommandLine.hasDeadlock(first);
    int total = first.total();
    int grownBefore = 0;
    int reported = 0;
    int samples = 1;
    for (Duration left = time; left.compareTo(every) >= 0; left = left.minus(every)) {
      waiting.await(
          every,
          "%s, at most %+d of a kind; next sample in"
              .formatted(GroupText.count(total, "thread"), grownBefore));
      ThreadProfile now;
      try {
        now = jvms.profile(pid, virtual).withoutJvmThreads();
      } catch (CommandException e) {
        err.printf("JVM %d has ended or no longer answers: %s%n", pid, e.getMessage());
        break;
      }
      samples++;
      total = now.total();
      ThreadProfile change = now.minus(first);
      int grown = CommandLine.mostGrown(change);
      int lasting = Math.min(grown, grownBefore);
      if (lasting >= reported + growth) {
        reported = lasting;
        found = true;
        out.print(change.toText());
        out.flush();
      }
      grownBefore = grown;
    }
    err.printf(
        "%d samples, %s at the last one; %s%n",
        samples,
        GroupText.count(total, "thread"),
        reported > 0 ? "growth was found" : "no kind grew by " + growth + " and stayed there");
    return CommandLine.status(found);
  }

  private static String text(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
