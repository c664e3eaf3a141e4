package dev.leakverifier.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/**
 * A text in UTF-8, part by part: a dump may be larger than the heap. Guava's {@code CharSource}
 * does it, too, but would bring another 1.2 MB of Guava into the jar.
 */
final class Utf8Stream extends InputStream {
  private final Reader text;
  private final char[] chars = new char[8192];
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  Utf8Stream(Reader text) {
    this.text = text;
  }

  @Override
  public int read() throws IOException {
    return isAtEnd() ? -1 : bytes.get() & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (isAtEnd()) {
      return -1;
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(into, offset, count);
    return count;
  }

  private boolean isAtEnd() throws IOException {
    while (!bytes.hasRemaining()) {
      int count = text.read(chars, 0, chars.length - 1);
      if (count < 0) {
        return true;
      }
      if (count > 0 && Character.isHighSurrogate(chars[count - 1])) { // the two are one character
        int low = text.read();
        chars[count] = (char) low;
        count += low < 0 ? 0 : 1;
      }
      bytes = UTF_8.encode(CharBuffer.wrap(chars, 0, count));
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
