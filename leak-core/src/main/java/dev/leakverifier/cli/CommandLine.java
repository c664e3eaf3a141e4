package dev.leakverifier.cli;

import com.google.common.collect.ImmutableSet;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.dump.UnreadableDumpException;
import dev.leakverifier.json.JsonText;
import dev.leakverifier.profile.ProfileGroup;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.thread.Names;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The commands: each prints its result, and ends with a status that a script can ask for. */
final class CommandLine {
  private static final int CLEAN = 0;
  private static final int FOUND = 1;
  private static final Duration UNTIL_IT_ENDS = Duration.ofDays(36_500);

  static final String HELP =
      """
      Looks at the threads of Java processes, and says what is left over, why, and what to call.

        list                      the JVMs of this user
        profile PID               its threads, equal ones together, each group with a diagnosis
        diff PID                  what changes in some time
          --seconds 30            how long (also 5m)
          --growth 10             how many more of a kind count as growth
        watch PID                 looks again and again, and says what has grown and stays
          --every 10s             how often
          --growth 100            how many more of a kind count as growth
          --for 1h                how long; without it, until the JVM ends or ctrl-C
        dump FILE                 the same as profile for a saved dump: of jstack,
                                  jcmd Thread.print, or Thread.dump_to_file (text or JSON)

        --json                    prints JSON (not watch)
        --help                    prints this

      Exit status: 0 nothing found, 1 growth or a deadlock found, 2 wrong usage or unreadable
      file, 3 the JVM cannot be looked into. Nothing has to be prepared in the JVM.
      """;

  private final Jvms jvms;
  private final Waiting waiting;
  private final PrintStream out;
  private final PrintStream err;

  CommandLine(Jvms jvms, Waiting waiting, PrintStream out, PrintStream err) {
    this.jvms = jvms;
    this.waiting = waiting;
    this.out = out;
    this.err = err;
  }

  /** Runs the command, and returns the exit status. */
  int run(List<String> args) {
    try {
      if (args.contains("--help") || args.contains("-h") || args.equals(List.of("help"))) {
        out.print(HELP);
        return CLEAN;
      }
      if (args.isEmpty()) {
        throw CommandException.usage("a command is missing");
      }
      List<String> rest = args.subList(1, args.size());
      return switch (args.get(0)) {
        case "list" -> list(Arguments.of(rest, "", ImmutableSet.of()));
        case "profile" -> profile(Arguments.of(rest, "PID", ImmutableSet.of()));
        case "diff" -> diff(Arguments.of(rest, "PID", ImmutableSet.of("--seconds", "--growth")));
        case "watch" ->
            watch(Arguments.of(rest, "PID", ImmutableSet.of("--every", "--growth", "--for")));
        case "dump" -> dump(Arguments.of(rest, "FILE", ImmutableSet.of()));
        default ->
            throw CommandException.usage(
                "there is no command \"%s\"; there are list, profile, diff, watch and dump"
                    .formatted(args.get(0)));
      };
    } catch (CommandException e) {
      err.println(Names.visible(String.valueOf(e.getMessage())));
      if (e.status() == CommandException.USAGE) {
        err.println("--help tells more");
      }
      return e.status();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CLEAN;
    }
  }

  private int list(Arguments arguments) throws CommandException {
    List<Jvms.Jvm> all = jvms.list();
    if (arguments.json()) {
      JsonText json = new JsonText();
      json.beginArray();
      for (Jvms.Jvm jvm : all) {
        json.beginObject();
        json.member("pid").value(jvm.pid());
        json.member("name").value(jvm.name());
        json.endObject();
      }
      json.endArray();
      out.println(json);
    } else {
      all.forEach(jvm -> out.println(jvm.pid() + " " + Names.visible(jvm.name())));
      if (all.isEmpty()) {
        err.println("there is no other JVM of this user");
      }
    }
    return CLEAN;
  }

  private int profile(Arguments arguments) throws CommandException {
    return print(jvms.profile(arguments.pid()), arguments);
  }

  private int dump(Arguments arguments) throws CommandException {
    try {
      ThreadDump dump = ThreadDump.read(Path.of(arguments.word()));
      if (!arguments.json()) {
        dump.jvm().ifPresent(jvm -> out.println("JVM: " + Names.visible(jvm)));
        dump.time().ifPresent(time -> out.println("taken: " + Names.visible(time)));
      }
      return print(ThreadDump.profile(Instant.now(), List.of(dump), List.of()), arguments);
    } catch (UnreadableDumpException | InvalidPathException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private int print(ThreadProfile profile, Arguments arguments) {
    ThreadProfile own = profile.withoutJvmThreads();
    out.print(arguments.json() ? own.toJson() : own.toText());
    return hasDeadlock(own) ? FOUND : CLEAN;
  }

  private int diff(Arguments arguments) throws CommandException, InterruptedException {
    int growth = arguments.number("--growth", 10);
    Duration time = arguments.duration("--seconds", Duration.ofSeconds(30));
    long pid = arguments.pid();
    ThreadProfile before = jvms.profile(pid).withoutJvmThreads();
    waiting.await(time, "looking again in");
    ThreadProfile now = jvms.profile(pid).withoutJvmThreads();
    ThreadProfile change = now.minus(before);
    out.print(arguments.json() ? change.toJson() : change.toText());
    return hasDeadlock(now) || mostGrown(change) >= growth ? FOUND : CLEAN;
  }

  /**
   * Says so when a kind of threads has grown at two looks running, and again when it has grown by
   * as much once more: a burst that drains is no growth.
   */
  private int watch(Arguments arguments) throws CommandException, InterruptedException {
    if (arguments.json()) {
      throw CommandException.usage("watch does not take --json: use diff");
    }
    int growth = arguments.number("--growth", 100);
    Duration every = arguments.duration("--every", Duration.ofSeconds(10));
    Duration left = arguments.duration("--for", UNTIL_IT_ENDS);
    if (left.compareTo(every) < 0) {
      throw CommandException.usage(
          "--for (%s s) must be at least --every (%s s)"
              .formatted(left.toMillis() / 1e3, every.toMillis() / 1e3));
    }
    long pid = arguments.pid();
    ThreadProfile first = jvms.profile(pid).withoutJvmThreads();
    int status = hasDeadlock(first) ? FOUND : CLEAN;
    int grownBefore = 0;
    int said = 0;
    while (left.compareTo(every) >= 0) {
      waiting.await(every, "looking again in");
      left = left.minus(every);
      ThreadProfile now;
      try {
        now = jvms.profile(pid).withoutJvmThreads();
      } catch (CommandException e) {
        err.println("the JVM " + pid + " has ended, or does not answer: " + e.getMessage());
        return status;
      }
      ThreadProfile change = now.minus(first);
      int grown = mostGrown(change);
      if (Math.min(grown, grownBefore) >= said + growth) {
        said = Math.min(grown, grownBefore);
        status = FOUND;
        out.print(change.toText());
        out.flush();
      }
      grownBefore = grown;
    }
    return status;
  }

  private static int mostGrown(ThreadProfile change) {
    return change.groups().stream().mapToInt(ProfileGroup::count).max().orElse(0);
  }

  private static boolean hasDeadlock(ThreadProfile profile) {
    return profile.groups().stream()
        .anyMatch(group -> group.diagnosis().kind() == LeakKind.DEADLOCK);
  }
}
