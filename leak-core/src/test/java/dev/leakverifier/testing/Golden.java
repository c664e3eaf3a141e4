package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that a person reads, kept in files beside the tests. */
public final class Golden {
  private Golden() {}

  /** Asserts that {@code text} is what the resource {@code name} beside {@code test} holds. */
  public static void assertGolden(Class<?> test, String name, String text) {
    String expected;
    try {
      expected = Resources.toString(Resources.getResource(test, name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertWithMessage("%s beside %s", name, test.getSimpleName())
        .that(text + "\n")
        .isEqualTo(expected);
  }
}
