package dev.leakverifier.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Starts the command line.
 *
 * <pre>{@code
 * java -jar leak-core-cli.jar profile 4711
 * }</pre>
 */
public final class Main {
  private Main() {}

  /** Runs the command in {@code args}, and exits with its status. */
  public static void main(String[] args) {
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // nobody wants logs of a command
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int status =
        new CommandLine(new Jvms(), Waiting.real(err, isTerminal()), out, err).run(List.of(args));
    out.flush();
    System.exit(status);
  }

  /** From JDK 22 on there is a console also where there is no terminal, which it tells itself. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
