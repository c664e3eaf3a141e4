package dev.leakverifier;

import com.google.common.collect.ImmutableMap;
import dev.leakverifier.testing.Contract;
import java.util.Map;
import org.testng.annotations.Test;

public class ContractTest {
  private static final Map<String, String> SETTINGS =
      ImmutableMap.<String, String>builder()
          .put("leak.enabled", "true")
          .put("leak.scope", "method,class,test,suite")
          .put("leak.maxWait", "750ms")
          .put("leak.ignoreTopFunction", "com.acme.Poller.poll")
          .put("leak.ignoreAnyFunction", "com.acme.Poller.poll,com.acme.Poller.run")
          .put("leak.ignoreCreatedBy", "com.acme.Pool.submit")
          .put("leak.ignoreName", "grpc-*,poller")
          .put("leak.runOnFailure", "true")
          .put("leak.action", "warn")
          .buildOrThrow();

  @Test
  public void isKept() throws Exception {
    Contract.assertKept(getClass());
  }

  /** A setting that there is no more would be refused. */
  @Test
  public void isKeptForSettings() {
    LeakConfiguration.load("test", SETTINGS);
    LeakConfiguration.load("test", Map.of("leak.maxWait", "2s", "leak.action", "fail"));
    LeakConfiguration.load("test", Map.of("leak.maxWait", "PT2S", "leak.scope", "auto"));
  }
}
