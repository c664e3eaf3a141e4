package dev.leakverifier.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.json.Json;
import dev.leakverifier.opened.LeakEntry;
import dev.leakverifier.opened.Opening;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
    return Json.text(json -> write(json, blamed, findings, groups));
  }

  /** Writes the same as one value of a larger text. */
  public static void write(
      JsonGenerator json, @Nullable String blamed, Findings findings, List<LeakGroup> groups)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("format", "leakverifier-report");
    json.writeNumberField("version", VERSION);
    json.writeStringField("java", Runtime.version().toString());
    json.writeStringField("blamed", blamed);
    json.writeNumberField("leaked", findings.leaked().size());
    json.writeNumberField("waitedMillis", findings.waited().toMillis());
    json.writeBooleanField("collectedGarbage", findings.collected());
    json.writeArrayFieldStart("groups");
    for (LeakGroup group : groups) {
      write(json, group);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("opened");
    for (LeakEntry entry : LeakEntry.of(groups)) {
      if (entry.opened().isPresent()) {
        write(json, entry, entry.opened().get());
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("shared");
    for (Map.Entry<LibraryThread, Long> shared : findings.sharedByLibrary().entrySet()) {
      json.writeStartObject();
      json.writeStringField("what", shared.getKey().what());
      json.writeStringField("reason", shared.getKey().reason().orElse(""));
      json.writeNumberField("count", shared.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("held");
    for (Map.Entry<LastingHolder, Long> held : findings.heldByHolder().entrySet()) {
      json.writeStartObject();
      json.writeStringField("what", held.getKey().what());
      json.writeStringField("reason", held.getKey().reason());
      json.writeNumberField("count", held.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("ignored");
    for (Map.Entry<String, Integer> ignored : findings.ignored().entrySet()) {
      json.writeStartObject();
      json.writeStringField("option", ignored.getKey());
      json.writeNumberField("count", ignored.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("accepted");
    for (LeakGroup group : findings.accepted().groups()) {
      json.writeStartObject();
      json.writeStringField("fingerprint", group.fingerprint().toString());
      json.writeStringField("what", GroupText.summary(group));
      json.writeNumberField("count", group.threads().size());
      json.writeEndObject();
    }
    json.writeEndArray();
    Json.writeStrings(json, "notSeen", findings.notSeen());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, LeakEntry entry, Opening opened)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("what", opened.what());
    json.writeStringField("by", opened.place());
    json.writeBooleanField("certain", opened.isCertain());
    json.writeStringField("fix", entry.fix());
    json.writeNumberField("count", entry.threads().size());
    json.writeArrayFieldStart("threads");
    for (ThreadSample thread : entry.threads()) {
      json.writeNumber(thread.id());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, LeakGroup group) throws IOException {
    json.writeStartObject();
    json.writeStringField("fingerprint", group.fingerprint().toString());
    json.writeStringField("kind", group.diagnosis().kind().name());
    json.writeStringField("why", group.diagnosis().why());
    json.writeStringField("fix", group.diagnosis().fix());
    Json.writeStrings(json, "details", group.diagnosis().details());
    json.writeObjectFieldStart("ignore");
    if (group.ignore().isPresent()) {
      IgnoreLine line = group.ignore().get();
      json.writeStringField("java", line.in(IgnoreLine.Place.JAVA));
      json.writeStringField("testngXml", line.in(IgnoreLine.Place.TESTNG_XML));
      json.writeStringField("property", line.in(IgnoreLine.Place.PROPERTY));
    }
    json.writeEndObject();
    json.writeNumberField("count", group.threads().size());
    json.writeArrayFieldStart("threads");
    for (ThreadSample thread : group.threads()) {
      write(json, thread);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ThreadSample thread) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", thread.id());
    json.writeStringField("name", Names.cut(thread.name()));
    json.writeStringField("state", thread.state().name());
    json.writeBooleanField("daemon", thread.isDaemon());
    json.writeBooleanField("virtual", thread.isVirtual());
    json.writeStringField("group", Names.cut(thread.groupName()));
    json.writeStringField("class", thread.threadClass());
    json.writeStringField("owner", thread.owner().orElse(null));
    json.writeStringField("heldBy", thread.heldBy().orElse(null));
    Json.writeStrings(json, "stack", thread.frames().stream().map(StackFrames::text).toList());
    json.writeArrayFieldStart("started");
    Optional<ThreadOrigin> next = thread.origin();
    for (int i = 0; i < MAX_STARTERS && next.isPresent(); i++) {
      ThreadOrigin origin = next.get();
      json.writeStartObject();
      json.writeStringField("by", origin.startedAt().map(StackFrames::text).orElse(null));
      json.writeStringField("calledFrom", origin.calledFrom().map(StackFrames::text).orElse(null));
      json.writeStringField("thread", Names.cut(origin.starterName()));
      json.writeNumberField("threadId", origin.starterId());
      json.writeEndObject();
      next = origin.starterOrigin();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
