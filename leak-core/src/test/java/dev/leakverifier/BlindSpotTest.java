package dev.leakverifier;

import static dev.leakverifier.testing.ThreadForm.PLATFORM;

import dev.leakverifier.testing.BlindSpot;
import dev.leakverifier.testing.BlockedThread;
import java.time.Duration;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A verdict that could not look says so where people see it. */
public class BlindSpotTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  @DataProvider
  Object[] all() {
    return BlindSpot.ofThisJdk();
  }

  @Test(dataProvider = "all")
  public void isSaidByTheApi(BlindSpot spot) throws Exception {
    spot.assertIsSaidOnce(ChecksByApi.class);
  }

  static final class ChecksByApi {
    public static void main(String[] args) {
      BlindSpot.make(args);
      LeakOption[] options =
          Boolean.parseBoolean(System.getProperty("leak.origins", "true"))
              ? new LeakOption[] {AT_ONCE, LeakVerifier.recordOrigins()}
              : new LeakOption[] {AT_ONCE};
      try (LeakScope scope = LeakVerifier.scope(options)) {
        if (scope.check().isEmpty()) {
          System.out.print(BlindSpot.CLEAN);
        }
      }
      System.out.print(BlindSpot.CLEAN);
      LeakScope scope = LeakVerifier.scope(options);
      try (BlockedThread left = PLATFORM.startBlocked("left")) {
        scope.close();
      } catch (LeakError e) {
        System.out.print(e.getMessage());
      }
    }
  }
}
