package dev.leakverifier.settings;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.google.common.io.MoreFiles;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.settings.AcceptedFile.Entry;
import dev.leakverifier.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class AcceptedFileTest {
  private static final int EACH = 20;
  private static final Entry A = entry(new Fingerprint("aaaaaaaaaaaa", "0000"), "a");
  private static final Entry B = entry(new Fingerprint("bbbbbbbbbbbb", "1234"), "b");

  private Path folder = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("accepted");
  }

  @AfterMethod
  public void deleteFolder() throws IOException {
    MoreFiles.deleteRecursively(folder);
  }

  @Test
  public void makesTheFileAndItsFolderAndLeavesNothingElseThere() throws IOException {
    Path path = folder.resolve("new").resolve("leaks.txt");
    AcceptedFile file = new AcceptedFile(path);

    assertThat(file.add(List.of(entry(1), entry(2)))).hasSize(2);
    assertThat(file.add(List.of(entry(2), entry(3)))).containsExactly(entry(3));

    assertThat(file.read()).containsExactly(entry(1), entry(2), entry(3)).inOrder();
    try (Stream<Path> files = Files.list(path.getParent())) {
      assertThat(files.toList()).containsExactly(path);
    }
  }

  @DataProvider
  Object[][] noFiles() {
    return new Object[][] {
      {Path.of("/dev/zero"), "not one"},
      {Path.of("/dev/null"), "not one"},
      {Path.of("/"), "a directory"}
    };
  }

  /** To read one might never end. */
  @Test(dataProvider = "noFiles", timeOut = 60_000)
  public void refusesWhatIsNoFile(Path path, String kind) {
    AcceptedFile file = new AcceptedFile(path);
    String refusal = path + " must be a file, but is " + kind;

    assertThat(expectThrows(IllegalArgumentException.class, file::read))
        .hasMessageThat()
        .isEqualTo(refusal);
    assertThat(expectThrows(IllegalArgumentException.class, () -> file.add(List.of(entry(1)))))
        .hasMessageThat()
        .isEqualTo(refusal);
  }

  @Test
  public void refusesAPipeThatNobodyWritesTo() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isEqualTo(0);

    assertThat(expectThrows(IllegalArgumentException.class, new AcceptedFile(pipe)::read))
        .hasMessageThat()
        .isEqualTo(pipe + " must be a file, but is not one");
  }

  @Test
  public void doesNotTouchAFileThatHasItAll() throws IOException {
    Path path = folder.resolve("leaks.txt");
    Files.writeString(path, "000000000001-0000", UTF_8);

    assertThat(new AcceptedFile(path).add(List.of(entry(1)))).isEmpty();
    assertThat(Files.readString(path, UTF_8)).isEqualTo("000000000001-0000");
  }

  /** Who started a thread may be known in one run only. */
  @Test
  public void takesALeakForTheSameThoughItsStarterIsNotKnown() throws IOException {
    AcceptedFile file = new AcceptedFile(folder.resolve("leaks.txt"));
    Entry started = entry(new Fingerprint("000000000001", "1234"), "started by Shop.open");
    Entry startedElsewhere = entry(new Fingerprint("000000000001", "4321"), "by Shop.close");

    assertThat(file.add(List.of(started, entry(1), startedElsewhere)))
        .containsExactly(started, startedElsewhere);
    assertThat(file.add(List.of(entry(1)))).isEmpty();
  }

  @Test
  public void losesNothingWhenThreadsAndJvmsWriteAtTheSameTime() throws Exception {
    Path path = folder.resolve("leaks.txt");
    List<Process> jvms = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      jvms.add(ForkedJvm.start(Writer.class, path.toString(), String.valueOf(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 2; i < 5; i++) {
      int writer = i;
      writers.add(
          threads.submit(
              () -> {
                Writer.write(path, writer);
                return null;
              }));
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();
    for (Process jvm : jvms) {
      assertThat(jvm.waitFor()).isEqualTo(0);
    }

    assertThat(new AcceptedFile(path).read()).hasSize(5 * EACH);
  }

  @Test
  public void readsALeakOnceThatTwoJvmsHaveAdded() throws IOException {
    assertThat(
            read(
                "bbbbbbbbbbbb-1234 in *: b\naaaaaaaaaaaa-0000 in *: a\nbbbbbbbbbbbb-1234 by another\n"))
        .containsExactly(B, A)
        .inOrder();
  }

  @Test
  public void keepsWhatDiffersInItsStarterOnly() throws IOException {
    assertThat(read("bbbbbbbbbbbb-1234\nbbbbbbbbbbbb-0000\n")).hasSize(2);
  }

  /** The other JVM appends at once, but who reads meanwhile may see the first part of it. */
  @Test
  public void passesOverALineThatAnotherJvmIsJustWriting() throws IOException {
    for (String begun : List.of("c", "cccccccccccc", "cccccccccccc-", "cccccccccccc-123")) {
      assertThat(read("aaaaaaaaaaaa-0000 in *: a\n" + begun)).containsExactly(A);
    }
  }

  @DataProvider
  Object[][] scopes() {
    return new Object[][] {
      {"in com.acme.ShopTest: a poller", true, false},
      {"in *: a poller", true, true},
      {"in * a poller", true, true},
      {"in *", true, true},
      {"idle pool worker \"pool\"", true, true}, // as people may write it
      // As it once was written
      {"sleeping loop \"p\", started by com.acme.A.b, left by ShopTest.pays(EUR)", true, false},
      {"sleeping loop \"p\", in com.acme.A.b, left by @BeforeClass ShopTest.open", true, false},
      {"sleeping loop, left by one of XTest.a, ShopTest.b, which ran side by side", true, false},
      {"sleeping loop, left by MyShopTest.a", false, false},
      {"sleeping loop, left by ShopTestCase.a", false, false},
      {"sleeping loop, left by ShopTest.Paying.a", false, false},
    };
  }

  @Test(dataProvider = "scopes")
  public void acceptsForTheClassThatALineNames(String line, boolean inShop, boolean inOther)
      throws IOException {
    Entry entry = read("aaaaaaaaaaaa-0000 " + line + "\n").get(0);
    Set<Fingerprint> leak = Set.of(A.fingerprint());

    assertThat(entry.accepts(leak, Set.of("com.acme.ShopTest"))).isEqualTo(inShop);
    assertThat(entry.accepts(leak, Set.of("com.acme.OtherTest"))).isEqualTo(inOther);
    assertThat(entry.accepts(leak, Set.of("com.acme.OtherTest", "com.acme.ShopTest")))
        .isEqualTo(inShop || inOther);
    assertThat(entry.accepts(Set.of(B.fingerprint()), Set.of("com.acme.ShopTest"))).isFalse();
  }

  @Test
  public void addsALeakForEachClassThatHasIt() throws IOException {
    AcceptedFile file = new AcceptedFile(folder.resolve("leaks.txt"));
    Entry one = Entry.of(A.fingerprint(), AcceptedScope.of("com.acme.ShopTest"), "a");
    Entry other = Entry.of(A.fingerprint(), AcceptedScope.of("com.acme.OtherTest"), "a");

    assertThat(file.add(List.of(one))).containsExactly(one);
    assertThat(file.add(List.of(one, other))).containsExactly(other);
    assertThat(file.read()).containsExactly(one, other);
    assertThat(file.add(List.of(A))).containsExactly(A);
    assertThat(file.add(List.of(one, other))).isEmpty();
  }

  @Test
  public void explainsItselfAtTheTopOfANewFile() throws IOException {
    assertThat(afterAdding(null, B, A))
        .isEqualTo(
            """
            # Leaks that LeakVerifier accepts (leak.accepted): they are listed, and fail nothing.
            # A line holds for the test class that it names; "in *" holds for all. The rest is for readers.
            # Delete a line once its leak is fixed. leak.acceptCurrent=true adds the leaks of a run.

            bbbbbbbbbbbb-1234 in *: b
            aaaaaaaaaaaa-0000 in *: a
            """);
  }

  @Test
  public void toleratesWhatPeopleAndEditorsDo() throws IOException {
    List<Entry> entries =
        read(
            "\uFEFF  # a comment\r\n\r\n \t bbbbbbbbbbbb-1234 \t anything # at all  \r\n"
                + "aaaaaaaaaaaa-0000");

    assertThat(entries.stream().map(Entry::fingerprint).toList())
        .containsExactly(B.fingerprint(), A.fingerprint())
        .inOrder();
    assertThat(entries.get(0).text()).isEqualTo("bbbbbbbbbbbb-1234 \t anything # at all");
  }

  @Test
  public void leavesCommentsOrderAndLineEndsAsTheyAre() throws IOException {
    String before = "# the whole\r\n# file\r\n\r\n# why b\r\nbbbbbbbbbbbb-1234 b\r\n\r\n# the end";

    assertThat(afterAdding(before, A)).isEqualTo(before + "\r\naaaaaaaaaaaa-0000 in *: a\r\n");
    assertThat(afterAdding("# mine\n", A)).isEqualTo("# mine\naaaaaaaaaaaa-0000 in *: a\n");
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
        expectThrows(IllegalArgumentException.class, () -> read("# leaks\n\n " + line + " \n"));
    assertThat(error)
        .hasMessageThat()
        .isEqualTo(
            folder.resolve("leaks.txt")
                + ", line 3: \""
                + line
                + "\" must begin with a fingerprint such as 9f86d081884c-7d65, or with #");
  }

  @Test
  public void saysSoOfALastLineWithoutAnEndThatNoJvmWrites() {
    var unused = expectThrows(IllegalArgumentException.class, () -> read("pool-1-thread-1"));
  }

  private List<Entry> read(String text) throws IOException {
    Path path = folder.resolve("leaks.txt");
    Files.writeString(path, text, UTF_8);
    return new AcceptedFile(path).read();
  }

  private String afterAdding(@Nullable String before, Entry... entries) throws IOException {
    Path path = folder.resolve("leaks.txt");
    if (before != null) {
      Files.writeString(path, before, UTF_8);
    }
    var unused = new AcceptedFile(path).add(List.of(entries));
    return Files.readString(path, UTF_8);
  }

  static final class Writer {
    public static void main(String[] args) throws IOException {
      write(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    static void write(Path path, int writer) throws IOException {
      AcceptedFile file = new AcceptedFile(path);
      for (int i = 0; i < EACH; i++) {
        file.add(List.of(entry(writer + 10 * i)));
      }
    }
  }

  private static Entry entry(Fingerprint fingerprint, String description) {
    return Entry.of(fingerprint, AcceptedScope.ANYWHERE, description);
  }

  private static Entry entry(int number) {
    return entry(new Fingerprint("%012x".formatted(number), Fingerprint.UNKNOWN), "a leak");
  }
}
