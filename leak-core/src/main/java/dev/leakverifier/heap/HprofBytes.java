package dev.leakverifier.heap;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The bytes of a file, of which only a small part is in memory at any time.
 *
 * <p>Not by way of a channel that can be interrupted: whoever checks may be.
 */
final class HprofBytes implements Closeable {
  private final RandomAccessFile file;
  private final byte[] chunk = new byte[1 << 16];
  private final long size;
  private ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, 0);

  /** Where the file stands. */
  private long afterBuffer;

  HprofBytes(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
    size = file.length();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  long size() {
    return size;
  }

  long position() {
    return afterBuffer - buffer.remaining();
  }

  void seek(long position) throws IOException {
    file.seek(position);
    afterBuffer = position;
    buffer = ByteBuffer.wrap(chunk, 0, 0);
  }

  void skip(long bytes) throws IOException {
    if (bytes >= 0 && bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
    } else {
      checkLeft(bytes);
      seek(position() + bytes);
    }
  }

  void checkLeft(long bytes) throws IOException {
    if (bytes < 0 || bytes > size - position()) {
      throw cutShort();
    }
  }

  static EOFException cutShort() {
    return new EOFException("it is cut short");
  }

  private ByteBuffer next(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      int kept = buffer.remaining();
      buffer.get(chunk, 0, kept);
      int read = Math.max(0, file.read(chunk, kept, chunk.length - kept));
      afterBuffer += read;
      buffer = ByteBuffer.wrap(chunk, 0, kept + read);
      if (kept + read < bytes) {
        throw cutShort();
      }
    }
    return buffer;
  }

  /** What follows, without a copy where it is short; gone when it is read on. */
  ByteBuffer slice(int length) throws IOException {
    if (length < 0 || length > chunk.length) {
      return ByteBuffer.wrap(content(length));
    }
    ByteBuffer content = next(length);
    ByteBuffer slice = content.slice(content.position(), length);
    content.position(content.position() + length);
    return slice;
  }

  byte[] content(int length) throws IOException {
    checkLeft(length);
    byte[] content = new byte[length];
    int buffered = Math.min(length, buffer.remaining());
    buffer.get(content, 0, buffered);
    file.readFully(content, buffered, length - buffered);
    afterBuffer += length - buffered;
    return content;
  }

  int u1() throws IOException {
    return next(1).get() & 0xFF;
  }

  int u2() throws IOException {
    return next(2).getShort() & 0xFFFF;
  }

  int i4() throws IOException {
    return next(4).getInt();
  }

  long id(int idSize) throws IOException {
    return idSize == 4 ? Integer.toUnsignedLong(i4()) : next(8).getLong();
  }
}
