package dev.leakverifier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs commands, keeps what they print, and lets no time pass while they wait. */
final class FakeConsole {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Duration> waits = new ArrayList<>();
  private final List<String> waitedFor = new ArrayList<>();

  /** Forgets what was before, runs the command, and returns its status. */
  int run(Jvms jvms, String... args) {
    waits.clear();
    waitedFor.clear();
    return run(
        jvms,
        (time, what) -> {
          waits.add(time);
          waitedFor.add(what);
        },
        args);
  }

  int run(Jvms jvms, Waiting waiting, String... args) {
    out.reset();
    err.reset();
    return new CommandLine(
            jvms, waiting, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
        .run(List.of(args));
  }

  String out() {
    return out.toString(UTF_8);
  }

  String err() {
    return err.toString(UTF_8);
  }

  List<Duration> waits() {
    return waits;
  }

  List<String> waitedFor() {
    return waitedFor;
  }
}
