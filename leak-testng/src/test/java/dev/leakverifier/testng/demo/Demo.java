package dev.leakverifier.testng.demo;

import static com.google.common.truth.Truth.assertThat;

import com.acme.demo.CheckoutTest;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.leakverifier.LeakError;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** Runs {@link CheckoutTest} by its testng.xml, and shows what its developer would read. */
@SuppressWarnings("SystemOut") // the demo is the one part that talks
public final class Demo {
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
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG testng = new TestNG(/* useDefaultListeners= */ false);
    testng.setVerbose(0);
    testng.setTestSuites(
        ImmutableList.of(Resources.getResource(Demo.class, "testng.xml").getPath()));
    testng.addListener(results);
    testng.run();

    assertThat(results.getPassedTests()).hasSize(2);
    assertThat(results.getFailedTests()).hasSize(1);
    ITestResult failed = results.getFailedTests().get(0);
    assertThat(failed.getThrowable()).isInstanceOf(LeakError.class);
    System.out.printf(
        "%n=== TestNG: 3 tests ran, 2 passed; %s failed, since it left threads behind:%n%n%s%n",
        failed.getName(), failed.getThrowable().getMessage());
  }
}
