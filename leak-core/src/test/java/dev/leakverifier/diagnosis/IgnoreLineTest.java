package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.diagnosis.IgnoreLine.Place;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class IgnoreLineTest {
  private static final String PARK = "java.base/jdk.internal.misc.Unsafe.park";

  @Test
  public void takesTheFunctionThatAThreadStandsIn() {
    assertThat(of(waiting("t", PARK, "com.acme.Task.run:1")))
        .hasValue(new IgnoreLine("TopFunction", "com.acme.Task.run"));
  }

  @Test
  public void takesTheNameWhereAllIsTheJdks() {
    assertThat(of(waiting("pool-1-thread-1", PARK)))
        .hasValue(new IgnoreLine("Name", "pool-*-thread-*"));
  }

  @Test
  public void isNoneWhereItWouldIgnoreAnythingThatIsParked() {
    assertThat(of(waiting("db1", PARK))).isEmpty();
    assertThat(of(waiting("", PARK))).isEmpty();
  }

  /** As Kotlin and Groovy allow. */
  @Test
  public void takesTheNameWhereAnOptionWouldRefuseTheFunction() {
    assertThat(of(waiting("worker", PARK, "com.acme.Task.pays (again):1")))
        .hasValue(new IgnoreLine("Name", "worker"));
    assertThat(of(waiting("worker", PARK, "com.acme.Task.pays, refunds:1")))
        .hasValue(new IgnoreLine("Name", "worker"));
    assertThat(of(waiting("worker", PARK, "com.acme.Task.pays (again) later:1")))
        .hasValue(new IgnoreLine("Name", "worker"));
  }

  @Test
  public void writesWhatCannotBeWrittenDownAsAnyCharacter() {
    assertThat(of(waiting(" a,b\"c\u00e9 ", PARK)))
        .hasValue(new IgnoreLine("Name", "?a?b?c\u00e9?"));
    assertThat(of(waiting("a\u001b\u202e\ud83d\ude00\ud83d-b", PARK)))
        .hasValue(new IgnoreLine("Name", "a??\ud83d\ude00?-b"));
  }

  @Test
  public void cutsTheNameThatItWritesAsAGlob() {
    assertThat(of(waiting("worker " + "x".repeat(1 << 20), PARK)))
        .hasValue(new IgnoreLine("Name", "worker " + "x".repeat(73) + "*"));
  }

  @Test
  public void writesAFunctionAsEachPlaceReadsIt() {
    IgnoreLine line = new IgnoreLine("TopFunction", "com.acme.Gr\u00f6\u00dfe.<init>");

    assertThat(line.in(Place.JAVA))
        .isEqualTo("LeakVerifier.ignoreTopFunction(\"com.acme.Gr\u00f6\u00dfe.<init>\")");
    assertThat(line.in(Place.PROPERTY))
        .isEqualTo("leak.ignoreTopFunction=com.acme.Gr\\u00f6\\u00dfe.<init>");
    assertThat(line.in(Place.TESTNG_XML))
        .isEqualTo(
            "<parameter name=\"leak.ignoreTopFunction\""
                + " value=\"com.acme.Gr\u00f6\u00dfe.&lt;init&gt;\"/>");
  }

  private static Optional<IgnoreLine> of(ThreadSample thread) {
    return IgnoreLine.of(List.of(thread), /* moves= */ false);
  }

  private static ThreadSample waiting(String name, String... frames) {
    return Samples.of(name, Thread.State.WAITING, frames);
  }
}
