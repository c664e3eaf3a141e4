package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NamesTest {
  private static final String SMILE = "\ud83d\ude00";

  @DataProvider
  Object[][] texts() {
    return new String[][] {
      {"worker ~", "worker ~"},
      {"pr\u00fcf", "pr\u00fcf"},
      {
        "\u65e5\u672c \u05e9\u05dc\u05d5\u05dd \u0ba8\u0bbf",
        "\u65e5\u672c \u05e9\u05dc\u05d5\u05dd \u0ba8\u0bbf"
      },
      {"e\u0301", "e\u0301"}, // an accent of its own
      {SMILE, SMILE},
      {"a\n\r\tb", "a\\n\\r\\tb"},
      {"\u0000\u0007\u001b[31m\u007f\u0085", "\\u0000\\u0007\\u001b[31m\\u007f\\u0085"},
      {"\u202e\u2066\u200b\ufeff", "\\u202e\\u2066\\u200b\\ufeff"},
      {"\u2028\u2029", "\\u2028\\u2029"},
      {"\ud83d", "\\ud83d"},
      {"\ude00\ud83d", "\\ude00\\ud83d"},
      {"\udbff\udffd", "\\udbff\\udffd"}, // for private use
    };
  }

  @Test(dataProvider = "texts")
  public void showsLettersOfAllScriptsAndEscapesWhatCannotBeSeen(String text, String visible) {
    assertThat(Names.visible(text)).isEqualTo(visible);
    assertThat(Names.quoted(text)).isEqualTo('"' + visible + '"');
  }

  @Test
  public void quotesANameThatHasQuotesOrNothing() {
    assertThat(Names.quoted("a \"b\"")).isEqualTo("\"a \\\"b\\\"\"");
    assertThat(Names.quoted("")).isEqualTo("(no name)");
  }

  @Test
  public void cutsALongNameButNoCharacter() {
    assertThat(Names.quoted("x".repeat(80))).isEqualTo('"' + "x".repeat(80) + '"');
    assertThat(Names.quoted("x".repeat(79) + SMILE))
        .isEqualTo('"' + "x".repeat(79) + "\"... (81 chars)");
    assertThat(Names.cut("x".repeat(1_000))).isEqualTo("x".repeat(1_000));
    assertThat(Names.cut(SMILE.repeat(1 << 19)))
        .isEqualTo(SMILE.repeat(500) + "... (1048576 chars)");
  }
}
