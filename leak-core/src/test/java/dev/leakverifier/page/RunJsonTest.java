package dev.leakverifier.page;

import static dev.leakverifier.testing.Golden.assertGoldenJson;

import org.testng.annotations.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

public class RunJsonTest {
  /** All of it but for the ids of threads, and the version of Java. */
  @Test
  public void tellsARun() {
    String json = RunJson.of(SampleRuns.everyday());
    JsonNode run =
        new JsonMapper().readTree(json.replace("\"" + Runtime.version() + "\"", "\"17\""));
    for (JsonNode thread : run.findParents("id")) {
      ((ObjectNode) thread).put("id", 0);
    }

    assertGoldenJson(getClass(), "everyday.json", run.toString());
  }
}
