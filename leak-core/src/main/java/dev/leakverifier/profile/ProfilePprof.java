package dev.leakverifier.profile;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A profile in the form of {@code github.com/google/pprof/proto/profile.proto}: stacks are lists of
 * locations, these lines of functions, and all texts stand in one table.
 */
final class ProfilePprof {
  /** Stands for the stack of a thread that runs no Java code: viewers pass over empty ones. */
  static final String NO_STACK = "(no Java stack)";

  private static final StackTraceElement NO_FRAME = new StackTraceElement("", NO_STACK, null, 0);

  private final ProtoWriter profile = new ProtoWriter();
  private final Map<String, Long> texts = new LinkedHashMap<>();
  private final Map<Function, Long> functions = new LinkedHashMap<>();
  private final Map<Location, Long> locations = new LinkedHashMap<>();

  private ProfilePprof() {
    text(""); // must be the first
  }

  private record Function(String name, String file) {}

  private record Location(long function, int line) {}

  /** What the threads of one sample have in common. */
  private record Kind(List<StackTraceElement> frames, List<Map.Entry<String, String>> labels) {}

  static void write(ThreadProfile profile, OutputStream out) throws IOException {
    ProfilePprof writer = new ProfilePprof();
    writer.append(profile);
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    writer.profile.writeTo(gzip);
    gzip.finish();
    out.flush();
  }

  private void append(ThreadProfile all) {
    ProtoWriter threads = new ProtoWriter().number(1, text("threads")).number(2, text("count"));
    profile.message(1, threads);
    samples(all).forEach(this::appendSample);
    profile.message(
        3,
        new ProtoWriter()
            .number(1, 1)
            .number(5, text("java"))
            .flag(7, true) // functions, files, and lines are known: no tool need look for them
            .flag(8, true)
            .flag(9, true));
    profile.number(9, nanos(all.time()));
    all.since()
        .ifPresent(
            since ->
                profile.number(10, Math.max(0, Duration.between(since, all.time()).toNanos())));
    profile.message(11, threads).number(12, 1);
    all.notSeen().forEach(what -> profile.numbers(13, List.of(text("not seen: " + what))));
    profile.number(14, text("threads"));
    locations.forEach(this::appendLocation);
    functions.forEach(this::appendFunction);
    texts.keySet().forEach(text -> profile.text(6, text));
  }

  private static Map<Kind, Integer> samples(ThreadProfile all) {
    Map<Kind, Integer> samples = new LinkedHashMap<>();
    for (ProfileGroup group : all.groups()) {
      group.threads().forEach(thread -> samples.merge(kind(group, thread), 1, Integer::sum));
      group.gone().forEach(thread -> samples.merge(kind(group, thread), -1, Integer::sum));
    }
    samples.values().removeIf(count -> count == 0);
    return samples;
  }

  private static Kind kind(ProfileGroup group, ThreadSample thread) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("name", group.name().isEmpty() ? Names.NO_NAME : Names.cut(group.name()));
    labels.put("state", thread.state().name());
    labels.put("virtual", String.valueOf(thread.isVirtual()));
    labels.put("kind", group.diagnosis().kind().name());
    labels.put("fingerprint", group.fingerprint().toString());
    thread.createdBy().ifPresent(function -> labels.put("started_by", function));
    group.jvm().ifPresent(reason -> labels.put("jvm", "true"));
    return new Kind(thread.frames(), labels.entrySet().stream().map(Map.Entry::copyOf).toList());
  }

  private void appendSample(Kind kind, int count) {
    List<StackTraceElement> frames = kind.frames().isEmpty() ? List.of(NO_FRAME) : kind.frames();
    ProtoWriter sample = new ProtoWriter();
    sample.numbers(1, frames.stream().map(this::location).toList());
    sample.numbers(2, List.of((long) count));
    for (Map.Entry<String, String> label : kind.labels()) {
      sample.message(
          3, new ProtoWriter().number(1, text(label.getKey())).number(2, text(label.getValue())));
    }
    profile.message(2, sample);
  }

  private void appendLocation(Location location, long id) {
    profile.message(
        4,
        new ProtoWriter()
            .number(1, id)
            .number(2, 1)
            .message(
                4, new ProtoWriter().number(1, location.function()).number(2, location.line())));
  }

  private void appendFunction(Function function, long id) {
    long name = text(function.name());
    profile.message(
        5,
        new ProtoWriter()
            .number(1, id)
            .number(2, name)
            .number(3, name)
            .number(4, text(function.file())));
  }

  private long location(StackTraceElement frame) {
    Function function =
        new Function(
            frame.getClassName().isEmpty() ? frame.getMethodName() : StackFrames.function(frame),
            file(frame));
    long id = functions.computeIfAbsent(function, fresh -> functions.size() + 1L);
    return locations.computeIfAbsent(
        new Location(id, Math.max(0, frame.getLineNumber())), fresh -> locations.size() + 1L);
  }

  /** With the folders of its package, so that a viewer finds it below a source folder. */
  private static String file(StackTraceElement frame) {
    String name = frame.getFileName();
    if (name == null) {
      return "";
    }
    int dot = frame.getClassName().lastIndexOf('.');
    return dot < 0 ? name : frame.getClassName().substring(0, dot).replace('.', '/') + "/" + name;
  }

  private long text(String text) {
    return texts.computeIfAbsent(text, fresh -> (long) texts.size());
  }

  private static long nanos(Instant time) {
    return Duration.between(Instant.EPOCH, time).toNanos();
  }
}
