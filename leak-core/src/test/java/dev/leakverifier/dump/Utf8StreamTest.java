package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class Utf8StreamTest {
  private static final String SMILE = "\ud83d\ude00";

  @DataProvider
  Object[] texts() {
    return new Object[] {
      "",
      "plain",
      "a" + SMILE.repeat(20_000), // a pair stands astride every part
      SMILE.repeat(20_000),
      "ends with half of a pair \ud83d"
    };
  }

  @Test(dataProvider = "texts")
  public void isTheTextInUtf8(String text) throws IOException {
    assertThat(new Utf8Stream(new StringReader(text)).readAllBytes())
        .isEqualTo(text.getBytes(UTF_8));
  }
}
