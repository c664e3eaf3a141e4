package dev.leakverifier.origin;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.ValueDescriptor;

/**
 * The numbers under which a flight recording knows the starters of threads, out of the file itself.
 *
 * <p>JDK 17 does not write whose number it is, if the starter ends in the milliseconds in which a
 * new part of the file begins. The API then says nothing; but the number stands in the event, and
 * an earlier part has told whose it is.
 */
final class StarterNumbers {
  private static final int MAGIC = 0x464c5200; // FLR\0
  private static final int SIZE_AT = 8;
  private static final int FEATURES_AT = 64;
  private static final int HEADER_SIZE = 68;
  private static final int COMPRESSED_NUMBERS = 1;

  /** Fields that are one number each in the file: a time, or where to find something. */
  private static final List<String> FIELDS =
      List.of("startTime", "eventThread", "stackTrace", "thread", "parentThread");

  private StarterNumbers() {}

  /**
   * For each thread that was started, by number, the number of its starter.
   *
   * @return empty if the file is not as it is on the JDKs that are known
   */
  static Map<Long, Long> read(Path file, EventType threadStart) throws IOException {
    if (!threadStart.getFields().stream().map(ValueDescriptor::getName).toList().equals(FIELDS)) {
      return Map.of();
    }
    Map<Long, Long> starters = new HashMap<>();
    ByteBuffer chunks = ByteBuffer.wrap(Files.readAllBytes(file));
    try {
      while (chunks.hasRemaining()) {
        if (!readChunk(chunks, threadStart.getId(), starters)) {
          return Map.of();
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) { // cut off, or of another form
      return Map.of();
    }
    return starters;
  }

  private static boolean readChunk(ByteBuffer chunks, long type, Map<Long, Long> starters) {
    if (chunks.remaining() < HEADER_SIZE) {
      return false;
    }
    int start = chunks.position();
    int end = start + (int) chunks.getLong(start + SIZE_AT);
    if (chunks.getInt(start) != MAGIC
        || (chunks.getInt(start + FEATURES_AT) & COMPRESSED_NUMBERS) == 0
        || end < start + HEADER_SIZE) {
      return false;
    }
    int next = start + HEADER_SIZE;
    while (next < end) {
      chunks.position(next);
      int size = (int) number(chunks);
      if (size <= 0) {
        return false;
      }
      next += size;
      if (number(chunks) == type) {
        number(chunks); // startTime
        number(chunks); // eventThread
        number(chunks); // stackTrace
        long thread = number(chunks);
        starters.put(thread, number(chunks));
      }
    }
    chunks.position(end);
    return true;
  }

  /** Seven bits a byte, the lowest first, as long as the eighth is set; a ninth byte is whole. */
  private static long number(ByteBuffer chunks) {
    long number = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      byte next = chunks.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    return number | (chunks.get() & 0xffL) << 56;
  }
}
