package dev.leakverifier.comparison;

import java.util.Map;
import java.util.TreeMap;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.notification.Failure;

/** By JUnit 4. */
final class JUnit4Runs extends Runs {
  private final Class<? extends JUnit4Samples.Each> each;
  private final Class<? extends JUnit4Samples.SharesAPool> shared;

  JUnit4Runs(
      Class<? extends JUnit4Samples.Each> each, Class<? extends JUnit4Samples.SharesAPool> shared) {
    this.each = each;
    this.shared = shared;
  }

  @Override
  Map<String, String> failed(String program) {
    Request tests =
        program.equals("sharesAPool") ? Request.aClass(shared) : Request.method(each, program);
    Map<String, String> failed = new TreeMap<>();
    for (Failure failure : new JUnitCore().run(tests).getFailures()) {
      refuseOtherErrors(program, failure.getException());
      String method = failure.getDescription().getMethodName();
      failed.put(
          method == null ? "the class" : method,
          String.valueOf(failure.getException().getMessage()));
    }
    return failed;
  }
}
