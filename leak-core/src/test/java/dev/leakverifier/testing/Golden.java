package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Texts that a person reads, kept in files beside the tests.
 *
 * <p>{@code -Dgolden.update=true} writes them anew instead; then read what has changed.
 */
public final class Golden {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter()
                  .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE))
          .build();

  private Golden() {}

  /** The same of a page: each element starts a line; those in the middle of one are indented. */
  public static void assertGoldenHtml(Class<?> test, String name, String page) {
    assertGolden(test, name, page.replaceAll("(?<=[^\\n])<(?!/)", "\n  <"));
  }

  /** The same of JSON: each member and each value of an array has a line. */
  public static void assertGoldenJson(Class<?> test, String name, String json) {
    assertGolden(test, name, JSON.writeValueAsString(JSON.readTree(json)));
  }

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
