package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.ByteStreams;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.testng.annotations.Test;

public class AnswerStreamTest {
  private final byte[] answer = new byte[1_000];

  @Test
  public void givesWhatItIsGivenHoweverItIsRead() throws IOException {
    new Random(1).nextBytes(answer);

    assertThat(ByteStreams.toByteArray(stream())).isEqualTo(answer);
    InputStream single = stream();
    for (byte expected : answer) {
      assertThat(single.read()).isEqualTo(expected & 0xff);
    }
    assertThat(single.read()).isEqualTo(-1);
    byte[] rest = new byte[5_000];
    InputStream pieces = stream();
    int count = 0;
    for (int n = pieces.read(rest, 0, 7); n > 0; n = pieces.read(rest, count, 7)) {
      count += n;
    }
    assertThat(count).isEqualTo(answer.length);
    assertThat(stream().read(rest, 0, 0)).isEqualTo(0);
  }

  /** As the JDK's, which fills 128 bytes also where it must not. */
  private InputStream stream() {
    return new AnswerStream(
        new FilterInputStream(new ByteArrayInputStream(answer)) {
          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            return super.read(to, offset, 128);
          }
        });
  }
}
