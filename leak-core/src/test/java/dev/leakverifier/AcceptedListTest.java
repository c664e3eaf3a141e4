package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.AcceptedList.Entry;
import dev.leakverifier.diagnosis.Fingerprint;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class AcceptedListTest {
  private static final Entry A = entry("aaaaaaaaaaaa-0000 thread \"a\"");
  private static final Entry B = entry("bbbbbbbbbbbb-1234 thread \"b\"");
  private static final Entry C = entry("cccccccccccc-0000 thread \"c\"");

  @Test
  public void explainsItselfAtTheTopOfANewFile() {
    assertThat(AcceptedList.NONE.with(List.of(C, A)).toString())
        .isEqualTo(
            """
            # Leaks that LeakVerifier accepts (leak.accepted): they are listed, and fail nothing.
            # Only the fingerprint at the start of a line counts; the rest is for readers.
            # Delete a line once its leak is fixed. leak.acceptCurrent=true adds the leaks of a run.

            aaaaaaaaaaaa-0000 thread "a"
            cccccccccccc-0000 thread "c"
            """);
  }

  @Test
  public void readsWhatItHasWritten() {
    AcceptedList written = AcceptedList.NONE.with(List.of(A, B));

    assertThat(parse(written.toString()).entries()).containsExactly(A, B).inOrder();
    assertThat(parse(written.toString()).with(List.of(C)))
        .isEqualTo(AcceptedList.NONE.with(List.of(C, B, A)));
  }

  @Test
  public void toleratesWhatPeopleAndEditorsDo() {
    AcceptedList list =
        parse(
            "\uFEFF  # a comment\r\n\r\n \t bbbbbbbbbbbb-1234 \t anything # at all  \r\n"
                + "aaaaaaaaaaaa-0000");

    assertThat(list.entries().stream().map(Entry::fingerprint).toList())
        .containsExactly(B.fingerprint(), A.fingerprint())
        .inOrder();
    assertThat(list.entries().get(0).text()).isEqualTo("bbbbbbbbbbbb-1234 \t anything # at all");
  }

  @Test
  public void leavesCommentsOrderAndLineEndsAsTheyAre() {
    String before = "# the whole\n# file\n\n# why b\nbbbbbbbbbbbb-1234 thread \"b\"\n\n# the end";

    String after = parse(before.replace("\n", "\r\n")).with(List.of(C, A)).toString();

    assertThat(after.replace("\r\n", "\n"))
        .isEqualTo(
            """
            # the whole
            # file

            aaaaaaaaaaaa-0000 thread "a"
            # why b
            bbbbbbbbbbbb-1234 thread "b"
            cccccccccccc-0000 thread "c"

            # the end
            """);
    assertThat(after.split("\n", -1)).hasLength(after.split("\r\n", -1).length);
  }

  @Test
  public void takesACommentAtTheTopForOneOfTheWholeFile() {
    assertThat(parse("# mine\nbbbbbbbbbbbb-1234").with(List.of(A)).lines())
        .containsExactly("# mine", A.text(), "bbbbbbbbbbbb-1234")
        .inOrder();
    assertThat(parse("# mine").with(List.of(A)).lines())
        .containsExactly("# mine", A.text())
        .inOrder();
  }

  @DataProvider
  Object[] malformed() {
    return new Object[] {
      "pool-1-thread-1", "aaaaaaaaaaaa", "aaaaaaaaaaaa-000", "AAAAAAAAAAAA-0000", "<<<<<<< HEAD",
    };
  }

  @Test(dataProvider = "malformed")
  public void saysWhichLineIsWrongAndWhatWouldBeRight(String line) {
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> parse("# leaks\n\n " + line + " \n"));
    assertThat(error)
        .hasMessageThat()
        .isEqualTo(
            "/leaks.txt, line 3: \""
                + line
                + "\" must begin with a fingerprint such as 9f86d081884c-7d65, or with #");
  }

  private static AcceptedList parse(String text) {
    return AcceptedList.parse("/leaks.txt", text);
  }

  private static Entry entry(String text) {
    return new Entry(Fingerprint.parse(text.substring(0, 17)).orElseThrow(), text);
  }
}
