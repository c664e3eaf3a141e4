package dev.leakverifier.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakverifier.json.Json;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A profile for programs, in the form of {@code docs/thread-profile.schema.json}. */
final class ProfileJson {
  /** Changes if a reader of the form before would go wrong. */
  private static final int VERSION = 1;

  private ProfileJson() {}

  static String of(ThreadProfile profile) {
    return Json.text(json -> write(json, profile)) + "\n";
  }

  private static void write(JsonGenerator json, ThreadProfile profile) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", "leakverifier-thread-profile");
    json.writeNumberField("version", VERSION);
    json.writeStringField("java", Runtime.version().toString());
    json.writeStringField("time", profile.time().toString());
    json.writeStringField("since", profile.since().map(Instant::toString).orElse(null));
    json.writeNumberField("total", profile.total());
    Json.writeStrings(json, "notSeen", profile.notSeen());
    json.writeArrayFieldStart("groups");
    for (ProfileGroup group : profile.groups()) {
      write(json, group);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ProfileGroup group) throws IOException {
    ThreadSample example = group.example();
    Stacks stacks = new Stacks();
    json.writeStartObject();
    json.writeNumberField("count", group.count());
    json.writeStringField("name", Names.cut(group.name()));
    json.writeBooleanField("virtual", example.isVirtual());
    json.writeStringField("class", example.threadClass());
    json.writeStringField("fingerprint", group.fingerprint().toString());
    json.writeStringField("kind", group.diagnosis().kind().name());
    json.writeStringField("why", group.diagnosis().why());
    json.writeStringField("fix", group.diagnosis().fix());
    Json.writeStrings(json, "details", group.diagnosis().details());
    json.writeStringField("jvm", group.jvm().orElse(null));
    json.writeStringField("startedBy", GroupText.startedAt(example).orElse(null));
    write(json, "threads", group.threads(), stacks);
    write(json, "gone", group.gone(), stacks);
    json.writeArrayFieldStart("stacks");
    for (List<StackTraceElement> frames : stacks.all()) {
      json.writeStartArray();
      for (StackTraceElement frame : frames) {
        json.writeString(StackFrames.text(frame));
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, String name, List<ThreadSample> threads, Stacks stacks)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (ThreadSample thread : threads) {
      json.writeStartObject();
      json.writeNumberField("id", thread.id());
      json.writeStringField("name", Names.cut(thread.name()));
      json.writeStringField("state", thread.state().name());
      json.writeBooleanField("daemon", thread.isDaemon());
      json.writeStringField("group", Names.cut(thread.groupName()));
      json.writeStringField("owner", thread.owner().orElse(null));
      json.writeNumberField("stack", stacks.index(thread.frames()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Thousands of threads may have the same stack: each is written once. */
  private static final class Stacks {
    private final Map<List<StackTraceElement>, Integer> indexes = new LinkedHashMap<>();

    int index(List<StackTraceElement> frames) {
      return indexes.computeIfAbsent(frames, fresh -> indexes.size());
    }

    List<List<StackTraceElement>> all() {
      return new ArrayList<>(indexes.keySet());
    }
  }
}
