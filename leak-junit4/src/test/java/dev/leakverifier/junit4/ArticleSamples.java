package dev.leakverifier.junit4;

import dev.leakverifier.testing.Article;
import dev.leakverifier.testing.Leaks;
import org.junit.After;
import org.junit.Test;

/** The examples of the {@link Article}. Run by other tests only. */
final class ArticleSamples {
  private ArticleSamples() {}

  /** A check without a baseline sees what an earlier test left; so each sample tidies up. */
  public abstract static class Tidy {
    @After
    public void endThreads() {
      Leaks.endAll();
    }
  }

  public static class Basic extends Tidy {
    @Test
    public void testWithLeak() {
      Article.testWithLeak();
    }

    @Test
    public void testWithoutLeak() {
      Article.testWithoutLeak();
    }
  }

  public static class IgnoredWorker extends Tidy {
    @Test
    public void testWithBackgroundWorker() {
      Article.testWithBackgroundWorker();
    }
  }

  public static class CustomFilter extends Tidy {
    @Test
    public void testCustomFilter() {
      Article.testCustomFilter();
    }
  }

  public static class Timing extends Tidy {
    @Test
    public void testTimingIssue() {
      Article.testTimingIssue();
    }
  }

  public static class WholeService extends Tidy {
    @Test
    public void testServiceNoLeak() throws InterruptedException {
      Article.testServiceNoLeak();
    }

    @Test
    public void testServiceWithLeak() {
      Article.testServiceWithLeak();
    }
  }

  /** Found at the end of the run: no test checks by itself. */
  public static class Unchecked {
    @Test
    public void testSomething() {
      Article.testSomething();
    }
  }
}
