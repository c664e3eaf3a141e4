package dev.leakverifier.heap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A heap dump of HotSpot's, read as a stream from its beginning to its end, as often as it is
 * needed: so little of it is ever in the memory of the JVM that it shows.
 */
final class HprofFile implements Closeable {
  private static final String FORMAT = "JAVA PROFILE 1.0.";
  private static final byte OBJECT = 2;

  private final HprofBytes in;
  private int idSize;

  HprofFile(Path path) throws IOException {
    in = new HprofBytes(path);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reads all of it; fails if it is no whole dump. */
  void read(HprofVisitor visitor) throws IOException {
    in.seek(0);
    StringBuilder format = new StringBuilder();
    for (int c = in.u1(); c != 0 && format.length() < 32; c = in.u1()) {
      format.append((char) c);
    }
    if (format.indexOf(FORMAT) != 0) {
      throw new IOException("it is no heap dump");
    }
    idSize = in.i4();
    if (idSize != 4 && idSize != 8) {
      throw new IOException("it has ids of " + idSize + " bytes");
    }
    in.skip(8);
    boolean whole = false;
    while (in.position() < in.size()) {
      int tag = in.u1();
      in.skip(4);
      long length = Integer.toUnsignedLong(in.i4());
      long end = in.position() + length;
      switch (tag) {
        case 0x01 -> text(visitor, (int) length - idSize);
        case 0x02 -> loaded(visitor);
        case 0x04 -> frame(visitor);
        case 0x05 -> trace(visitor);
        case 0x0C, 0x1C -> {
          whole |= tag == 0x0C;
          while (visitor.wantsHeap() && in.position() < end) {
            heap(visitor);
          }
        }
        case 0x2C -> whole = true;
        default -> {}
      }
      in.skip(end - in.position());
    }
    if (!whole) {
      throw HprofBytes.cutShort();
    }
  }

  private void text(HprofVisitor visitor, int length) throws IOException {
    long id = id();
    if (visitor.wantsText(id)) {
      visitor.text(id, new String(in.content(length), StandardCharsets.UTF_8));
    }
  }

  private void loaded(HprofVisitor visitor) throws IOException {
    int serial = in.i4();
    long classId = id();
    in.skip(4);
    visitor.loaded(serial, classId, id());
  }

  private void frame(HprofVisitor visitor) throws IOException {
    long id = id();
    long methodId = id();
    in.skip(idSize); // the signature
    long sourceId = id();
    int classSerial = in.i4();
    visitor.frame(id, methodId, sourceId, classSerial, in.i4());
  }

  private void trace(HprofVisitor visitor) throws IOException {
    int serial = in.i4();
    in.skip(4);
    visitor.trace(serial, ids(in.i4()));
  }

  private long id() throws IOException {
    return in.id(idSize);
  }

  private long[] ids(int count) throws IOException {
    in.checkLeft((long) count * idSize);
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = id();
    }
    return ids;
  }

  private void heap(HprofVisitor visitor) throws IOException {
    int tag = in.u1();
    switch (tag) {
      case 0x05, 0x07 -> in.skip(idSize); // a class of the JVM's, a monitor that is in use
      case 0xFF -> visitor.root(id(), 0, -1);
      case 0x01 -> {
        visitor.root(id(), 0, -1);
        in.skip(idSize);
      }
      case 0x02, 0x03 -> {
        long id = id();
        int thread = in.i4();
        visitor.root(id, thread, in.i4());
      }
      case 0x04, 0x06 -> {
        long id = id();
        visitor.root(id, in.i4(), -1);
      }
      case 0x08 -> {
        long thread = id();
        int serial = in.i4();
        visitor.thread(thread, serial, in.i4());
      }
      case 0x20 -> type(visitor);
      case 0x21 -> {
        long id = id();
        in.skip(4);
        long classId = id();
        int length = in.i4();
        visitor.object(id, classId);
        if (visitor.wantsFields(id, classId)) {
          visitor.fields(id, classId, in.slice(length));
        } else {
          in.skip(length);
        }
      }
      case 0x22 -> {
        long id = id();
        in.skip(4);
        long count = Integer.toUnsignedLong(in.i4());
        long classId = id();
        visitor.object(id, classId);
        if (visitor.wantsElements(id)) {
          for (long i = 0; i < count; i++) {
            visitor.element(id());
          }
        } else {
          in.skip(count * idSize);
        }
      }
      case 0x23 -> {
        long id = id();
        in.skip(4);
        int count = in.i4();
        int elementSize = sizeOf(in.u1());
        if (elementSize == 1 && visitor.wantsBytes(id)) {
          visitor.bytes(id, in.content(count));
        } else {
          in.skip(Integer.toUnsignedLong(count) * elementSize);
        }
      }
      default -> throw new IOException("tag " + tag + " of its heap is not known");
    }
  }

  private void type(HprofVisitor visitor) throws IOException {
    long id = id();
    in.skip(4);
    long superId = id();
    in.skip(5L * idSize + 4);
    for (int i = in.u2(); i > 0; i--) { // constants
      in.skip(2);
      in.skip(sizeOf(in.u1()));
    }
    long[] staticIds = new long[in.u2()];
    long[] values = new long[staticIds.length];
    for (int i = 0; i < staticIds.length; i++) {
      staticIds[i] = id();
      int valueType = in.u1();
      if (isReference(valueType)) {
        values[i] = id();
      } else {
        in.skip(sizeOf(valueType));
      }
    }
    long[] fieldIds = new long[in.u2()];
    byte[] types = new byte[fieldIds.length];
    for (int i = 0; i < types.length; i++) {
      fieldIds[i] = id();
      types[i] = (byte) in.u1();
    }
    visitor.object(id, 0);
    visitor.type(id, superId, fieldIds, types);
    visitor.statics(id, staticIds, values);
  }

  static boolean isReference(int type) {
    return type == OBJECT;
  }

  /** How many bytes a value of that type has. */
  int sizeOf(int type) throws IOException {
    return switch (type) {
      case OBJECT -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default -> throw new IOException("type " + type + " is not known");
    };
  }

  /** The id at a place of what was read. */
  long idAt(ByteBuffer content, int at) {
    return idSize == 4 ? Integer.toUnsignedLong(content.getInt(at)) : content.getLong(at);
  }
}
