package dev.leakverifier.cli;

import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A JVM that runs {@link Waiter}, for as long as it is open. */
final class OtherJvm implements AutoCloseable {
  private final Process process;

  private OtherJvm(Process process) {
    this.process = process;
  }

  /** Returns when all its threads wait. */
  static OtherJvm start() throws IOException {
    return start("left-");
  }

  /** The same; its virtual threads are called so, and numbered. */
  static OtherJvm start(String virtualName) throws IOException {
    OtherJvm jvm =
        new OtherJvm(
            java(
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + Waiter.NAME + "=" + virtualName,
                Waiter.class.getName()));
    BufferedReader out = jvm.process.inputReader(UTF_8);
    String said = out.readLine();
    checkState("ready".equals(said), "the other JVM says %s", said);
    return jvm;
  }

  static Process java(String... args) throws IOException {
    return new ProcessBuilder(
            ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .add(args)
                .build())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
