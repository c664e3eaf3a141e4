package dev.leakverifier.dump;

import java.io.IOException;

/** Reads the dumps of a text, one after the other. */
interface DumpReader {
  /**
   * Reads the next dump.
   *
   * @return the line in which another one begins; 0 if none does
   */
  long read(DumpBuilder dump) throws IOException;
}
