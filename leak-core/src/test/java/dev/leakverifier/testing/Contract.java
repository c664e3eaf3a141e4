package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.io.Resources;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What users have been promised, a signature a line, in {@code contract.txt} beside a test. */
public final class Contract {
  private Contract() {}

  /** Asserts that each method and constructor of the contract is there as it stands there. */
  public static void assertKept(Class<?> test) throws IOException, ClassNotFoundException {
    List<String> lines =
        Resources.readLines(Resources.getResource(test, "contract.txt"), StandardCharsets.UTF_8);
    Class<?> type = Contract.class; // whichever comes first, a line names the type
    int signatures = 0;
    for (String line : lines) {
      if (line.startsWith("  ")) {
        assertWithMessage(type.getName()).that(signatures(type)).contains(line.strip());
        signatures++;
      } else if (!line.isEmpty()) {
        type = Class.forName(line);
        assertWithMessage(line).that(Modifier.isPublic(type.getModifiers())).isTrue();
      }
    }
    assertThat(signatures).isGreaterThan(0);
  }

  private static List<String> signatures(Class<?> type) {
    return Stream.of(type.getDeclaredMethods(), type.getDeclaredConstructors())
        .flatMap(Stream::of)
        .map(Executable::toGenericString)
        .toList();
  }
}
