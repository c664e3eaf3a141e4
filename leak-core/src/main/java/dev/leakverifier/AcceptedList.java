package dev.leakverifier;

import static java.util.Comparator.comparing;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import dev.leakverifier.diagnosis.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of a file of accepted leaks: a fingerprint a line, then what it is, for readers.
 *
 * <p>What people have written beside stays as it is and where it is: comments, the order, the line
 * ends.
 *
 * @param lines without their ends
 * @param lineEnd what the file has, so that a new line does not change all others
 */
record AcceptedList(List<String> lines, String lineEnd) {
  private static final List<String> HEADER =
      List.of(
          "# Leaks that LeakVerifier accepts (leak.accepted): they are listed, and fail nothing.",
          "# Only the fingerprint at the start of a line counts; the rest is for readers.",
          "# Delete a line once its leak is fixed. leak.acceptCurrent=true adds the leaks of a run.",
          "");

  private static final Splitter WORDS =
      Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().limit(2);

  /** What a file has that is not there yet. */
  static final AcceptedList NONE = new AcceptedList(List.of(), "\n");

  /** One accepted leak; {@code text} is its line. */
  record Entry(Fingerprint fingerprint, String text) {
    static Entry of(Fingerprint fingerprint, String description) {
      return new Entry(fingerprint, fingerprint + " " + description);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Reads {@code text}.
   *
   * @param file what it is called, for messages
   * @throws IllegalArgumentException if a line is neither an accepted leak, nor a comment, nor
   *     blank
   */
  static AcceptedList parse(String file, String text) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = withoutMark.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !isComment(line) && entry(line).isEmpty()) {
        throw new IllegalArgumentException(
            "%s, line %d: \"%s\" must begin with a fingerprint such as 9f86d081884c-7d65, or with #"
                .formatted(file, i + 1, line));
      }
    }
    return new AcceptedList(lines, text.contains("\r\n") ? "\r\n" : "\n");
  }

  List<Entry> entries() {
    return lines.stream().flatMap(line -> entry(line).stream()).toList();
  }

  /** This list and {@code more}, each where it belongs in the order of the fingerprints. */
  AcceptedList with(List<Entry> more) {
    List<String> all = new ArrayList<>(lines.isEmpty() ? HEADER : lines);
    more.stream()
        .sorted(comparing(AcceptedList::key))
        .forEach(entry -> all.add(placeOf(entry, all), entry.text()));
    return new AcceptedList(List.copyOf(all), lineEnd);
  }

  private static int placeOf(Entry entry, List<String> lines) {
    int first = lines.size();
    int place = -1;
    for (int i = lines.size() - 1; i >= 0; i--) {
      Optional<Entry> other = entry(lines.get(i));
      if (other.isPresent()) {
        first = i;
        if (place < 0 && key(other.get()).compareTo(key(entry)) < 0) {
          place = i + 1;
        }
      }
    }
    return place < 0 ? aboveTheCommentOf(first, lines) : place;
  }

  /** A comment belongs to the line below it, but at the top of the file to the whole. */
  private static int aboveTheCommentOf(int line, List<String> lines) {
    int above = line;
    while (above > 0 && isComment(lines.get(above - 1).strip())) {
      above--;
    }
    return above == 0 ? line : above;
  }

  private static boolean isComment(String line) {
    return line.startsWith("#");
  }

  private static Optional<Entry> entry(String line) {
    return WORDS
        .splitToStream(line)
        .findFirst()
        .flatMap(Fingerprint::parse)
        .map(fingerprint -> new Entry(fingerprint, line.strip()));
  }

  private static String key(Entry entry) {
    return entry.fingerprint().toString();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append(lineEnd));
    return text.toString();
  }
}
