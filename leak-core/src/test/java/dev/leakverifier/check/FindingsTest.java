package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.testng.annotations.Test;

public class FindingsTest {
  private static final ThreadOrigin MAIN = new ThreadOrigin(1, "main", List.of(), Optional.empty());

  private final ThreadSample known = Samples.startedBy(MAIN, "known");
  private final ThreadSample unknown = Samples.of("unknown", Thread.State.WAITING);
  private final ThreadSample virtual =
      Samples.virtual(Integer.MAX_VALUE, "virtual", "", Thread.State.WAITING);

  @Test
  public void sayWhyAStarterIsNotKnownOnlyWhereOneIsMissing() {
    assertThat(of(known, unknown).withoutStarters(() -> "why").notSeen())
        .containsExactly("something", "why")
        .inOrder();
    assertThat(of(known, virtual).withoutStarters(() -> "why").notSeen())
        .containsExactly("something");
  }

  @Test
  public void sayItOfTheWindowOnlyThatHasSuchAThread() {
    Findings all = of(known, unknown).withoutStarters(() -> "why");

    assertThat(all.of(List.of(Observation.of(known)), List.of()).notSeen())
        .containsExactly("something");
    assertThat(all.of(List.of(Observation.of(unknown)), List.of()).notSeen())
        .containsExactly("something", "why");
  }

  @Test
  public void doNotSayItOfAThreadThatIsAccepted() {
    Findings all = of(known, unknown).withoutStarters(() -> "why");
    Accepted accepted =
        new Accepted(
            "accepted.txt",
            LeakGroup.of(List.of(Observation.of(unknown))),
            List.of(),
            Optional.empty());

    assertThat(all.accepting(accepted).threads()).containsExactly(known);
    assertThat(all.accepting(accepted).notSeen()).containsExactly("something");
  }

  @Test
  public void sayItOfWhatACheckRightAfterFound() {
    assertThat(of(known).and(of(unknown).withoutStarters(() -> "why")).notSeen())
        .containsExactly("something", "why");
    assertThat(of(unknown).withoutStarters(() -> "why").and(of(known)).notSeen())
        .containsExactly("something", "why");
  }

  private static Findings of(ThreadSample... leaked) {
    return new Findings(
        Arrays.stream(leaked).map(Observation::of).toList(),
        List.of(),
        Map.of(),
        Duration.ZERO,
        /* collected= */ false,
        Set.of("something"));
  }
}
