package dev.leakverifier.shipped;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.slf4j.Logger;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The jar that users get, with the libraries that are in it. Runs when it has been made. */
public class ShippedJarTest {
  private static final String JAR = System.getProperty("shipped.jar");
  private static final String POM = System.getProperty("shipped.pom");
  private static final String BUNDLED = "dev/leakverifier/shaded/";

  @BeforeClass
  public void isMade() {
    if (JAR == null) {
      throw new SkipException("mvn verify makes the jar, and runs this then");
    }
  }

  @Test
  public void holdsNoClassThatAnotherJarCouldHold() throws Exception {
    ImmutableList<String> classes =
        entries().stream().filter(name -> name.endsWith(".class")).collect(toImmutableList());

    assertThat(classes).contains("dev/leakverifier/shaded/guava/base/Splitter.class");
    assertThat(classes).contains("dev/leakverifier/shaded/jackson/JsonFactory.class");
    assertThat(classes.stream().filter(name -> !name.startsWith("dev/leakverifier/")).toList())
        .containsExactly("module-info.class");
  }

  /** Else a service loader of the user's finds what is in the jar. */
  @Test
  public void offersNoService() {
    assertThat(entries()).contains("META-INF/NOTICE");
    assertThat(entries().stream().filter(name -> name.contains("META-INF/services")).toList())
        .isEmpty();
    assertThat(descriptor().provides()).isEmpty();
  }

  @Test
  public void exportsNothingOfTheLibrariesInIt() {
    ImmutableSet<String> exported =
        descriptor().exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(toImmutableSet());

    assertThat(exported).contains("dev.leakverifier");
    assertThat(exported.stream().filter(name -> name.contains("shaded")).toList()).isEmpty();
  }

  /** What the descriptor requires only if it is there, jdeps counts as missing. */
  @Test
  public void requiresInItsDescriptorAllThatItsClassesName() {
    ImmutableSet<String> optional =
        descriptor().requires().stream()
            .filter(r -> r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name)
            .collect(toImmutableSet());
    assertThat(optional).containsExactly("jdk.attach", "jdk.httpserver", "jdk.jfr", "org.jspecify");

    assertThat(
            missingClasses().stream()
                .filter(name -> !name.startsWith("com.sun.tools.attach.")) // jdk.attach
                .filter(name -> !name.startsWith("com.sun.net.httpserver.")) // jdk.httpserver
                .filter(name -> !name.startsWith("jdk.jfr.")) // jdk.jfr
                .filter(name -> !name.startsWith("org.jspecify.annotations.")) // org.jspecify
                .filter(name -> !name.startsWith("com.google.errorprone.annotations."))
                .toList())
        .isEmpty();
  }

  private static ImmutableSet<String> missingClasses() {
    StringWriter found = new StringWriter();
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    int exitCode =
        jdeps.run(
            new PrintWriter(found),
            new PrintWriter(found),
            "--missing-deps",
            "--multi-release=base",
            "--module-path="
                + Logger.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
            JAR);
    assertWithMessage(found.toString()).that(exitCode).isEqualTo(0);
    return Pattern.compile("-> (\\S+\\.\\S+)")
        .matcher(found.toString())
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(toImmutableSet());
  }

  @Test
  public void dependsOnSlf4jOnly() throws Exception {
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File(POM));
    XPath path = XPathFactory.newInstance().newXPath();
    NodeList needed =
        (NodeList)
            path.evaluate(
                "/project/dependencies/dependency[not(scope='test' or scope='provided')]/artifactId",
                pom,
                XPathConstants.NODESET);

    assertThat(needed.getLength()).isEqualTo(1);
    assertThat(needed.item(0).getTextContent()).isEqualTo("slf4j-api");
  }

  @Test
  public void namesEachLibraryInItWithItsLicence() throws Exception {
    ImmutableSet<String> libraries =
        entries().stream()
            .filter(name -> name.startsWith(BUNDLED) && name.length() > BUNDLED.length())
            .map(name -> name.substring(0, name.indexOf('/', BUNDLED.length())).replace('/', '.'))
            .collect(toImmutableSet());
    String notice = text("META-INF/NOTICE");

    assertThat(libraries).isNotEmpty();
    libraries.forEach(library -> assertThat(notice).contains("in " + library + "\n"));
    assertThat(notice).containsMatch("Guava \\d+\\.\\d+");
    assertThat(notice).containsMatch("Jackson \\d+\\.\\d+");
    Pattern.compile("META-INF/[\\w./-]*\\w")
        .matcher(notice)
        .results()
        .forEach(file -> assertThat(entries()).contains(file.group()));
    assertThat(text("META-INF/LICENSE")).startsWith("MIT License");
    assertThat(text("META-INF/licenses/Apache-2.0.txt")).contains("Version 2.0, January 2004");
  }

  private static ModuleDescriptor descriptor() {
    return ModuleFinder.of(Path.of(JAR)).find("dev.leakverifier.core").orElseThrow().descriptor();
  }

  private static ImmutableList<String> entries() {
    try (JarFile jar = new JarFile(JAR)) {
      return jar.stream().map(ZipEntry::getName).collect(toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String entry) throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), UTF_8);
    }
  }
}
