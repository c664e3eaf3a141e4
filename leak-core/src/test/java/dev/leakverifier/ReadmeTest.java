package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SNIPPET = Pattern.compile("```(java|xml)\n(.*?)```", Pattern.DOTALL);

  @Test
  public void hasNoSnippetThatIsNotInASourceThatTheBuildUses() throws IOException {
    List<String> sources = sources();
    List<String> snippets =
        SNIPPET
            .matcher(
                Files.readString(ROOT.resolve("README.md"))
                    + Files.readString(ROOT.resolve("docs/production.md")))
            .results()
            .map(match -> withoutIndentation(match.group(2)))
            .filter(snippet -> !snippet.startsWith("<dependency>")) // see src/it/*/pom.xml
            .toList();

    assertThat(snippets.size()).isAtLeast(9);
    for (String snippet : snippets) {
      assertWithMessage(snippet)
          .that(sources.stream().anyMatch(source -> source.contains(snippet)))
          .isTrue();
    }
  }

  @Test
  public void namesEverySetting() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String refusal = refusalOf("leak.unknown");
    for (String key :
        Splitter.on(", ").split(refusal.substring(refusal.indexOf("there are ") + 10))) {
      assertThat(readme).contains("`" + key + "`");
    }
  }

  private static String refusalOf(String key) {
    try {
      LeakConfiguration.load("test", Map.of(key, ""));
      throw new AssertionError(key + " is a setting");
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<String> sources() throws IOException {
    ImmutableList.Builder<String> sources = ImmutableList.builder();
    for (String module : new String[] {"leak-core", "leak-testng", "leak-junit4"}) {
      for (String kind : new String[] {"test", "it"}) {
        Path folder = ROOT.resolve(module).resolve("src").resolve(kind);
        if (Files.exists(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files
                .filter(file -> file.toString().matches(".*\\.(java|xml)"))
                .map(ReadmeTest::read)
                .forEach(sources::add);
          }
        }
      }
    }
    return sources.build();
  }

  private static String read(Path file) {
    try {
      return withoutIndentation(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(joining("\n"));
  }
}
