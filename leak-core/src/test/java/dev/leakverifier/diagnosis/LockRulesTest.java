package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class LockRulesTest {
  private static final String[] TEST = {
    "com.acme.AccountTest.pays:12", "java.base/java.lang.reflect.Method.invoke:569"
  };

  @Test
  public void leavesOutTheCheckWhereTheHolderIsTheOneThatChecks() {
    assertThat(
            placeOfHolder(
                "java.management/sun.management.ThreadImpl.dumpThreads0",
                "dev.leakverifier.jvm.ThreadInfos.of:31",
                "dev.leakverifier.jvm.LiveThreads.sample:110",
                "dev.leakverifier.check.Waiter.look:165",
                "dev.leakverifier.check.Check.settle:120",
                "dev.leakverifier.blame.WindowJudge.settle:129",
                "dev.leakverifier.testng.LeakVerifierListener.lambda$afterInvocation$1:75",
                "java.base/java.util.Optional.ifPresent:178",
                "dev.leakverifier.testng.LeakVerifierListener.afterInvocation:75",
                "org.testng.internal.Invoker.invoke:9"))
        .containsExactly("   at org.testng.internal.Invoker.invoke(Invoker.java:9)");
  }

  @Test
  public void keepsATestThatRunsBelowARule() {
    assertThat(
            placeOfHolder(
                TEST[0], TEST[1], "dev.leakverifier.junit4.LeakVerifierRule$1.evaluate:131"))
        .containsExactly(
            "   at com.acme.AccountTest.pays(AccountTest.java:12)",
            "   at java.lang.reflect.Method.invoke(Method.java:569)",
            "   at dev.leakverifier.junit4.LeakVerifierRule$1.evaluate(LeakVerifierRule.java:131)")
        .inOrder();
  }

  private static List<String> placeOfHolder(String... frames) {
    ThreadSample waiter = Samples.blocked(new Thread("waiter"), new Thread("holder"), TEST);
    ThreadSample holder = Samples.of("holder", Thread.State.RUNNABLE, frames);
    Diagnosis diagnosis =
        Diagnoses.of(new Observation(waiter, Watched.ONCE, List.of(holder), Optional.empty()));
    return diagnosis.details().stream().filter(line -> line.startsWith("   at ")).toList();
  }
}
