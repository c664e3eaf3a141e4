package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\n(.*?)\n\\* }</pre>", Pattern.DOTALL);
  private static final Pattern SNIPPET = Pattern.compile("```(java|xml)\n(.*?)```", Pattern.DOTALL);

  @Test
  public void hasNoSnippetThatIsNotInASourceThatTheBuildUses() throws IOException {
    List<String> sources = sources();
    List<String> snippets = new ArrayList<>(snippets(ROOT.resolve("README.md")));
    assertThat(snippets.size()).isAtLeast(5);
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md"))
          .map(ReadmeTest::snippets)
          .forEach(snippets::addAll);
    }
    for (String snippet : snippets) {
      assertWithMessage(snippet)
          .that(sources.stream().anyMatch(source -> source.contains(snippet)))
          .isTrue();
    }
  }

  private static List<String> snippets(Path file) {
    try {
      return SNIPPET
          .matcher(Files.readString(file))
          .results()
          .map(match -> withoutIndentation(match.group(2)))
          .filter(snippet -> !snippet.startsWith("<dependency>")) // see src/it/*/pom.xml
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  public void hasNoExampleInJavadocThatIsNotInASourceThatTheBuildUses() throws IOException {
    List<String> sources = sources().stream().map(ReadmeTest::withoutBlanks).toList();
    List<String> examples = new ArrayList<>();
    for (String source : files("main")) {
      EXAMPLE.matcher(source).results().forEach(match -> examples.addAll(parts(match.group(1))));
    }
    assertThat(examples.size()).isAtLeast(25);
    for (String example : examples) {
      assertWithMessage(example)
          .that(sources.stream().anyMatch(source -> source.contains(withoutBlanks(example))))
          .isTrue();
    }
  }

  /** Three dots stand for what is left out; what a shell runs is not compiled. */
  private static List<String> parts(String example) {
    String code = example.replaceAll("(?m)^ *\\* ?", "");
    return code.startsWith("java -jar ")
        ? ImmutableList.of()
        : Splitter.onPattern("(?m)^ *\\.\\.\\.$").omitEmptyStrings().splitToList(code);
  }

  private static String withoutBlanks(String text) {
    return CharMatcher.whitespace().removeFrom(text);
  }

  @Test
  public void namesEverySettingInDocs() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/options.md"));
    String refusal = refusalOf("leak.unknown");
    for (String key :
        Splitter.on(", ").split(refusal.substring(refusal.indexOf("there are ") + 10))) {
      assertThat(page).contains("`" + key + "`");
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
    return files("test", "it");
  }

  private static List<String> files(String... kinds) throws IOException {
    ImmutableList.Builder<String> sources = ImmutableList.builder();
    for (String module : new String[] {"leak-core", "leak-testng", "leak-junit4", "leak-jupiter"}) {
      for (String kind : kinds) {
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
