package dev.leakverifier.json;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.Test;

/** Its hash takes eight bytes at once; so a difference may stand at any place of these. */
public class RawTextTest {
  private static final int LENGTHS = 3 * Long.BYTES;

  @Test
  public void isEqualToTheSameBytes() {
    for (int length = 0; length < LENGTHS; length++) {
      RawText text = text("x".repeat(length));
      RawText appended = new RawText();
      byte[] other = ("<" + "x".repeat(length) + ">").getBytes(UTF_8);
      appended.append(other, 1, 1 + length / 2);
      appended.append(other, 1 + length / 2, 1 + length);

      assertThat(appended).isEqualTo(text);
      assertThat(appended.hashCode()).isEqualTo(text.hashCode());
      assertThat(appended.compareTo(text)).isEqualTo(0);
    }
  }

  @Test
  public void differsInEachByte() {
    for (int length = 1; length < LENGTHS; length++) {
      String same = "x".repeat(length);
      for (int place = 0; place < length; place++) {
        String other = same.substring(0, place) + 'y' + same.substring(place + 1);
        assertThat(text(other)).isNotEqualTo(text(same));
        assertThat(text(other).compareTo(text(same))).isGreaterThan(0);
        assertWithMessage(other).that(text(other).hashCode()).isNotEqualTo(text(same).hashCode());
      }
      assertThat(text(same)).isNotEqualTo(text(same + "x"));
    }
  }

  @Test
  public void isFoundAmongTextsOfTheSameHash() {
    int count = 400_000;
    Map<RawText, Integer> numbers = new HashMap<>();
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < count; i++) {
      RawText text = text("Frame" + i);
      numbers.put(text, i);
      hashes.add(text.hashCode());
    }

    assertThat(hashes.size()).isLessThan(count);
    assertThat(numbers).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(numbers.get(text("Frame" + i))).isEqualTo(i);
    }
  }

  @Test
  public void copiesStayWhatTheyAre() {
    RawText text = text("abc");
    RawText copy = text.copy();
    text.clear();
    text.append("xyz".getBytes(UTF_8), 0, 3);

    assertThat(copy.toString()).isEqualTo("abc");
    assertThat(text.toString()).isEqualTo("xyz");
  }

  @Test
  public void looksNoFurtherThanItMay() {
    byte[] buffer = "xabcx".getBytes(UTF_8);

    assertThat(text("abc").isIn(buffer, 1, 5)).isTrue();
    assertThat(text("abc").isIn(buffer, 1, 4)).isTrue();
    assertThat(text("abc").isIn(buffer, 1, 3)).isFalse();
    assertThat(text("abc").isIn(buffer, 0, 5)).isFalse();
  }

  private static RawText text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new RawText(bytes, 0, bytes.length);
  }
}
