package dev.leakverifier.cli;

/** Ends a command with a message for its user. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int USAGE_OR_FILE = 2;
  private static final int CANNOT_ATTACH = 3;

  private final int status;
  private final boolean usage;

  private CommandException(int status, boolean usage, String message) {
    super(message);
    this.status = status;
    this.usage = usage;
  }

  /** The command was given wrongly. */
  static CommandException usage(String message) {
    return new CommandException(USAGE_OR_FILE, /* usage= */ true, message);
  }

  /** The file that was named cannot be read. */
  static CommandException unreadable(String message) {
    return new CommandException(USAGE_OR_FILE, /* usage= */ false, message);
  }

  /** The JVM that was asked for cannot be inspected. */
  static CommandException cannotAttach(String message) {
    return new CommandException(CANNOT_ATTACH, /* usage= */ false, message);
  }

  /** The exit status of the command. */
  int status() {
    return status;
  }

  /** Whether to read how commands are given would help. */
  boolean isUsage() {
    return usage;
  }
}
