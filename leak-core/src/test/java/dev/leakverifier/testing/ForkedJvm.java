package dev.leakverifier.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
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
    return new ProcessBuilder(
            ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .add("-cp", System.getProperty("java.class.path"))
                .addAll(options)
                .add(main.getName())
                .add(arguments)
                .build())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
