package dev.leakverifier.dump;

import java.io.IOException;

/**
 * A file holds no thread dump, or cannot be read at all.
 *
 * <p>Its message is made for the person who named the file: it says which file, which line, what is
 * wrong there, and what would be right.
 */
public final class UnreadableDumpException extends IOException {
  private static final long serialVersionUID = 1;

  UnreadableDumpException(String message) {
    super(message);
  }

  UnreadableDumpException(String message, IOException cause) {
    super(message, cause);
  }
}
