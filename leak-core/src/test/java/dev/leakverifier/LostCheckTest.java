package dev.leakverifier;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.LostCheckRun;
import java.time.Duration;
import org.testng.annotations.Test;

/** An {@code Error} that ends a check fails what a leak would fail, and nothing else. */
public class LostCheckTest {
  @Test
  public void failsNothingOfTheApiThatOnlyWarns() throws Exception {
    LostCheckRun.VERDICT.assertFailsOrWarns(Checks.class, "scope", "scope");
  }

  static final class Checks {
    public static void main(String[] args) {
      LeakOption atOnce = LeakVerifier.maxWait(Duration.ZERO);
      LeakOption[] options =
          System.getProperty("leak.action", "").equals("warn")
              ? new LeakOption[] {atOnce, LeakVerifier.warnOnly()}
              : new LeakOption[] {atOnce};
      LeakScope scope = LeakVerifier.scope(options);
      try (BlockedThread left = BlockedThread.start(BrokenPart.LEFT)) {
        scope.close();
        BrokenPart.passes("scope");
      } catch (Error e) {
        BrokenPart.fails("scope", e);
      }
    }
  }
}
