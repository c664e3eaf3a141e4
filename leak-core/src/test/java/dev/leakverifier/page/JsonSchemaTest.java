package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.report.ReportJson;
import org.testng.annotations.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written as JSON is what the schema in {@code docs} says. */
public class JsonSchemaTest {
  @Test
  public void describesEveryRun() {
    assertThat(JsonSchema.errorsIn(RunJson.of(SampleRuns.everyday()))).isEmpty();
    assertThat(JsonSchema.errorsIn(RunJson.of(SampleRuns.clean()))).isEmpty();
    assertThat(JsonSchema.errorsIn(RunJson.of(SampleRuns.huge()))).isEmpty();
  }

  @Test
  public void describesEveryReport() {
    for (RunReport.Leak leak : SampleRuns.everyday().leaks()) {
      String json = ReportJson.of(null, leak.findings(), leak.groups());
      assertThat(JsonSchema.errorsIn(json)).isEmpty();
    }
  }

  @Test
  public void refusesWhatIsNeither() {
    String run = RunJson.of(SampleRuns.everyday());

    assertThat(JsonSchema.errorsIn("{}")).isNotEmpty();
    assertThat(JsonSchema.errorsIn(run.replace("\"version\":1", "\"version\":2"))).isNotEmpty();
    assertThat(JsonSchema.errorsIn(run.replace("\"fingerprint\"", "\"print\""))).isNotEmpty();
    assertThat(JsonSchema.errorsIn(run.replace("\"lastSeenMillis\"", "\"last\""))).isNotEmpty();
  }

  @Test
  public void keepsHostileNamesAsTheyAre() {
    String text = RunJson.of(SampleRuns.everyday());
    JsonNode run = new JsonMapper().readTree(text);

    assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~')).isTrue();
    assertThat(text).doesNotContain("<");
    assertThat(run.findValuesAsString("name")).contains(SampleRuns.HOSTILE);
    assertThat(run.get("reports").get(2).get("blamed").asString())
        .isEqualTo("EvilTest.<script>\"name\"</script>");
  }

  @Test
  public void tellsTheTimesOfEachThread() {
    JsonNode threads = new JsonMapper().readTree(RunJson.of(SampleRuns.everyday())).get("threads");

    assertThat(threads.get(0).toString())
        .isEqualTo(
            "{\"id\":31,\"name\":\"server\",\"virtual\":false,\"test\":null,\"leaked\":false,"
                + "\"notBeforeMillis\":0,\"firstSeenMillis\":200,"
                + "\"lastSeenMillis\":12300,\"goneMillis\":12600}");
    assertThat(threads.get(1).has("goneMillis")).isFalse();
  }
}
