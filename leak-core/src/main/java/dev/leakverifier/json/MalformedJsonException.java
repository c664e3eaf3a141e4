package dev.leakverifier.json;

import java.io.IOException;

/** What was read is no JSON, or not the JSON that was expected; says what is wrong, and where. */
public final class MalformedJsonException extends IOException {
  private static final long serialVersionUID = 1;

  private final String problem;
  private final long line;

  MalformedJsonException(String problem, long line, long position) {
    super(problem + ", at byte " + position);
    this.problem = problem;
    this.line = line;
  }

  /** What is wrong, without the place. */
  public String problem() {
    return problem;
  }

  /** The line where it was noticed; the first one is 1. */
  public long line() {
    return line;
  }
}
