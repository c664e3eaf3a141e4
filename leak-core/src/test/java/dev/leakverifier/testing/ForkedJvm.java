package dev.leakverifier.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts a {@code main} of a test in a JVM of its own. */
public final class ForkedJvm {
  private ForkedJvm() {}

  /** What it prints to stdout can be read from the process. */
  public static Process start(Class<?> main, String... arguments) throws IOException {
    return start(ImmutableList.of(), main, arguments);
  }

  /** The names of all classes that a JVM with {@code options} loads for {@code main}. */
  public static List<String> classesLoadedBy(List<String> options, Class<?> main) throws Exception {
    Process process =
        start(
            ImmutableList.<String>builder()
                .add("-Xlog:class+load:stdout:none")
                .addAll(options)
                .build(),
            main);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(main + " ended with " + process.exitValue());
    }
    return output.lines().map(line -> line.split(" ", 2)[0]).toList();
  }

  /** The same, with {@code options} for the JVM. */
  public static Process start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return builder(ClassPath.ofTests(), options, main, arguments)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What a JVM has printed, and how it has ended. */
  public record Ended(int exitCode, String out, String err) {}

  /** Waits for its end, on a class path that need not be that of the tests. */
  public static Ended run(
      ClassPath classPath, List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile("forked", ".err");
    try {
      Process process =
          builder(classPath, options, main, arguments).redirectError(err.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }

  /** The same where no file can have more than a kilobyte, as if the disk were full; on Unix. */
  public static Ended runOnAFullDisk(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder java = builder(ClassPath.ofTests(), options, main, arguments);
    java.command()
        .addAll(0, List.of("sh", "-c", "ulimit -f 1 && exec \"$@\"", "sh")); // not for pipes
    Process process = java.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, /* err= */ "");
  }

  private static ProcessBuilder builder(
      ClassPath classPath, List<String> options, Class<?> main, String... arguments) {
    return new ProcessBuilder(
        Lists.newArrayList(
            ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .add("-cp", classPath.toString())
                .add("-Dleak.heap=" + System.getProperty("leak.heap", "auto")) // as in this one
                .addAll(options)
                .add(main.getName())
                .add(arguments)
                .build()));
  }
}
