package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.ForkedJvm;
import java.util.List;
import org.testng.annotations.Test;

/** What the first check of a JVM has to load: most of its time goes into that. */
public class StartUpTest {
  @Test
  public void loadsNothingButItselfAndTheJdkForACleanCheck() throws Exception {
    List<String> loaded = ForkedJvm.classesLoadedBy(List.of(), CleanCheck.class);

    assertThat(loaded).contains(LeakScope.class.getName());
    assertThat(loaded.stream().filter(StartUpTest::isOfAnotherLibrary).toList()).isEmpty();
    assertThat(loaded.stream().filter(name -> name.startsWith("org.")).toList()).isEmpty();
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
