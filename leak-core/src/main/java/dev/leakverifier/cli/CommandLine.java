package dev.leakverifier.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.json.Json;
import dev.leakverifier.profile.ProfileGroup;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.text.Names;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** The commands: each prints its result, and ends with a status that a script can ask for. */
final class CommandLine {
  private static final int CLEAN = 0;
  private static final int FOUND = 1;
  private static final String COMMANDS = "list, profile, diff, watch or dump";

  static final String HELP =
      """
      Shows what the threads of Java processes do, which are left over and why, and what ends them.

        list                      the JVMs of this user
        profile PID               its threads: equal ones together, each group with a diagnosis
        diff PID                  what changes over some time
          --seconds 30            how long (also 5m)
          --growth 10             how many more threads of a kind count as growth
        watch PID                 samples the threads repeatedly, and reports lasting growth
          --every 10s             how often
          --growth 100            how many more threads of a kind count as growth
          --for 1h                how long; by default until the JVM ends or you press Ctrl-C
        dump FILE                 profiles saved thread dumps of jstack, jcmd Thread.print,
                                  Thread.dump_to_file, VisualVM, or Spring Boot's actuator
          --which last            only the last of several dumps in the file; by default all

        --virtual always          asks a JVM of JDK 25, too, for its virtual threads: it may crash
        --json                    prints JSON (not with watch)
        --help                    prints this text

      Exit status: 0 if nothing was found, 1 growth or a deadlock, 2 wrong usage or unreadable file,
      3 the JVM cannot be inspected. Nothing has to be prepared in that JVM.
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
        throw CommandException.usage("no command given; expected " + COMMANDS);
      }
      List<String> rest = args.subList(1, args.size());
      return switch (args.get(0)) {
        case "list" -> list(Arguments.of(rest, "", List.of()));
        case "profile" -> profile(Arguments.of(rest, "PID", List.of("--virtual")));
        case "diff" ->
            diff(Arguments.of(rest, "PID", List.of("--seconds", "--growth", "--virtual")));
        case "watch" ->
            new WatchCommand(jvms, waiting, out, err)
                .run(
                    Arguments.of(
                        rest, "PID", List.of("--every", "--growth", "--for", "--virtual")));
        case "dump" -> new DumpCommand(out).run(Arguments.of(rest, "FILE", List.of("--which")));
        default ->
            throw CommandException.usage(
                "unknown command \"%s\"; expected %s".formatted(args.get(0), COMMANDS));
      };
    } catch (CommandException e) {
      err.println(Names.visible(String.valueOf(e.getMessage())));
      if (e.isUsage()) {
        err.println("try --help");
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
      out.println(Json.text(json -> write(json, all)));
    } else {
      all.forEach(jvm -> out.println(jvm.pid() + " " + Names.visible(jvm.name())));
      if (all.isEmpty()) {
        err.println("this user runs no other JVM");
      }
    }
    return CLEAN;
  }

  private static void write(JsonGenerator json, List<Jvms.Jvm> jvms) throws IOException {
    json.writeStartArray();
    for (Jvms.Jvm jvm : jvms) {
      json.writeStartObject();
      json.writeNumberField("pid", jvm.pid());
      json.writeStringField("name", jvm.name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private int profile(Arguments arguments) throws CommandException {
    ThreadProfile own =
        jvms.profile(arguments.pid(), arguments.asksAllVirtual()).withoutJvmThreads();
    out.print(arguments.json() ? own.toJson() : own.toText());
    return status(hasDeadlock(own));
  }

  private int diff(Arguments arguments) throws CommandException, InterruptedException {
    int growth = arguments.number("--growth", 10);
    Duration time = arguments.duration("--seconds", Duration.ofSeconds(30));
    long pid = arguments.pid();
    boolean virtual = arguments.asksAllVirtual();
    ThreadProfile before = jvms.profile(pid, virtual).withoutJvmThreads();
    waiting.await(time, "next sample in");
    ThreadProfile now = jvms.profile(pid, virtual).withoutJvmThreads();
    ThreadProfile change = now.minus(before);
    out.print(arguments.json() ? change.toJson() : change.toText());
    return status(hasDeadlock(now) || mostGrown(change) >= growth);
  }

  static int mostGrown(ThreadProfile change) {
    return change.groups().stream().mapToInt(ProfileGroup::count).max().orElse(0);
  }

  static boolean hasDeadlock(ThreadProfile profile) {
    return profile.groups().stream()
        .anyMatch(group -> group.diagnosis().kind() == LeakKind.DEADLOCK);
  }

  static int status(boolean found) {
    return found ? FOUND : CLEAN;
  }
}
