package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.ForkedJvm;
import java.util.List;
import org.testng.annotations.Test;

/**
 * What the first check of a JVM has to load: most of its time goes into that, see
 * docs/performance.md.
 */
public class StartUpTest {
  private static final int MOST_OWN_CLASSES = 50;
  private static final int MOST_LAMBDAS = 15;

  @Test
  public void loadsNothingButItselfAndTheJdkForACleanCheck() throws Exception {
    List<String> loaded = ForkedJvm.classesLoadedBy(List.of(), CleanCheck.class);

    assertThat(loaded).contains(LeakScope.class.getName());
    assertThat(loaded.stream().filter(StartUpTest::isOfAnotherLibrary).toList()).isEmpty();
    assertThat(loaded.stream().filter(name -> name.startsWith("org.")).toList()).isEmpty();
    assertThat(loaded.stream().filter(name -> name.startsWith("java.util.stream.")).toList())
        .isEmpty();
    assertThat(loaded).doesNotContain("java.lang.runtime.ObjectMethods"); // equals of a record
    assertThat(loaded.stream().filter(StartUpTest::isOwn).count()).isAtMost(MOST_OWN_CLASSES);
    List<String> lambdas = loaded.stream().filter(StartUpTest::isOwnLambda).toList();
    assertThat(lambdas).isNotEmpty(); // else they have other names in this JVM
    assertThat(lambdas.size()).isAtMost(MOST_LAMBDAS);
  }

  private static boolean isOwn(String name) {
    return name.startsWith("dev.leakverifier.") && !name.contains("$$Lambda");
  }

  private static boolean isOwnLambda(String name) {
    return name.startsWith("dev.leakverifier.") && name.contains("$$Lambda");
  }

  /** Their names before they are packed into the jar of core, and after. */
  private static boolean isOfAnotherLibrary(String name) {
    return name.startsWith("com.google.")
        || name.startsWith("com.fasterxml.")
        || name.startsWith("dev.leakverifier.shaded.");
  }

  static final class CleanCheck {
    public static void main(String[] args) {
      if (!LeakVerifier.scope().check().isEmpty()) {
        throw new AssertionError("nothing has leaked");
      }
    }
  }
}
