package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Files in which more than one dump stands. */
public class SeveralDumpsTest {
  private Path file = Path.of("");

  @BeforeMethod
  public void makeFile() throws IOException {
    file = Files.createTempFile("dumps", ".txt");
  }

  @AfterMethod
  public void deleteFile() throws IOException {
    Files.delete(file);
  }

  private List<ThreadDump> readAll(String text) throws IOException {
    Files.writeString(file, text);
    return ThreadDump.readAll(file);
  }

  @Test
  public void givesAllOfThemInTheirOrder() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : Dumps.ALL) {
      if (!name.endsWith(".json")) {
        text.append(Dumps.text(name)).append("09:00 INFO another one\n");
      }
    }
    List<ThreadDump> read = readAll(text.toString());

    int i = 0;
    for (String name : Dumps.ALL) {
      if (!name.endsWith(".json")) {
        ThreadDump alone = Dumps.saved(name);
        ThreadDump found = read.get(i++);
        assertWithMessage(name).that(Dumps.names(found)).isEqualTo(Dumps.names(alone));
        assertWithMessage(name).that(found.jvm()).isEqualTo(alone.jvm());
        assertWithMessage(name).that(found.time()).isEqualTo(alone.time());
        assertWithMessage(name).that(Dumps.deadlocks(found)).isEqualTo(Dumps.deadlocks(alone));
      }
    }
    assertThat(read).hasSize(i);
  }

  @Test
  public void givesTheOnlyOne() throws IOException {
    assertThat(readAll(Dumps.text("file-25.json"))).hasSize(1);
    assertThat(readAll(Dumps.text("jstack-17.txt"))).hasSize(1);
  }

  @Test
  public void readsWhatIsWholeAndSaysHowManyAreNot() throws IOException {
    String head = "2026-11-24 20:35:52\nFull thread dump OpenJDK 64-Bit Server VM (17.0.15+6):\n";
    List<ThreadDump> read = readAll(head + Dumps.text("jstack-17.txt") + head);

    assertThat(read).hasSize(1);
    assertThat(read.get(0).notes())
        .containsExactly("2 more dumps begin in the file, but have no complete thread");
    assertThat(expectThrows(UnreadableDumpException.class, () -> readAll(head + head)))
        .hasMessageThat()
        .startsWith(file + ": line 3: no thread was found up to here; expected: output of");
  }

  @Test
  public void saysWhereTheSecondBeginsIfOnlyOneIsAskedFor() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    long second = dump.lines().count() + 2; // after its time

    ThreadDump read = Dumps.read(dump + dump);
    assertThat(Dumps.names(read)).isEqualTo(Dumps.names(Dumps.read(dump)));
    assertThat(Dumps.only(read.notes()))
        .isEqualTo(Optional.of("line " + second + ": another dump begins here and was not read"));
  }

  @Test
  public void keepsApartTheDumpsOfAFileThatHaveNoHeadingOfTheJvms() throws IOException {
    String dump = Dumps.text("file-21.txt");

    assertThat(readAll(dump + dump).stream().map(read -> read.threads().size()).toList())
        .containsExactly(5, 5);
    assertThat(readAll(dump + dump).get(1).notes()).isEmpty();
  }
}
