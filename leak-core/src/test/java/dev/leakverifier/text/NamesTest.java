package dev.leakverifier.text;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  @DataProvider
  Object[][] lists() {
    return new Object[][] {
      {numbered("connectionLostChecker-", 1, 10), "\"connectionLostChecker-1 to -10\""},
      {numbered("worker", 8, 12), "\"worker8 to 12\""},
      {numbered("", 1, 4), "\"1 to 4\""},
      {numbered("w-", 1, 3), "\"w-1\", \"w-2\", \"w-3\""}, // short enough
      {List.of("w-01", "w-02", "w-03", "w-04"), "\"w-01\", \"w-02\", \"w-03\" and 1 more"},
      {List.of("w-1", "w-2", "x-3", "w-4", "w-5"), "\"w-1\", \"w-2\", \"x-3\" and 2 more"},
      {List.of("w-4", "w-3", "w-2", "w-1"), "\"w-4\", \"w-3\", \"w-2\" and 1 more"},
      {List.of("w", "w", "w", "w"), "\"w\", \"w\", \"w\" and 1 more"},
      {
        Stream.of(numbered("a-", 1, 5), List.of("main"), numbered("b-", 2, 9), List.of("x"))
            .flatMap(List::stream)
            .toList(),
        "\"a-1 to -5\", \"main\", \"b-2 to -9\" and 1 more"
      },
      {List.of("w-2147483647", "w-2147483648"), "\"w-2147483647\", \"w-2147483648\""},
    };
  }

  private static List<String> numbered(String stem, int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(i -> stem + i).toList();
  }

  @Test(dataProvider = "lists")
  public void foldsNamesThatCountUp(List<String> names, String list) {
    assertThat(Names.list(names, 3)).isEqualTo(list);
  }

  @Test
  public void foldsNoNameSoLongThatItsNumberWouldBeCut() {
    String stem = "x".repeat(78) + "-";

    assertThat(Names.list(numbered(stem, 1, 9), 1)).isEqualTo('"' + stem + "1\" and 8 more");
  }
}
