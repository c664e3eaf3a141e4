package dev.leakverifier.dump;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import org.jspecify.annotations.Nullable;

/** Text as a stream of lines, of which no one takes more than a certain room. */
final class Lines {
  /** A thread's name of 65,535 characters fits in, whatever they are. */
  static final int LONGEST = 1 << 18;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int limit;
  private long number;
  private boolean ended;
  private long firstTooLong;
  private long firstNotUtf8;
  private String before = "";
  private @Nullable String last;
  private boolean again;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The next line, without its end; null if there is none. */
  @Nullable String next() throws IOException {
    if (again) {
      again = false;
      number++;
      return last;
    }
    before = last == null ? before : last;
    last = read();
    return last;
  }

  /** The line before the one that was read last; empty if there was none. */
  String before() {
    return before;
  }

  /** Has {@link #next} give the line read last once more. */
  void unread() {
    again = true;
    number--;
  }

  private @Nullable String read() throws IOException {
    if (position == limit && !fill()) {
      return null;
    }
    number++;
    line.reset();
    ended = false;
    do {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      keep(position, end);
      position = end;
      if (end < limit) {
        position++;
        ended = true;
        break;
      }
    } while (fill());
    return text();
  }

  /** The number of the line read last; the first one is 1. */
  long number() {
    return number;
  }

  /** Whether the line read last has an end; if not, it may be cut. */
  boolean hasEnded() {
    return ended;
  }

  /** The number of the first line of which the rest was left out; 0 if there was none. */
  long firstTooLong() {
    return firstTooLong;
  }

  /** The number of the first line that was taken for ISO 8859-1; 0 if there was none. */
  long firstNotUtf8() {
    return firstNotUtf8;
  }

  private void keep(int start, int end) {
    int room = LONGEST - line.size();
    if (end - start > room && firstTooLong == 0) {
      firstTooLong = number;
    }
    line.write(buffer, start, Math.min(end - start, room));
  }

  private String text() {
    byte[] bytes = line.toByteArray();
    int length =
        bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException e) {
      if (firstNotUtf8 == 0) {
        firstNotUtf8 = number;
      }
      return new String(bytes, 0, length, ISO_8859_1);
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
