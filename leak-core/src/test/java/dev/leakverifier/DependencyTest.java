package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.graph.Graphs.TransitiveClosureSelfLoopStrategy.ADD_SELF_LOOPS_FOR_CYCLES;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.graph.Graph;
import com.google.common.graph.GraphBuilder;
import com.google.common.graph.Graphs;
import com.google.common.graph.ImmutableGraph;
import dev.leakverifier.check.Check;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** Holds the arrows that docs/architecture.md draws. */
public class DependencyTest {
  private static final String ROOT = "dev.leakverifier";

  /** What each package uses itself, besides the JDK and libraries. */
  private static final String ARROWS =
      """
      json:
      host:
      text:
      thread:
      dump: json thread
      heap: host thread
      jvm: dump heap host thread
      origin: host jvm thread
      diagnosis: host text thread
      check: diagnosis heap host jvm origin text thread
      blame: check diagnosis jvm origin thread
      opened: diagnosis host text thread
      report: check diagnosis heap host json opened text thread
      page: check diagnosis host json jvm opened report text thread
      settings: check diagnosis host page report thread
      (root): blame check diagnosis host jvm origin page report settings text thread
      profile: diagnosis dump host json jvm origin report text thread
      monitor: diagnosis host jvm origin report thread
      cli: diagnosis dump json profile report text
      """;

  /** Classes that know each other, and may. */
  private static final ImmutableList<ImmutableSet<String>> KNOTS =
      ImmutableList.of(
          // a watch, and an adapter's window as blame knows it
          ImmutableSet.of("Followed", "LeakWatch"),
          // an error, and the report that it carries
          ImmutableSet.of("LeakError", "LeakReport"),
          ImmutableSet.of("jvm.JvmThreadDump", "jvm.VirtualThreads"),
          // a profile, and the forms in which it is written
          ImmutableSet.of(
              "profile.ProfileCollapsed",
              "profile.ProfileJson",
              "profile.ProfilePprof",
              "profile.ProfileText",
              "profile.ProfileThreadText",
              "profile.ThreadProfile"),
          // a handler, and its answers
          ImmutableSet.of("profile.PendingAnswer", "profile.ThreadProfileHandler"),
          // the command line, and its commands
          ImmutableSet.of("cli.CommandLine", "cli.DumpCommand", "cli.WatchCommand"),
          // a monitor, and how JMX sees it
          ImmutableSet.of("monitor.MonitorBean", "monitor.ThreadMonitor"));

  private static final int MOST_PUBLIC_TYPES = 42;

  private final Path classes;
  private final ImmutableGraph<String> uses;

  public DependencyTest() throws Exception {
    classes = Path.of(Check.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ImmutableGraph.Builder<String> graph = GraphBuilder.directed().immutable();
    Pattern use =
        Pattern.compile(
            "   dev\\.leakverifier\\.([\\w.]+)\\S* +-> dev\\.leakverifier\\.([\\w.]+).*");
    for (String line : Splitter.on('\n').split(jdeps(classes))) {
      Matcher matcher = use.matcher(line);
      if (matcher.matches() && !matcher.group(1).equals(matcher.group(2))) {
        graph.putEdge(matcher.group(1), matcher.group(2));
      }
    }
    uses = graph.build();
  }

  @Test
  public void packagesUseThoseThatAreNamedHere() {
    ImmutableSet<String> found =
        uses.edges().stream()
            .filter(use -> !packageOf(use.source()).equals(packageOf(use.target())))
            .map(use -> packageOf(use.source()) + " -> " + packageOf(use.target()))
            .collect(toImmutableSet());

    assertWithMessage("docs/architecture.md says where things go")
        .that(found)
        .containsExactlyElementsIn(
            arrows().edges().stream()
                .map(arrow -> arrow.source() + " -> " + arrow.target())
                .collect(toImmutableSet()));
  }

  @Test
  public void theLinksOfTheArchitectureLeadToFiles() throws IOException {
    Path docs = Path.of("../docs");
    ImmutableList<String> links =
        Files.readAllLines(docs.resolve("architecture.md")).stream()
            .filter(line -> line.startsWith("[`"))
            .map(line -> line.substring(line.indexOf("]: ") + 3))
            .collect(toImmutableList());

    assertThat(links).isNotEmpty();
    assertThat(links.stream().filter(link -> !Files.exists(docs.resolve(link))).toList()).isEmpty();
  }

  @Test
  public void drawsNoCycleOfPackages() {
    assertThat(Graphs.hasCycle(arrows())).isFalse();
  }

  @Test
  public void classesThatKnowEachOtherAreNamedHere() {
    Graph<String> reach = Graphs.transitiveClosure(uses, ADD_SELF_LOOPS_FOR_CYCLES);
    ImmutableSet<ImmutableSet<String>> knots =
        uses.nodes().stream()
            .map(
                one ->
                    reach.successors(one).stream()
                        .filter(other -> reach.hasEdgeConnecting(other, one))
                        .collect(toImmutableSet()))
            .filter(knot -> knot.size() > 1)
            .filter(knot -> KNOTS.stream().noneMatch(named -> named.containsAll(knot)))
            .collect(toImmutableSet());

    assertWithMessage("classes of which each needs all others").that(knots).isEmpty();
  }

  @Test
  public void exportsFewTypes() throws Exception {
    ModuleDescriptor module =
        ModuleFinder.of(classes).find("dev.leakverifier.core").orElseThrow().descriptor();
    Set<String> exported =
        module.exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(toImmutableSet());
    ImmutableList.Builder<String> types = ImmutableList.builder();
    for (String name : uses.nodes()) {
      Class<?> type = Class.forName(ROOT + "." + name);
      if (exported.contains(type.getPackageName()) && Modifier.isPublic(type.getModifiers())) {
        types.add(name);
      }
    }

    assertThat(types.build()).contains("LeakVerifier");
    assertThat(types.build().size()).isAtMost(MOST_PUBLIC_TYPES);
  }

  private static ImmutableGraph<String> arrows() {
    ImmutableGraph.Builder<String> graph = GraphBuilder.directed().immutable();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(ARROWS)) {
      String from = line.substring(0, line.indexOf(':'));
      graph.addNode(from);
      Splitter.on(' ')
          .omitEmptyStrings()
          .split(line.substring(from.length() + 1))
          .forEach(to -> graph.putEdge(from, to));
    }
    return graph.build();
  }

  private static String packageOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "(root)" : name.substring(0, dot);
  }

  private static String jdeps(Path classes) throws IOException {
    ImmutableList<String> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files =
          all.map(Path::toString)
              .filter(file -> file.endsWith(".class") && !file.endsWith("module-info.class"))
              .collect(toImmutableList());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, /* autoFlush= */ true, UTF_8);
    ToolProvider.findFirst("jdeps")
        .orElseThrow()
        .run(
            print,
            print,
            Stream.concat(Stream.of("-verbose:class", "-filter:none"), files.stream())
                .toArray(String[]::new));
    return out.toString(UTF_8);
  }
}
