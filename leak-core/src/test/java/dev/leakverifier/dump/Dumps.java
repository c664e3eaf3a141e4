package dev.leakverifier.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.MoreCollectors;
import com.google.common.io.Resources;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The saved dumps beside the tests, and short ways to ask what was read. */
final class Dumps {
  /** Those of 17 and 25 from runs, those of 8, 11 and 21 after their form. */
  static final ImmutableList<String> ALL =
      ImmutableList.of(
          "jstack-8.txt",
          "jstack-11.txt",
          "print-17.txt",
          "jstack-17.txt",
          "print-21.txt",
          "file-21.txt",
          "print-25.txt",
          "file-25.txt",
          "file-25.json",
          "actuator-17.txt",
          "actuator-17.json");

  private Dumps() {}

  static String text(String name) throws IOException {
    return Resources.toString(Resources.getResource(Dumps.class, name), UTF_8);
  }

  static ThreadDump saved(String name) throws IOException {
    return read(text(name));
  }

  static ThreadDump read(String text) throws UnreadableDumpException {
    return read(text.getBytes(UTF_8));
  }

  static ThreadDump read(byte[] bytes) throws UnreadableDumpException {
    return ThreadDump.read("dump", new ByteArrayInputStream(bytes));
  }

  static DumpedThread thread(ThreadDump dump, String name) {
    return dump.threads().stream()
        .filter(thread -> thread.sample().name().equals(name))
        .collect(MoreCollectors.onlyElement());
  }

  static List<String> names(ThreadDump dump) {
    return dump.samples().stream().map(sample -> sample.name()).toList();
  }

  static List<List<String>> deadlocks(ThreadDump dump) {
    return dump.deadlocks().stream()
        .map(deadlock -> deadlock.stream().map(ThreadSample::name).toList())
        .toList();
  }

  /** What a thread waits for, as {@code ENTER com.acme.Stock held by buyer}. */
  static String waitOf(ThreadDump dump, String name) {
    ThreadSample thread = thread(dump, name).sample();
    if (thread.lock().isEmpty()) {
      return "nothing";
    }
    ThreadLock lock = thread.lock().get();
    String holder =
        dump.samples().stream()
            .filter(other -> lock.ownerId().equals(OptionalLong.of(other.id())))
            .map(other -> " held by " + other.name())
            .collect(joining());
    return kind(thread) + " " + lock.className() + holder;
  }

  private static String kind(ThreadSample thread) {
    if (thread.state() == Thread.State.BLOCKED) {
      return "ENTER";
    }
    return thread.topFunction().startsWith("java.lang.Object.wait") ? "NOTIFICATION" : "PARK";
  }

  static List<String> locked(DumpedThread thread) {
    return thread.locked().stream().map(ThreadLock::className).toList();
  }

  static Optional<String> only(List<String> notes) {
    return notes.stream().collect(MoreCollectors.toOptional());
  }
}
