package dev.leakverifier.cli;

import static java.time.ZoneId.systemDefault;

import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.dump.UnreadableDumpException;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.text.Names;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Profiles the dumps in a file. */
final class DumpCommand {
  private static final List<String> WHICH = List.of("all", "last");

  private final PrintStream out;

  DumpCommand(PrintStream out) {
    this.out = out;
  }

  /** Returns the exit status. */
  int run(Arguments arguments) throws CommandException {
    boolean onlyLast = arguments.choice("--which", WHICH).equals("last");
    List<ThreadDump> dumps = read(arguments.word());
    boolean deadlock = false;
    for (int i = onlyLast ? dumps.size() - 1 : 0; i < dumps.size(); i++) {
      ThreadDump dump = dumps.get(i);
      ThreadProfile profile =
          ThreadProfile.ofDumps(time(dump), List.of(dump), List.of()).withoutJvmThreads();
      if (arguments.json()) {
        out.println(profile.toJson().strip());
      } else {
        if (dumps.size() > 1) {
          out.printf("%sdump %d of %d%n", i == 0 || onlyLast ? "" : "\n", i + 1, dumps.size());
        }
        dump.jvm().ifPresent(jvm -> out.println("JVM: " + Names.visible(jvm)));
        dump.time().ifPresent(time -> out.println("taken: " + Names.visible(time)));
        out.print(profile.toText());
      }
      deadlock |= CommandLine.hasDeadlock(profile);
    }
    return CommandLine.status(deadlock);
  }

  private static List<ThreadDump> read(String file) throws CommandException {
    try {
      return ThreadDump.readAll(Path.of(file));
    } catch (UnreadableDumpException | InvalidPathException e) {
      throw CommandException.unreadable(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) { // what was read is garbage by now
      throw CommandException.unreadable(
          "%s: too large for the %d MB of heap that this JVM may use; give it more with java -Xmx8g"
              .formatted(file, Runtime.getRuntime().maxMemory() >> 20));
    }
  }

  /** When the dump was taken; the JVM writes its local time, without a zone. */
  private static Instant time(ThreadDump dump) {
    String time = dump.time().orElse("");
    try {
      return time.endsWith("Z")
          ? Instant.parse(time)
          : LocalDateTime.parse(time.replace(' ', 'T')).atZone(systemDefault()).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.now();
    }
  }
}
