package dev.leakverifier.testing;

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
