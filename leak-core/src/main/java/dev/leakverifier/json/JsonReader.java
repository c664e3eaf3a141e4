package dev.leakverifier.json;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pulls JSON from a stream, in a buffer of fixed size, and takes nothing but JSON.
 *
 * <p>A library would be a third runtime dependency beside the version that the user's own code
 * needs; what the JDK writes is simple, and must be read no slower than it is written.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_STRING = 1 << 24;
  private static final int MAX_NAMES = 256;
  private static final Set<String> CONSTANTS = Set.of("null", "true", "false");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

  /** A byte of one in each byte of a {@code long}. */
  private static final long EACH = 0x0101010101010101L;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 15];
  private final ByteBuffer longs = ByteBuffer.wrap(buffer).order(LITTLE_ENDIAN);
  private final RawText kept = new RawText(); // the string read last, or a literal
  private boolean escaped; // whether there is a backslash in it
  private final Map<RawText, String> names = new HashMap<>();
  private int position;
  private int limit;
  private long before; // bytes that have been in the buffer and are not any more
  private long line = 1;

  private int mark = -1; // in the buffer; negative if it is not there any more
  private long markLine;

  /** Whether no element of the innermost object or array has been read yet. */
  private boolean first;

  public JsonReader(InputStream in) {
    this.in = in;
  }

  public void beginObject() throws IOException {
    expect('{');
    first = true;
  }

  /** The name of the object's next member; null, and the object is over, if there is none. */
  public @Nullable String nextName() throws IOException {
    if (!nextElement('}')) {
      return null;
    }
    rawString();
    String name = known();
    expect(':');
    return name;
  }

  public void beginArray() throws IOException {
    expect('[');
    first = true;
  }

  /** Whether the array has another element; if not, it is over. */
  public boolean nextElement() throws IOException {
    return nextElement(']');
  }

  /** Makes sure that nothing follows. */
  public void end() throws IOException {
    while (position < limit || fill()) {
      if (!isSpace(buffer[position++])) {
        throw malformed("something follows the end");
      }
    }
  }

  public String string() throws IOException {
    rawString();
    return text();
  }

  /** A string as it stands there; only until anything else is read. */
  public RawText rawString() throws IOException {
    expect('"');
    scanString(/* keep= */ true);
    return kept;
  }

  /** What the {@link #rawString} that was read last says. */
  public String text() throws IOException {
    String text = kept.toString();
    return escaped ? JsonEscapes.plain(text, this) : text;
  }

  /** The last of an array of strings; empty if there is none. */
  public String lastString() throws IOException {
    kept.clear();
    escaped = false;
    beginArray();
    while (nextElement()) {
      rawString();
    }
    return text();
  }

  /** A string; null if it is {@code null}. */
  public @Nullable String stringOrNull() throws IOException {
    if (peek() == '"') {
      return string();
    }
    if (!literal().toString().equals("null")) {
      throw malformed("a string or null is expected");
    }
    return null;
  }

  /** A number, which may stand in quotes: JSON's own are not safe for a {@code long}. */
  public long number() throws IOException {
    String text = peek() == '"' ? string() : literal().toString();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed("a number is expected");
    }
  }

  public boolean bool() throws IOException {
    literal();
    return switch (known()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw malformed("true or false is expected");
    };
  }

  /** Passes over a value of any kind. */
  public void skip() throws IOException {
    skip(0);
  }

  /**
   * Passes over the next value if it is the same as {@code known}, byte by byte; that has been read
   * before, so it is well formed. Only what is in the buffer is looked at.
   */
  boolean passOver(Passage known) throws IOException {
    peek();
    if (!known.text().isIn(buffer, position, limit)) {
      return false;
    }
    position += known.text().length();
    line += known.lineBreaks();
    return true;
  }

  /** Begins a {@link #passage} with the next value. */
  void mark() throws IOException {
    peek();
    mark = position;
    markLine = line;
  }

  /**
   * The value that was read since the {@link #mark}; null if it is not in the buffer any more, or
   * has no end of its own: 1 is not to be found in 12.
   */
  @Nullable Passage passage() {
    if (mark < 0 || "]}\"".indexOf(buffer[position - 1]) < 0) {
      return null;
    }
    return new Passage(new RawText(buffer, mark, position), line - markLine);
  }

  /** A value as it stands there, from its first byte to its last. */
  record Passage(RawText text, long lineBreaks) {}

  /** The number of the line that is being read; the first one is 1. */
  public long line() {
    return line;
  }

  public MalformedJsonException malformed(String what) {
    return new MalformedJsonException(what, line, before + position);
  }

  private void skip(int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw malformed("too deep");
    }
    switch (peek()) {
      case '"' -> {
        position++;
        scanString(/* keep= */ false);
      }
      case '{' -> {
        beginObject();
        while (nextElement('}')) {
          expect('"');
          scanString(/* keep= */ false);
          expect(':');
          skip(depth + 1);
        }
      }
      case '[' -> {
        beginArray();
        while (nextElement(']')) {
          skip(depth + 1);
        }
      }
      default -> {
        String text = literal().toString();
        if (!CONSTANTS.contains(text) && !NUMBER.matcher(text).matches()) {
          throw malformed("a value is expected");
        }
      }
    }
  }

  private boolean nextElement(char end) throws IOException {
    int next = peek();
    boolean isFirst = first;
    first = false;
    if (next == end) {
      position++;
      return false;
    }
    if (!isFirst) {
      if (next != ',') {
        throw malformed(", is expected");
      }
      position++;
    }
    return true;
  }

  /** Reads on to the closing quote, and keeps the bytes before it, if wanted. */
  private void scanString(boolean keep) throws IOException {
    kept.clear();
    escaped = false;
    boolean afterBackslash = false; // which was the last byte of a full buffer
    while (true) {
      int start = position;
      int end = limit;
      int at = afterBackslash ? start + 1 : start;
      afterBackslash = false;
      for (at = plainEnd(at); at < end; at = plainEnd(at)) {
        byte b = buffer[at++];
        if (b == '"') {
          position = at;
          if (keep) {
            keep(start, at - 1);
          }
          return;
        }
        if (b != '\\') {
          position = at;
          throw malformed("a control character in a string");
        }
        escaped = true;
        afterBackslash = at == end;
        at++;
      }
      if (keep) {
        keep(start, end);
      }
      position = end;
      require();
    }
  }

  /**
   * The first byte from {@code at} on that is a quote, a backslash or a control character, or else
   * the limit. Most of a dump is in strings that nobody reads; so this is much of a check's cost,
   * and looks at eight bytes at once.
   */
  private int plainEnd(int at) {
    int end = limit;
    while (at + Long.BYTES <= end) {
      long eight = longs.getLong(at);
      long found = equalTo(eight, '"') | equalTo(eight, '\\') | lessThan(eight, ' ');
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < end
        && (buffer[at] < 0 || buffer[at] >= ' ')
        && buffer[at] != '"'
        && buffer[at] != '\\') {
      at++;
    }
    return at;
  }

  /** The lowest bit set is the highest bit of the first byte that is {@code value}. */
  private static long equalTo(long eight, int value) {
    return lessThan(eight ^ (EACH * value), 1);
  }

  /** The lowest bit set is the highest bit of the first byte less than {@code most}, unsigned. */
  private static long lessThan(long eight, int most) {
    return (eight - EACH * most) & ~eight & (EACH << 7);
  }

  private void keep(int start, int end) throws IOException {
    if (kept.length() + end - start > MAX_STRING) {
      throw malformed("a string has no end");
    }
    kept.append(buffer, start, end);
  }

  /** What is kept, which is likely to come again: then it is not made anew. */
  private String known() throws IOException {
    String text = names.get(kept);
    if (text == null) {
      text = text();
      if (names.size() < MAX_NAMES) {
        names.put(kept.copy(), text);
      }
    }
    return text;
  }

  private RawText literal() throws IOException {
    peek();
    kept.clear();
    escaped = false;
    while (true) {
      int start = position;
      while (position < limit && isOfLiteral(buffer[position])) {
        position++;
      }
      keep(start, position);
      if (position < limit) {
        return kept;
      }
      require();
    }
  }

  private static boolean isOfLiteral(byte b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || "+-.E".indexOf(b) >= 0;
  }

  private void expect(char c) throws IOException {
    if (peek() != c) {
      throw malformed(c + " is expected");
    }
    position++;
  }

  /** The next byte that is not white space, which is not read yet. */
  private byte peek() throws IOException {
    while (true) {
      int at = position;
      int end = limit;
      while (at < end) {
        byte b = buffer[at];
        if (!isSpace(b)) {
          position = at;
          return b;
        }
        if (b == '\n') {
          line++; // JSON has no line break elsewhere
        }
        at++;
        if (at + Long.BYTES <= end) { // lines are indented
          long other = longs.getLong(at) ^ (EACH * ' ');
          at += Long.numberOfTrailingZeros(other) / Byte.SIZE; // all eight if there is no other
        }
      }
      position = end;
      require();
    }
  }

  private static boolean isSpace(byte b) {
    return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
  }

  private void require() throws IOException {
    if (!fill()) {
      throw malformed("it is cut short");
    }
  }

  private boolean fill() throws IOException {
    before += limit;
    mark = -1;
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
