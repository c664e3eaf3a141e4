package dev.leakverifier.page;

import dev.leakverifier.json.JsonText;
import dev.leakverifier.report.ReportJson;
import java.time.Duration;

/** The report of a run for programs, in the form of the schema in {@code docs}. */
public final class RunJson {
  /** Changes if a reader of the form before would go wrong. */
  private static final int VERSION = 1;

  private RunJson() {}

  /** The JSON for {@code run}. */
  public static String of(RunReport run) {
    JsonText json = new JsonText();
    json.beginObject();
    json.member("format").value("leakverifier-run");
    json.member("version").value(VERSION);
    json.member("build").value(run.build());
    json.member("java").value(Runtime.version().toString());
    json.member("start").value(run.start().toString());
    json.member("lengthMillis").value(run.length().toMillis());
    json.member("leaked").value(run.leaked());
    json.member("reports").beginArray();
    run.leaks()
        .forEach(
            leak ->
                ReportJson.write(json, leak.blamed().orElse(null), leak.findings(), leak.groups()));
    json.endArray();
    json.member("reportsNotKept").value(run.leaksNotKept());
    json.member("threads").beginArray();
    run.threads().forEach(thread -> write(json, thread));
    json.endArray();
    json.member("threadsNotKept").value(run.threadsNotKept());
    json.endObject();
    return json.toString();
  }

  private static void write(JsonText json, ThreadLife thread) {
    json.beginObject();
    json.member("id").value(thread.id());
    json.member("name").value(thread.name());
    json.member("virtual").value(thread.virtual());
    json.member("test").value(thread.test().orElse(null));
    json.member("leaked").value(thread.leaked());
    millis(json, "notBeforeMillis", thread.notBefore());
    millis(json, "firstSeenMillis", thread.firstSeen());
    thread
        .ended()
        .ifPresent(
            end -> {
              millis(json, "lastSeenMillis", end.lastSeen());
              millis(json, "goneMillis", end.gone());
            });
    json.endObject();
  }

  private static void millis(JsonText json, String name, Duration time) {
    json.member(name).value(time.toMillis());
  }
}
