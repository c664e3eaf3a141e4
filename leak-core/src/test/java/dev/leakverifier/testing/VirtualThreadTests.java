package dev.leakverifier.testing;

import org.testng.IHookCallBack;
import org.testng.IHookable;
import org.testng.ITestResult;
import org.testng.SkipException;

/** TestNG tests that need virtual threads; each is skipped by name, and says why, on JDK 17. */
public abstract class VirtualThreadTests implements IHookable {
  @Override
  public void run(IHookCallBack test, ITestResult result) {
    if (!ThreadForm.VIRTUAL.isThere()) {
      throw new SkipException(ThreadForm.WHY_NOT);
    }
    test.runTestMethod(result);
  }
}
