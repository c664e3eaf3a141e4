package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.BlockedThread;
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
    for (String bad : new String[] {"", " ", "run", ".run", "a.", "()", "at ", "com/"}) {
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

  @DataProvider
  Object[][] otherNotations() {
    return new Object[][] {
      {"com/acme/Poller.poll"},
      {"com/acme/Poller#poll"},
      {"com/acme/Poller.poll:()V"},
      {"com.acme.Poller#poll"},
      {"com.acme.Poller::poll"},
      {"com.acme.Poller.poll()"},
      {"com.acme.Poller.poll(long"}, // the rest went to the next function, at the comma
      {"com.acme.Poller#poll(long, java.util.concurrent.TimeUnit)"},
      {"com.acme.Poller.poll(Poller.java:31)"},
      {"at com.acme.Poller.poll"},
      {"\tat app//com.acme.Poller.poll(Poller.java:31)"},
      {"shop@1.0/com.acme.Poller.poll"},
    };
  }

  @Test(dataProvider = "otherNotations")
  public void saysHowAFunctionInAnotherNotationIsWritten(String notation) {
    String message =
        "function (\"%s\") must be Class.getName() + \".\" + method, e.g. com.acme.Poller.poll"
            .formatted(notation);

    assertThat(refusalOf(notation, LeakVerifier::ignoreTopFunction)).isEqualTo(message);
    assertThat(refusalOf(notation, LeakVerifier::ignoreAnyFunction)).isEqualTo(message);
    assertThat(refusalOf(notation, LeakVerifier::ignoreCreatedBy)).isEqualTo(message);
  }

  @DataProvider
  Object[][] functions() {
    return new Object[][] {
      {"run.run"},
      {"com.acme.Outer$Inner.<clinit>"},
      {"com.acme.Poller$$Lambda/0x00007f6c1c0a3c58.run"},
      {"com.acme.Poller$$Lambda$14/1234567.run"},
      {"com.acme.PollerTest.stops (late) in the end"},
      {"com.acme.Gr\u00f6\u00dfe.\u00e4ndern"},
    };
  }

  @Test(dataProvider = "functions")
  public void takesWhatTheJvmTakesForAFunction(String function) {
    assertThat(LeakVerifier.ignoreTopFunction(function).toString()).contains(function);
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
    LeakOption atOnce = LeakVerifier.maxWait(Duration.ZERO);
    LeakOption before = LeakVerifier.ignoreCurrent();
    try (BlockedThread alive = BlockedThread.start("alive")) {
      expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(before, atOnce));

      for (int i = 0; i < 3; i++) { // a loop comes to the same lines again
        LeakOption again = LeakVerifier.ignoreCurrent();
        LeakVerifier.verifyNone(again, atOnce);
      }
    }
  }

  private static LeakOption[] usual() {
    return new LeakOption[] {LeakVerifier.ignoreCurrent()};
  }

  private static String refusalOf(String bad, Function<String, LeakOption> option) {
    return String.valueOf(
        expectThrows(IllegalArgumentException.class, () -> option.apply(bad)).getMessage());
  }

  private static String refusal(ThrowingRunnable call) {
    return String.valueOf(expectThrows(NullPointerException.class, call).getMessage());
  }
}
