package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.FakeTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.annotations.Test;

public class SharedCaptureTest {
  private final FakeTime time = new FakeTime();

  @Test
  public void countsTheAgeFromTheEndSoThatASlowCaptureServesThoseWhoWaitedForIt() {
    SharedCapture capture =
        new SharedCapture(
            () -> {
              time.slip(5 * SharedCapture.FRESH.toNanos());
              return Profiles.shop();
            },
            time);

    ThreadProfile first = capture.get();
    assertThat(capture.get()).isSameInstanceAs(first);
    time.slip(SharedCapture.FRESH.toNanos());
    assertThat(capture.get()).isNotSameInstanceAs(first);
  }

  @Test
  public void triesAnewAfterAFailure() {
    AtomicInteger tries = new AtomicInteger();
    SharedCapture capture =
        new SharedCapture(
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
              }
              return Profiles.shop();
            },
            time);

    expectThrows(IllegalStateException.class, capture::get);
    assertThat(capture.get().total()).isEqualTo(10);
  }
}
