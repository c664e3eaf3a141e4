package dev.leakverifier.profile;

import dev.leakverifier.json.JsonText;
import dev.leakverifier.thread.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
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
    JsonText json = new JsonText();
    json.beginObject();
    json.member("format").value("leakverifier-thread-profile");
    json.member("version").value(VERSION);
    json.member("java").value(Runtime.version().toString());
    json.member("time").value(profile.time().toString());
    json.member("since").value(profile.since().map(Instant::toString).orElse(null));
    json.member("total").value(profile.total());
    json.member("notSeen").values(profile.notSeen());
    json.member("groups").beginArray();
    profile.groups().forEach(group -> write(json, group));
    json.endArray();
    json.endObject();
    return json + "\n";
  }

  private static void write(JsonText json, ProfileGroup group) {
    ThreadSample example = group.example();
    Stacks stacks = new Stacks();
    json.beginObject();
    json.member("count").value(group.count());
    json.member("name").value(Names.cut(group.name()));
    json.member("virtual").value(example.isVirtual());
    json.member("class").value(example.threadClass());
    json.member("fingerprint").value(group.fingerprint().toString());
    json.member("kind").value(group.diagnosis().kind().name());
    json.member("why").value(group.diagnosis().why());
    json.member("fix").value(group.diagnosis().fix());
    json.member("details").values(group.diagnosis().details());
    json.member("jvm").value(group.jvm().orElse(null));
    json.member("startedBy").value(ProfileText.started(example).orElse(null));
    json.member("threads");
    write(json, group.threads(), stacks);
    json.member("gone");
    write(json, group.gone(), stacks);
    json.member("stacks").beginArray();
    stacks.all().forEach(frames -> json.values(frames.stream().map(StackFrames::text).toList()));
    json.endArray();
    json.endObject();
  }

  private static void write(JsonText json, List<ThreadSample> threads, Stacks stacks) {
    json.beginArray();
    for (ThreadSample thread : threads) {
      json.beginObject();
      json.member("id").value(thread.id());
      json.member("name").value(Names.cut(thread.name()));
      json.member("state").value(thread.state().name());
      json.member("daemon").value(thread.isDaemon());
      json.member("group").value(Names.cut(thread.groupName()));
      json.member("owner").value(thread.owner().orElse(null));
      json.member("stack").value(stacks.index(thread.frames()));
      json.endObject();
    }
    json.endArray();
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
