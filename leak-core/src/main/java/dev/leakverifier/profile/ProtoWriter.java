package dev.leakverifier.profile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a message in the wire format of protocol buffers: as much of it as a profile needs. */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A number of any integer type but those with {@code s}; 0 is what a reader takes by itself. */
  ProtoWriter number(int field, long value) {
    if (value != 0) {
      varint(((long) field << 3) | VARINT);
      varint(value);
    }
    return this;
  }

  ProtoWriter flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  /** Also if it is empty, since a repeated field counts its elements. */
  ProtoWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter message(int field, ProtoWriter value) {
    return bytes(field, value.bytes.toByteArray());
  }

  /** A repeated field of numbers. */
  ProtoWriter numbers(int field, Iterable<Long> values) {
    ProtoWriter packed = new ProtoWriter();
    values.forEach(packed::varint);
    return message(field, packed);
  }

  void writeTo(OutputStream out) throws IOException {
    bytes.writeTo(out);
  }

  private ProtoWriter bytes(int field, byte[] value) {
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  /** Seven bits in each byte, the lowest first; the eighth bit says that there are more. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
