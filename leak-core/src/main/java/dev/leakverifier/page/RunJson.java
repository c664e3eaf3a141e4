package dev.leakverifier.page;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakverifier.json.Json;
import dev.leakverifier.report.ReportJson;
import java.io.IOException;
import java.time.Duration;

/** The report of a run for programs, in the form of the schema in {@code docs}. */
public final class RunJson {
  /** Changes if a reader of the form before would go wrong. */
  private static final int VERSION = 1;

  private RunJson() {}

  /** The JSON for {@code run}. */
  public static String of(RunReport run) {
    return Json.text(json -> write(json, run));
  }

  private static void write(JsonGenerator json, RunReport run) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", "leakverifier-run");
    json.writeNumberField("version", VERSION);
    json.writeStringField("build", run.build());
    json.writeStringField("java", Runtime.version().toString());
    json.writeStringField("start", run.start().toString());
    json.writeNumberField("lengthMillis", run.length().toMillis());
    json.writeNumberField("leaked", run.leaked());
    json.writeArrayFieldStart("reports");
    for (RunReport.Leak leak : run.leaks()) {
      ReportJson.write(json, leak.blamed().orElse(null), leak.findings(), leak.groups());
    }
    json.writeEndArray();
    json.writeNumberField("reportsNotKept", run.leaksNotKept());
    json.writeArrayFieldStart("threads");
    for (ThreadLife thread : run.threads()) {
      write(json, thread);
    }
    json.writeEndArray();
    json.writeNumberField("threadsNotKept", run.threadsNotKept());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ThreadLife thread) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", thread.id());
    json.writeStringField("name", thread.name());
    json.writeBooleanField("virtual", thread.virtual());
    json.writeStringField("test", thread.test().orElse(null));
    json.writeBooleanField("leaked", thread.leaked());
    millis(json, "notBeforeMillis", thread.notBefore());
    millis(json, "firstSeenMillis", thread.firstSeen());
    if (thread.ended().isPresent()) {
      millis(json, "lastSeenMillis", thread.ended().get().lastSeen());
      millis(json, "goneMillis", thread.ended().get().gone());
    }
    json.writeEndObject();
  }

  private static void millis(JsonGenerator json, String name, Duration time) throws IOException {
    json.writeNumberField(name, time.toMillis());
  }
}
