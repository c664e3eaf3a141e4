package dev.leakverifier.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files that others see whole or not at all. */
final class WholeFile {
  private WholeFile() {}

  /** Puts a file with this text in the place of {@code file}, or of what that links to. */
  static void write(Path file, String text) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file; // a link stays a link
    Path draft = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      Files.writeString(draft, text, UTF_8);
      try {
        Files.move(draft, target, ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(draft, target, REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
