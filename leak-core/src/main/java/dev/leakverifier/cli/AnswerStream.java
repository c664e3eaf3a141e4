package dev.leakverifier.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a JVM answers, safe to be read in any way.
 *
 * <p>The JDK's stream takes 128 bytes from the socket even if less is asked for, and runs over the
 * end of the array that it is to fill ({@code sun.tools.attach.VirtualMachineImpl.read}, JDK 17 and
 * 25). So it is given an array of its own, which is always larger.
 */
final class AnswerStream extends FilterInputStream {
  private final byte[] buffer = new byte[256];
  private int position;
  private int limit;

  AnswerStream(InputStream answer) {
    super(answer);
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, to, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return position < limit;
  }
}
