package dev.leakverifier.page;

import static dev.leakverifier.testing.Golden.assertGolden;

import org.testng.annotations.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

public class RunJsonTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** All of it but for the ids of threads, and the version of Java. */
  @Test
  public void tellsARun() {
    String json = RunJson.of(SampleRuns.everyday());
    JsonNode run = JSON.readTree(json.replace("\"" + Runtime.version() + "\"", "\"17\""));
    for (JsonNode thread : run.findParents("id")) {
      ((ObjectNode) thread).put("id", 0);
    }

    assertGolden(getClass(), "everyday.json", JSON.writeValueAsString(run));
  }
}
