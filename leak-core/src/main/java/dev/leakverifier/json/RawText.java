package dev.leakverifier.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Preconditions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A JSON string as it stands between its quotes, in UTF-8: the key to what was made of the same
 * text before. A dump has millions of frames, but few different ones; so to look one up must cost
 * less than to make a {@code String} of it.
 *
 * <p>Comparable, so that a map is not slow even with texts that were made to have the same hash.
 */
public final class RawText implements Comparable<RawText> {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, with bits all over: what differs anywhere shall make a difference everywhere. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private byte[] bytes;
  private int length;

  /** An empty one. */
  RawText() {
    this(new byte[256], 0);
  }

  /** A part of {@code bytes}. */
  RawText(byte[] bytes, int start, int end) {
    this(Arrays.copyOfRange(bytes, start, end), end - start);
  }

  private RawText(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void append(byte[] from, int start, int end) {
    Preconditions.checkPositionIndexes(start, end, from.length);
    int longer = length + end - start;
    if (longer > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * longer);
    }
    System.arraycopy(from, start, bytes, length, end - start);
    length = longer;
  }

  /** Whether the same bytes are in {@code buffer}, from {@code start} on and before {@code end}. */
  boolean isIn(byte[] buffer, int start, int end) {
    return end - start >= length && Arrays.equals(bytes, 0, length, buffer, start, start + length);
  }

  /** One that does not change any more, if nobody changes it. */
  public RawText copy() {
    return new RawText(bytes, 0, length);
  }

  @Override
  public int compareTo(RawText other) {
    return Arrays.compare(bytes, 0, length, other.bytes, 0, other.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawText text
        && Arrays.equals(bytes, 0, length, text.bytes, 0, text.length);
  }

  /** Takes eight bytes at once. */
  @Override
  public int hashCode() {
    long hash = length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = mix(hash, (long) LONGS.get(bytes, at));
    }
    long rest = 0;
    for (; at < length; at++) {
      rest = (rest << Byte.SIZE) | Byte.toUnsignedLong(bytes[at]);
    }
    return Long.hashCode(mix(hash, rest));
  }

  private static long mix(long hash, long next) {
    return Long.rotateLeft((hash ^ next) * MIX, Integer.SIZE);
  }

  /** As it stands there, with its escapes. */
  @Override
  public String toString() {
    return new String(bytes, 0, length, UTF_8);
  }
}
