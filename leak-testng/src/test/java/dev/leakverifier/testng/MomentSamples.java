package dev.leakverifier.testng;

import dev.leakverifier.testing.Leaks;
import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Tests for which the verdict falls at another moment than for others. Run by other tests only. */
final class MomentSamples {
  private MomentSamples() {}

  public static final class Twice implements IRetryAnalyzer {
    private int retries;

    @Override
    public boolean retry(ITestResult result) {
      return retries++ < 2;
    }
  }

  public static class Retried {
    private int ofFirst;
    private int ofLast;

    @Test(retryAnalyzer = Twice.class)
    public void leaksFirst() {
      if (ofFirst++ == 0) {
        Leaks.leave("left");
        throw new IllegalArgumentException("the first attempt\nof several");
      }
    }

    @Test(retryAnalyzer = Twice.class)
    public void leaksLast() {
      if (ofLast++ == 0) {
        throw new IllegalArgumentException("the first attempt");
      }
      Leaks.leave("left");
    }

    @Test(retryAnalyzer = Twice.class)
    public void leaksAndPasses() {
      Leaks.leave("left");
    }
  }

  public static class RetriedRows {
    @DataProvider
    public Object[][] rows() {
      return new Object[][] {{"one"}, {"two"}};
    }

    @Test(dataProvider = "rows", retryAnalyzer = Twice.class)
    public void row(String row) {
      Leaks.leave("left by " + row);
      throw new IllegalArgumentException(row);
    }
  }

  public static class WithinSuccessPercentage {
    private int leaks;
    private int failures;
    private int both;

    @Test(invocationCount = 4, successPercentage = 50)
    public void leaks() {
      if (leaks++ == 1) {
        Leaks.leave("left");
      }
    }

    @Test(invocationCount = 4, successPercentage = 50)
    public void fails() {
      if (failures++ == 1) {
        throw new IllegalArgumentException("my own");
      }
    }

    @Test(invocationCount = 4, successPercentage = 50)
    public void leaksAndFails() {
      if (both++ == 1) {
        Leaks.leave("left");
        throw new IllegalArgumentException("my own");
      }
    }
  }

  public static class OneOnSeveralThreads {
    @Test
    public void a() {
      Leaks.leave("left by a");
    }

    @Test(invocationCount = 2, threadPoolSize = 2)
    public void b() {}

    @Test
    public void c() {}
  }

  public static class OneWithParallelRows {
    @Test
    public void a() {
      Leaks.leave("left by a");
    }

    @DataProvider(parallel = true)
    public Object[][] rows() {
      return new Object[][] {{"leaks"}, {"passes"}};
    }

    @Test(dataProvider = "rows")
    public void b(String row) {
      if (row.equals("leaks")) {
        Leaks.leave("left by a row");
      }
    }

    @Test
    public void c() {}
  }
}
