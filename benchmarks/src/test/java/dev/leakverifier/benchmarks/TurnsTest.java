package dev.leakverifier.benchmarks;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.Test;

public class TurnsTest {
  @Test
  public void letsEachBeginEveryOtherTime() throws Exception {
    List<String> calls = new ArrayList<>();
    Turns turns = new Turns();
    turns.take(() -> calls.add("measured"), () -> calls.add("bare"));
    turns.startAnew();
    turns.take(() -> calls.add("measured"), () -> calls.add("bare"));

    assertThat(calls).containsExactly("bare", "measured", "measured", "bare").inOrder();
    assertThat(turns.ratio()).isGreaterThan(0.0);
  }
}
