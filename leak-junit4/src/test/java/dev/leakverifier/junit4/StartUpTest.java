package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakWatch;
import dev.leakverifier.testing.ForkedJvm;
import java.util.List;
import org.junit.Test;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** What the first test with a rule has to load: most of its time goes into that. */
public class StartUpTest {
  @Test
  public void loadsNoOtherLibraryForATestThatLeaksNothing() throws Exception {
    List<String> asInSurefire =
        List.of(
            "-Dleak.origins=false",
            "-Dsurefire.test.class.path=",
            "-Dbasedir=" + System.getProperty("user.dir"));

    List<String> loaded = ForkedJvm.classesLoadedBy(asInSurefire, CleanTest.class);

    assertThat(loaded).contains(LeakWatch.class.getName());
    assertThat(loaded.stream().filter(StartUpTest::isOfAnotherLibrary).toList()).isEmpty();
    assertThat(loaded).doesNotContain("java.lang.runtime.ObjectMethods"); // equals of a record
  }

  /** Their names before they are packed into the jar of core, and after. */
  private static boolean isOfAnotherLibrary(String name) {
    return name.startsWith("com.google.")
        || name.startsWith("com.fasterxml.")
        || name.startsWith("dev.leakverifier.shaded.");
  }

  static final class CleanTest {
    public static void main(String[] args) throws Throwable {
      Statement test =
          new Statement() {
            @Override
            public void evaluate() {}
          };
      Description description = Description.createTestDescription(CleanTest.class, "works");
      LeakVerifierRule.verifyNone().apply(test, description).evaluate();
    }
  }
}
