package dev.leakverifier.host;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.LogCapture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GuardTest {
  @Test
  public void givesWhatWasMade() {
    assertThat(Guard.make("the text", () -> "made", Lost::toString)).isEqualTo("made");
  }

  @DataProvider
  Object[] failures() {
    return new Throwable[] {
      new IllegalStateException("as a bug is"),
      new IOException("as a full disk is"),
      new NoSuchMethodError("as an old library has"),
      new ExceptionInInitializerError("as a missing module has"),
      new AssertionError("as a user's class may throw"),
      new OutOfMemoryError("Java heap space"),
    };
  }

  @Test(dataProvider = "failures")
  public void saysWhatIsLostAndWhy(Throwable failure) {
    String line =
        Guard.make(
            "the text",
            () -> {
              throw unchecked(failure);
            },
            Lost::toString);

    assertThat(line).isEqualTo("the text is lost: " + failure);
  }

  @Test
  public void survivesAStackThatIsTooSmall() {
    assertThat(Guard.make("the text", GuardTest::endless, Lost::toString))
        .isEqualTo("the text is lost: java.lang.StackOverflowError");
  }

  @Test
  public void survivesAHeapThatIsTooSmall() {
    String line =
        Guard.make("the text", () -> "" + new long[1 << 20][1 << 27].length, Lost::toString);

    assertThat(line).startsWith("the text is lost: java.lang.OutOfMemoryError");
  }

  @Test
  public void leavesAnInterruptForOthers() {
    Guard.run(
        "the text",
        () -> {
          throw new InterruptedException();
        },
        lost -> {});

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  public void saysTheClassOfAReasonThatCannotBePrinted() {
    class Unprintable extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw new IllegalStateException("nor can this");
      }
    }

    assertThat(new Lost("the text", new Unprintable()).toString())
        .isEqualTo("the text is lost: " + Unprintable.class.getName());
  }

  @Test
  public void hidesNoFailureOfWhatTakesThePlace() {
    IllegalStateException error =
        expectThrows(
            IllegalStateException.class,
            () ->
                Guard.run(
                    "the text",
                    () -> {
                      throw new IOException("gone");
                    },
                    lost -> {
                      throw new IllegalStateException(lost.toString());
                    }));

    assertThat(error).hasMessageThat().isEqualTo("the text is lost: java.io.IOException: gone");
  }

  @Test
  public void logsNothingWherePeopleDoNotDebug() {
    try (LogCapture log = LogCapture.start()) {
      List<Lost> lost = new ArrayList<>();
      Guard.run("the text", GuardTest::endless, lost::add);

      assertThat(lost).hasSize(1);
      assertThat(log.lines()).isEmpty();
    }
  }

  private static String endless() {
    return nested(Integer.MAX_VALUE);
  }

  private static String nested(int depth) {
    return depth == 0 ? "" : nested(depth - 1) + "!";
  }

  private static Exception unchecked(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    return (Exception) failure;
  }
}
