package dev.leakverifier.cli;

/** Ends a command with a message for its user. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The command was given wrongly. */
  static final int USAGE = 2;

  /** The JVM that was asked for cannot be looked into. */
  static final int CANNOT_ATTACH = 3;

  private final int status;

  private CommandException(int status, String message) {
    super(message);
    this.status = status;
  }

  static CommandException usage(String message) {
    return new CommandException(USAGE, message);
  }

  static CommandException cannotAttach(String message) {
    return new CommandException(CANNOT_ATTACH, message);
  }

  /** The exit status of the command. */
  int status() {
    return status;
  }
}
