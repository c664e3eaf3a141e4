package dev.leakverifier.report;

import dev.leakverifier.diagnosis.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.json.JsonText;
import dev.leakverifier.thread.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The report for programs: everything that is known, in the form of the schema in {@code docs}. */
public final class ReportJson {
  /** Changes if a reader of the form before would go wrong. */
  private static final int VERSION = 1;

  private static final int MAX_STARTERS = 20;

  private ReportJson() {}

  /** The JSON for {@code findings}; {@code blamed} is the test or fixture, if it is known. */
  public static String of(@Nullable String blamed, Findings findings, List<LeakGroup> groups) {
    JsonText json = new JsonText();
    write(json, blamed, findings, groups);
    return json.toString();
  }

  /** Writes the same as one value of a larger text. */
  public static void write(
      JsonText json, @Nullable String blamed, Findings findings, List<LeakGroup> groups) {
    json.beginObject();
    json.member("format").value("leakverifier-report");
    json.member("version").value(VERSION);
    json.member("java").value(Runtime.version().toString());
    json.member("blamed").value(blamed);
    json.member("leaked").value(findings.leaked().size());
    json.member("waitedMillis").value(findings.waited().toMillis());
    json.member("collectedGarbage").value(findings.collected());
    json.member("groups").beginArray();
    groups.forEach(group -> write(json, group));
    json.endArray();
    json.member("shared").beginArray();
    findings
        .sharedByLibrary()
        .forEach(
            (library, count) -> {
              json.beginObject();
              json.member("what").value(library.what());
              json.member("reason").value(library.reason().orElse(""));
              json.member("count").value(count);
              json.endObject();
            });
    json.endArray();
    json.member("ignored").beginArray();
    findings
        .ignored()
        .forEach(
            (option, count) -> {
              json.beginObject();
              json.member("option").value(option);
              json.member("count").value(count);
              json.endObject();
            });
    json.endArray();
    json.member("accepted").beginArray();
    findings
        .accepted()
        .groups()
        .forEach(
            group -> {
              json.beginObject();
              json.member("fingerprint").value(group.fingerprint().toString());
              json.member("what").value(group.summary());
              json.member("count").value(group.threads().size());
              json.endObject();
            });
    json.endArray();
    json.member("notSeen").values(findings.notSeen());
    json.endObject();
  }

  private static void write(JsonText json, LeakGroup group) {
    json.beginObject();
    json.member("fingerprint").value(group.fingerprint().toString());
    json.member("kind").value(group.diagnosis().kind().name());
    json.member("why").value(group.diagnosis().why());
    json.member("fix").value(group.diagnosis().fix());
    json.member("details").values(group.diagnosis().details());
    json.member("ignore").beginObject();
    group
        .ignore()
        .ifPresent(
            line -> {
              json.member("java").value(line.in(IgnoreLine.Place.JAVA));
              json.member("testngXml").value(line.in(IgnoreLine.Place.TESTNG_XML));
              json.member("property").value(line.in(IgnoreLine.Place.PROPERTY));
            });
    json.endObject();
    json.member("count").value(group.threads().size());
    json.member("threads").beginArray();
    group.threads().forEach(thread -> write(json, thread));
    json.endArray();
    json.endObject();
  }

  private static void write(JsonText json, ThreadSample thread) {
    json.beginObject();
    json.member("id").value(thread.id());
    json.member("name").value(Names.cut(thread.name()));
    json.member("state").value(thread.state().name());
    json.member("daemon").value(thread.isDaemon());
    json.member("virtual").value(thread.isVirtual());
    json.member("group").value(Names.cut(thread.groupName()));
    json.member("class").value(thread.threadClass());
    json.member("owner").value(thread.owner().orElse(null));
    json.member("stack").values(thread.frames().stream().map(StackFrames::text).toList());
    json.member("started").beginArray();
    Optional<ThreadOrigin> next = thread.origin();
    for (int i = 0; i < MAX_STARTERS && next.isPresent(); i++) {
      ThreadOrigin origin = next.get();
      json.beginObject();
      json.member("by").value(origin.startedAt().map(StackFrames::text).orElse(null));
      json.member("calledFrom").value(origin.calledFrom().map(StackFrames::text).orElse(null));
      json.member("thread").value(Names.cut(origin.starterName()));
      json.member("threadId").value(origin.starterId());
      json.endObject();
      next = origin.starterOrigin();
    }
    json.endArray();
    json.endObject();
  }
}
