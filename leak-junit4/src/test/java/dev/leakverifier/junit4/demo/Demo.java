package dev.leakverifier.junit4.demo;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakError;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

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
    Result result = JUnitCore.runClasses(CheckoutTest.class);

    assertThat(result.getRunCount()).isEqualTo(3);
    assertThat(result.getFailures()).hasSize(1);
    Failure failure = result.getFailures().get(0);
    assertThat(failure.getException()).isInstanceOf(LeakError.class);
    System.out.printf(
        "%n=== JUnit 4: 3 tests ran, 2 passed; %s failed, since it left a thread behind:%n%n%s%n",
        failure.getDescription().getMethodName(), failure.getMessage());
  }
}
