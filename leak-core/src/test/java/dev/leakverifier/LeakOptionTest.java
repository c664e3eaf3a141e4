package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import java.time.Duration;
import java.util.function.Function;
import org.testng.Assert.ThrowingRunnable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

@SuppressWarnings("ReturnValueIgnored") // refusing is all that these calls do
public class LeakOptionTest {
  @Test
  public void readsLikeTheCallThatMadeIt() {
    assertThat(LeakVerifier.ignoreTopFunction("com.acme.Worker.run").toString())
        .isEqualTo("ignoreTopFunction(\"com.acme.Worker.run\")");
    assertThat(LeakVerifier.ignoreAnyFunction("com.acme.Outer$Inner.<init>").toString())
        .isEqualTo("ignoreAnyFunction(\"com.acme.Outer$Inner.<init>\")");
    assertThat(LeakVerifier.ignoreName("grpc-*").toString()).isEqualTo("ignoreName(\"grpc-*\")");
    assertThat(LeakVerifier.ignoreCurrent().toString()).isEqualTo("ignoreCurrent()");
    assertThat(LeakVerifier.maxWait(Duration.ofMillis(50)).toString())
        .isEqualTo("maxWait(PT0.05S)");
    assertThat(LeakVerifier.runOnFailure().toString()).isEqualTo("runOnFailure()");
    assertThat(LeakVerifier.ignoreFunc(thread -> true).toString()).startsWith("ignoreFunc(");
    assertThat(LeakVerifier.cleanup(exitCode -> {}).toString()).startsWith("cleanup(");
  }

  @DataProvider
  Object[][] takingAFunction() {
    return new Object[][] {
      {(Function<String, LeakOption>) LeakVerifier::ignoreTopFunction},
      {(Function<String, LeakOption>) LeakVerifier::ignoreAnyFunction},
      {(Function<String, LeakOption>) LeakVerifier::ignoreCreatedBy},
    };
  }

  @Test(dataProvider = "takingAFunction")
  public void refusesWhatIsNoFunction(Function<String, LeakOption> option) {
    for (String bad :
        new String[] {"", " ", "run", "com.acme.Worker#run", "a.B.run()", ".run", "a."}) {
      IllegalArgumentException error =
          expectThrows(IllegalArgumentException.class, () -> option.apply(bad));
      assertThat(error)
          .hasMessageThat()
          .isEqualTo(
              "function (\""
                  + bad
                  + "\") must be Class.getName() + \".\" + method, e.g. com.acme.Worker.run");
    }
  }

  @Test(dataProvider = "takingAFunction")
  @SuppressWarnings("NullAway") // what a user can do
  public void refusesANullFunction(Function<String, LeakOption> option) {
    assertThat(refusal(() -> option.apply(null))).isEqualTo("function");
  }

  @Test
  public void refusesABlankGlob() {
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> LeakVerifier.ignoreName("  "));
    assertThat(error).hasMessageThat().startsWith("glob (\"  \") must not be blank");
  }

  @Test
  public void refusesANegativeWait() {
    IllegalArgumentException error =
        expectThrows(
            IllegalArgumentException.class, () -> LeakVerifier.maxWait(Duration.ofSeconds(-1)));
    assertThat(error).hasMessageThat().isEqualTo("maxWait (PT-1S) must not be negative");
  }

  @Test
  @SuppressWarnings("NullAway") // what a user can do
  public void namesTheParameterThatIsNull() {
    assertThat(refusal(() -> LeakVerifier.ignoreName(null))).isEqualTo("glob");
    assertThat(refusal(() -> LeakVerifier.ignoreFunc(null))).isEqualTo("predicate");
    assertThat(refusal(() -> LeakVerifier.maxWait(null))).isEqualTo("maxWait");
    assertThat(refusal(() -> LeakVerifier.cleanup(null))).isEqualTo("cleanup");
    assertThat(refusal(() -> LeakVerifier.verifyNone((LeakOption[]) null))).isEqualTo("options");
    assertThat(refusal(() -> LeakVerifier.scope(LeakVerifier.runOnFailure(), null)))
        .isEqualTo("options[1]");
  }

  @Test
  public void findRefusesWhatOnlyAFailingCheckCanDo() {
    IllegalArgumentException cleanup =
        expectThrows(
            IllegalArgumentException.class,
            () -> LeakVerifier.find(LeakVerifier.cleanup(exitCode -> {})));
    assertThat(cleanup).hasMessageThat().contains("does not take cleanup(exitCode)");
    IllegalArgumentException runOnFailure =
        expectThrows(
            IllegalArgumentException.class, () -> LeakVerifier.find(LeakVerifier.runOnFailure()));
    assertThat(runOnFailure).hasMessageThat().contains("does not take runOnFailure()");
  }

  @Test
  public void refusesToIgnoreByStarterWhereThatIsNotRecorded() {
    LeakOption option = LeakVerifier.ignoreCreatedBy("com.acme.Pool.submit");
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> LeakVerifier.verifyNone(option));
    assertThat(error)
        .hasMessageThat()
        .startsWith(
            "ignoreCreatedBy(\"com.acme.Pool.submit\") needs to know who started a thread, and that"
                + " is not recorded: call LeakVerifier.recordOrigins() before the code under test");
  }

  @Test
  public void ignoresALeakInTheSameStatementOnlyWithARefusal() {
    IllegalArgumentException error =
        expectThrows(
            IllegalArgumentException.class,
            () -> LeakVerifier.verifyNone(LeakVerifier.ignoreCurrent()));
    assertThat(error)
        .hasMessageThat()
        .contains("verifyNone(ignoreCurrent()) can never find a leak");
    assertThat(error).hasMessageThat().contains("try (LeakScope scope = LeakVerifier.scope()) {");
  }

  @Test
  public void refusesTheSameStatementOverSeveralLinesAndThroughAHelper() {
    expectThrows(
        IllegalArgumentException.class,
        () ->
            LeakVerifier.verifyNone(
                LeakVerifier.maxWait(Duration.ZERO), LeakVerifier.ignoreCurrent()));
    expectThrows(IllegalArgumentException.class, () -> LeakVerifier.verifyNone(usual()));
  }

  @Test
  public void acceptsIgnoreCurrentFromAnEarlierStatement() {
    LeakOption current = LeakVerifier.ignoreCurrent();
    LeakVerifier.verifyNone(current);

    for (int i = 0; i < 3; i++) { // a loop comes to the same lines again
      LeakOption again = LeakVerifier.ignoreCurrent();
      LeakVerifier.verifyNone(again);
    }
  }

  private static LeakOption[] usual() {
    return new LeakOption[] {LeakVerifier.ignoreCurrent()};
  }

  private static String refusal(ThrowingRunnable call) {
    return String.valueOf(expectThrows(NullPointerException.class, call).getMessage());
  }
}
