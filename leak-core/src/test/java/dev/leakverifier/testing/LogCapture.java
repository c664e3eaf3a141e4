package dev.leakverifier.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Keeps what is logged until it is closed: {@code slf4j-simple} writes to stderr. */
public final class LogCapture implements AutoCloseable {
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private LogCapture() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  public static LogCapture start() {
    return new LogCapture();
  }

  /** The lines so far, without what is before the level: {@code INFO dev.acme.Shop - is open}. */
  public ImmutableList<String> lines() {
    return log.toString(UTF_8)
        .lines()
        .map(line -> line.replaceFirst("^\\[[^]]*] ", ""))
        .collect(toImmutableList());
  }

  /** The messages that {@code logger} has logged at {@code level}, the first line of each. */
  public ImmutableList<String> messages(String level, String logger) {
    String start = level + " " + logger + " - ";
    return lines().stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .collect(toImmutableList());
  }

  @Override
  public void close() {
    System.setErr(stderr);
  }
}
