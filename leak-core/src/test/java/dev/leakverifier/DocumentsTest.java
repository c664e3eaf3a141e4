package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Ascii;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** The pages that people read: their links lead somewhere, and the first ones stay short. */
public class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)|(?m)^\\[[^]]+]: (.+)$");

  @Test
  public void haveNoLinkToAFileOrHeadingThatIsNotThere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      for (String link : links(page)) {
        links++;
        if (!isThere(page, link)) {
          broken.add(ROOT.relativize(page) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isAtLeast(50);
  }

  @Test
  public void areAllOneClickFromTheReadme() throws IOException {
    Path readme = ROOT.resolve("README.md");
    List<Path> linked =
        links(readme).stream().map(link -> ROOT.resolve(file(link)).normalize()).toList();
    List<Path> others = new ArrayList<>(pages());
    others.remove(readme);
    assertThat(linked).containsAtLeastElementsIn(others);
  }

  @Test
  public void areShortWhereTheReaderBegins() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md")).size()).isAtMost(150);
    assertThat(Files.readAllLines(ROOT.resolve("CONTRIBUTING.md")).size()).isAtMost(70);
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      assertWithMessage(line).that(line.length()).isAtMost(120);
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static List<String> links(Path page) throws IOException {
    return LINK.matcher(text(page))
        .results()
        .map(match -> match.group(match.group(1) != null ? 1 : 2))
        .filter(link -> !link.startsWith("https://"))
        .toList();
  }

  private static boolean isThere(Path page, String link) throws IOException {
    Path folder = page.resolveSibling("");
    Path target = link.startsWith("#") ? page : folder.resolve(file(link)).normalize();
    int hash = link.indexOf('#');
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  private static String file(String link) {
    return link.replaceFirst("#.*", "");
  }

  /** The names that GitHub gives to headings. */
  private static List<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(text(page))
        .results()
        .map(match -> Ascii.toLowerCase(match.group(1)).replaceAll("[^\\w\\- ]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .toList();
  }

  private static String text(Path page) throws IOException {
    return FENCED.matcher(Files.readString(page)).replaceAll("");
  }
}
