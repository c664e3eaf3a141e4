package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leakverifier.testing.ForkedJvm;
import java.util.List;
import org.testng.annotations.Test;

/** What the first check of a JVM has to load: most of its time goes into that. */
public class StartUpTest {
  @Test
  public void loadsNothingButItselfAndTheJdkForACleanCheck() throws Exception {
    List<String> loaded = loadedBy(CleanCheck.class);

    assertThat(loaded).contains(LeakScope.class.getName());
    assertThat(loaded.stream().filter(name -> name.startsWith("com.google.")).toList()).isEmpty();
    assertThat(loaded.stream().filter(name -> name.startsWith("org.")).toList()).isEmpty();
  }

  static final class CleanCheck {
    public static void main(String[] args) {
      if (!LeakVerifier.scope().check().isEmpty()) {
        throw new AssertionError("nothing has leaked");
      }
    }
  }

  private static List<String> loadedBy(Class<?> main) throws Exception {
    Process process = ForkedJvm.start(List.of("-Xlog:class+load:stdout:none"), main);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isEqualTo(0);
    return output.lines().map(line -> line.split(" ", 2)[0]).toList();
  }
}
