package dev.leakverifier.jvm;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A heap dump of HotSpot's, read as a stream from its begin to its end, as often as it is needed:
 * so little of it is ever in the memory of the JVM that it shows.
 *
 * <p>Not by way of a channel that can be interrupted: whoever checks may be.
 */
final class HprofFile implements Closeable {
  private static final String FORMAT = "JAVA PROFILE 1.0.";

  private final RandomAccessFile file;
  private final byte[] chunk = new byte[1 << 16];
  private final long size;
  private ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, 0);

  /** Where the file stands. */
  private long afterBuffer;

  private int idSize;

  HprofFile(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
    size = file.length();
  }

  /** What is wanted of one reading. */
  abstract static class Visitor {
    /** Whether objects and roots are wanted; all else stands beside the heap. */
    boolean wantsHeap() {
      return true;
    }

    boolean wantsText(long id, int length) {
      return false;
    }

    void text(long id, String text) {}

    void loaded(int serial, long classId, long nameId) {}

    void frame(long id, long methodId, long sourceId, int classSerial, int line) {}

    void trace(int serial, long[] frameIds) {}

    void thread(long objectId, int traceSerial) {}

    /** A class, with its own instance fields. */
    void type(long id, long superId, long[] fieldIds, byte[] fieldTypes) {}

    boolean wantsObject(long id, long classId) {
      return false;
    }

    /** The fields of its class come first, then those of the class above. */
    void object(long id, long classId, ByteBuffer fields) throws IOException {}

    boolean wantsBytes(long id) {
      return false;
    }

    void bytes(long id, byte[] content) {}
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Reads all of it; fails if it is no whole dump. */
  void read(Visitor visitor) throws IOException {
    seek(0);
    StringBuilder format = new StringBuilder();
    for (int c = u1(); c != 0 && format.length() < 32; c = u1()) {
      format.append((char) c);
    }
    if (format.indexOf(FORMAT) != 0) {
      throw new IOException("it is no heap dump");
    }
    idSize = i4();
    skip(8);
    boolean whole = false;
    while (position() < size) {
      int tag = u1();
      skip(4);
      long length = Integer.toUnsignedLong(i4());
      long end = position() + length;
      switch (tag) {
        case 0x01 -> text(visitor, (int) length - idSize);
        case 0x02 -> loaded(visitor);
        case 0x04 -> frame(visitor);
        case 0x05 -> trace(visitor);
        case 0x0C, 0x1C -> {
          whole |= tag == 0x0C;
          while (visitor.wantsHeap() && position() < end) {
            heap(visitor);
          }
        }
        case 0x2C -> whole = true;
        default -> {}
      }
      skip(end - position());
    }
    if (!whole) {
      throw new EOFException("it is cut short");
    }
  }

  private void text(Visitor visitor, int length) throws IOException {
    long id = id();
    if (visitor.wantsText(id, length)) {
      visitor.text(id, new String(content(length), StandardCharsets.UTF_8));
    }
  }

  private void loaded(Visitor visitor) throws IOException {
    int serial = i4();
    long classId = id();
    skip(4);
    visitor.loaded(serial, classId, id());
  }

  private void frame(Visitor visitor) throws IOException {
    long id = id();
    long methodId = id();
    skip(idSize); // the signature
    long sourceId = id();
    int classSerial = i4();
    visitor.frame(id, methodId, sourceId, classSerial, i4());
  }

  private void trace(Visitor visitor) throws IOException {
    int serial = i4();
    skip(4);
    long[] frames = new long[i4()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = id();
    }
    visitor.trace(serial, frames);
  }

  private void heap(Visitor visitor) throws IOException {
    int tag = u1();
    switch (tag) {
      case 0xFF, 0x05, 0x07 -> skip(idSize);
      case 0x01 -> skip(2L * idSize);
      case 0x02, 0x03 -> skip(idSize + 8L);
      case 0x04, 0x06 -> skip(idSize + 4L);
      case 0x08 -> {
        long thread = id();
        skip(4);
        visitor.thread(thread, i4());
      }
      case 0x20 -> type(visitor);
      case 0x21 -> {
        long id = id();
        skip(4);
        long classId = id();
        int length = i4();
        if (visitor.wantsObject(id, classId)) {
          visitor.object(id, classId, ByteBuffer.wrap(content(length)));
        } else {
          skip(length);
        }
      }
      case 0x22 -> {
        skip(idSize + 4);
        long count = Integer.toUnsignedLong(i4());
        skip(idSize + count * idSize);
      }
      case 0x23 -> {
        long id = id();
        skip(4);
        int count = i4();
        int size = sizeOf(u1());
        if (size == 1 && visitor.wantsBytes(id)) {
          visitor.bytes(id, content(count));
        } else {
          skip((long) count * size);
        }
      }
      default -> throw new IOException("tag " + tag + " of its heap is not known");
    }
  }

  private void type(Visitor visitor) throws IOException {
    long id = id();
    skip(4);
    long superId = id();
    skip(5L * idSize + 4);
    for (int i = u2(); i > 0; i--) { // constants
      skip(2);
      skip(sizeOf(u1()));
    }
    for (int i = u2(); i > 0; i--) { // static fields
      skip(idSize);
      skip(sizeOf(u1()));
    }
    long[] fieldIds = new long[u2()];
    byte[] types = new byte[fieldIds.length];
    for (int i = 0; i < types.length; i++) {
      fieldIds[i] = id();
      types[i] = (byte) u1();
    }
    visitor.type(id, superId, fieldIds, types);
  }

  /** How many bytes a value of that type has. */
  int sizeOf(int type) throws IOException {
    return switch (type) {
      case 2 -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default -> throw new IOException("type " + type + " is not known");
    };
  }

  private long position() {
    return afterBuffer - buffer.remaining();
  }

  private void seek(long position) throws IOException {
    file.seek(position);
    afterBuffer = position;
    buffer = ByteBuffer.wrap(chunk, 0, 0);
  }

  private void skip(long bytes) throws IOException {
    if (bytes <= buffer.remaining() && bytes >= 0) {
      buffer.position(buffer.position() + (int) bytes);
    } else if (bytes < 0 || position() + bytes > size) {
      throw new EOFException("it is cut short");
    } else {
      seek(position() + bytes);
    }
  }

  private ByteBuffer next(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      int kept = buffer.remaining();
      buffer.get(chunk, 0, kept);
      int read = Math.max(0, file.read(chunk, kept, chunk.length - kept));
      afterBuffer += read;
      buffer = ByteBuffer.wrap(chunk, 0, kept + read);
      if (kept + read < bytes) {
        throw new EOFException("it is cut short");
      }
    }
    return buffer;
  }

  private byte[] content(int length) throws IOException {
    long start = position();
    if (length < 0 || start + length > size) {
      throw new EOFException("it is cut short");
    }
    byte[] content = new byte[length];
    int buffered = Math.min(length, buffer.remaining());
    buffer.get(content, 0, buffered);
    file.readFully(content, buffered, length - buffered);
    afterBuffer += length - buffered;
    return content;
  }

  private int u1() throws IOException {
    return next(1).get() & 0xFF;
  }

  private int u2() throws IOException {
    return next(2).getShort() & 0xFFFF;
  }

  private int i4() throws IOException {
    return next(4).getInt();
  }

  private long id() throws IOException {
    return idSize == 4 ? Integer.toUnsignedLong(i4()) : next(8).getLong();
  }
}
