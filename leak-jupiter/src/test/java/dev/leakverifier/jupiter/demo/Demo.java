package dev.leakverifier.jupiter.demo;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.leakverifier.LeakError;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs {@link CheckoutTest}, and shows what its developer would read. */
@SuppressWarnings("SystemOut") // the demo is the one part that talks
final class Demo {
  private Demo() {}

  /** Ends with an exit code other than 0 if it could not show what it promises. */
  public static void main(String[] arguments) {
    try {
      show();
      System.exit(0); // the leaked threads would keep this JVM alive
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void show() {
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(CheckoutTest.class))
                .build(),
            results);

    assertThat(results.getSummary().getTestsSucceededCount()).isEqualTo(2);
    assertThat(results.getSummary().getFailures()).hasSize(1);
    TestExecutionSummary.Failure failure = results.getSummary().getFailures().get(0);
    assertThat(failure.getException()).isInstanceOf(LeakError.class);
    System.out.printf(
        "%n=== JUnit Jupiter: 3 tests ran, 2 passed; %s failed, since it left a thread"
            + " behind:%n%n%s%n",
        failure.getTestIdentifier().getDisplayName(), failure.getException().getMessage());
  }
}
