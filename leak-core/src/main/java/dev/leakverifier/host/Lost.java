package dev.leakverifier.host;

/**
 * A part that could not be made. Its text is the line that says so, e.g. {@code the text of this
 * report is lost: java.lang.NoSuchMethodError: ...}
 *
 * @param part what was to be made
 * @param reason what went wrong
 */
public record Lost(String part, Throwable reason) {
  /** What went wrong, in words. */
  public String why() {
    try {
      return reason.toString();
    } catch (Throwable e) { // of the user's, too
      return reason.getClass().getName();
    }
  }

  @Override
  public String toString() {
    return part + " is lost: " + why();
  }
}
