package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that a person reads, kept in files beside the tests.
 *
 * <p>{@code -Dgolden.update=true} writes them anew instead; then read what has changed.
 */
public final class Golden {
  private Golden() {}

  /** Asserts that {@code text} is what the resource {@code name} beside {@code test} holds. */
  public static void assertGolden(Class<?> test, String name, String text) {
    String expected;
    try {
      if (Boolean.getBoolean("golden.update")) {
        Path folder = Path.of("src/test/resources", test.getPackageName().replace('.', '/'));
        Files.writeString(folder.resolve(name), text + "\n");
        return;
      }
      expected = Resources.toString(Resources.getResource(test, name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertWithMessage("%s beside %s", name, test.getSimpleName())
        .that(text + "\n")
        .isEqualTo(expected);
  }
}
