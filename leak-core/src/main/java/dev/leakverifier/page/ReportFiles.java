package dev.leakverifier.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.leakverifier.host.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The two files of a run in the folder for reports: {@code leak-report.json} and {@code .html}, or
 * with the first free number, {@code leak-report-2.json}, where another JVM of the same build has
 * written its own. What another build has left goes: the JSON tells of which build it is.
 */
final class ReportFiles {
  private static final Log LOG = Log.of(ReportFiles.class);
  private static final Pattern OURS = Pattern.compile("leak-report(-\\d+)?\\.(json|html)");
  private static final Pattern BUILD = Pattern.compile("\"build\"\\s*:\\s*\"([^\"]*)\"");

  /** The JSON tells its build within so many bytes. */
  private static final int HEAD = 1_000;

  private final Path folder;
  private final String name;

  private ReportFiles(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** Takes a name that no other JVM has; makes the folder if there is none. */
  static ReportFiles claim(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    Files.createDirectories(folder);
    int number = 1;
    while (true) {
      String name = number == 1 ? "leak-report" : "leak-report-" + number;
      try {
        Path json = folder.resolve(name + ".json");
        Files.writeString(
            json, "{\"build\":\"" + BuildProcess.current() + "\"}", CREATE_NEW, WRITE);
        return new ReportFiles(folder, name);
      } catch (FileAlreadyExistsException e) {
        number++; // it is another JVM's
      }
    }
  }

  /** The page for people. */
  Path page() {
    return folder.resolve(name + ".html");
  }

  /** Puts both files in place, each at once. */
  void write(String json, String page) throws IOException {
    WholeFile.write(folder.resolve(name + ".json"), json);
    WholeFile.write(page(), page);
  }

  /** Gives the name back, since nothing is going to be written. */
  void discard() throws IOException {
    Files.deleteIfExists(folder.resolve(name + ".json"));
  }

  /** Removes the reports of other builds. */
  static void removeStale(Path folder) throws IOException {
    for (Path report : reports(folder)) {
      try {
        if (!isOfThisBuild(report)) {
          Files.deleteIfExists(report);
        }
      } catch (IOException e) {
        LOG.debug("{} stays: another fork was faster, or somebody has it open", report, e);
      }
    }
  }

  /** Those in {@code folder}; pages before their JSON, which tells whose they are. */
  private static List<Path> reports(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> OURS.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /** Whether a JVM of this build writes {@code report}, be it the page or the JSON. */
  private static boolean isOfThisBuild(Path report) throws IOException {
    String name = report.getFileName().toString();
    Path json = report.resolveSibling(name.replaceFirst("html$", "json"));
    if (!Files.exists(json)) {
      return false;
    }
    String head = head(json);
    Matcher told = BUILD.matcher(head);
    return head.isEmpty() // its owner is just about to write who it is
        || (told.find()
            && BuildProcess.parse(told.group(1))
                .filter(BuildProcess.current()::includes)
                .isPresent());
  }

  private static String head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), UTF_8);
    }
  }
}
