package dev.leakverifier;

import dev.leakverifier.host.Log;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The two files of a run in the folder for reports: {@code leak-report.json} and {@code .html}, or
 * with the first free number, {@code leak-report-2.json}, where another JVM of the same build has
 * written its own. What an earlier build has left goes.
 */
final class ReportFiles {
  private static final Log LOG = Log.of(ReportFiles.class);
  private static final Pattern OURS = Pattern.compile("leak-report(-\\d+)?\\.(json|html)");
  private static final Pattern SHELL =
      Pattern.compile(".*[/\\\\](sh|bash|dash|ash|busybox|cmd\\.exe)");

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
        Files.createFile(folder.resolve(name + ".json"));
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

  /**
   * Removes reports that were written before {@code build}, which is only asked for if there are
   * any.
   */
  static void removeOlderThan(Supplier<Instant> build, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> reports;
    try (Stream<Path> files = Files.list(folder)) {
      reports =
          files.filter(file -> OURS.matcher(file.getFileName().toString()).matches()).toList();
    }
    if (reports.isEmpty()) {
      return;
    }
    Instant begin = build.get();
    for (Path report : reports) {
      try {
        if (Files.getLastModifiedTime(report).toInstant().isBefore(begin)) {
          Files.deleteIfExists(report);
        }
      } catch (IOException e) {
        LOG.debug("{} stays: another fork was faster, or somebody has it open", report, e);
      }
    }
  }

  /**
   * When this build began: with the process that started this JVM, in a fork of Surefire's, of
   * which there may be several; else with this JVM.
   */
  static Instant startOfBuild() {
    ProcessHandle jvm = ProcessHandle.current();
    Optional<ProcessHandle> build =
        ReportSetting.isFork(System.getProperties()) ? jvm.parent() : Optional.of(jvm);
    while (build.flatMap(each -> each.info().command()).filter(ReportFiles::isShell).isPresent()) {
      build = build.flatMap(ProcessHandle::parent);
    }
    return build
        .or(() -> Optional.of(jvm))
        .flatMap(each -> each.info().startInstant())
        .orElse(Instant.EPOCH); // unknown: better one file too many than one too few
  }

  private static boolean isShell(String command) {
    return SHELL.matcher(command).matches();
  }
}
