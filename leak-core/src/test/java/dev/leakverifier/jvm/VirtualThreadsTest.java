package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.Resources;
import dev.leakverifier.dump.JsonDump;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.host.PrivateFolder;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes of the dump of a JVM, whether it has virtual threads or not. */
public class VirtualThreadsTest {
  private static final String NOT_SEEN = "virtual threads: no thread dump could be read (";

  private final List<Path> files = new ArrayList<>();

  @BeforeMethod
  public void startAnew() {
    files.clear();
  }

  @Test
  public void takesNoDumpWhereNoVirtualThreadWasEverMade() {
    VirtualThreads threads = dumping(() -> false, this::write25, Optional::empty);

    assertThat(threads.list()).isSameInstanceAs(VirtualListing.NONE);
    assertThat(threads.listSince(VirtualListing.NONE)).isSameInstanceAs(VirtualListing.NONE);
    assertThat(files).isEmpty();
  }

  @Test
  public void takesAHeapDumpOnlyWhereAThreadDumpCanCrashTheJvm() {
    assertThat(VirtualThreads.censusOf(24).means()).isEqualTo("thread dump");
    assertThat(VirtualThreads.censusOf(25).means()).isEqualTo("heap dump");
    assertThat(VirtualThreads.censusOf(26).means()).isEqualTo("thread dump");
  }

  @Test
  public void takesNoDumpForPlatformThreads() {
    VirtualThreads threads = dumping(() -> true, this::write25, Optional::empty);
    Sampling platform =
        new LiveThreads(threads, id -> Optional.empty())
            .sample(List.of(LiveThread.of(Thread.currentThread())));

    assertThat(platform.samples()).hasSize(1);
    assertThat(files).isEmpty();
  }

  @Test
  public void listsWhatTheDumpShows() {
    VirtualListing listing = dumping(() -> true, this::write25, Optional::empty).list();

    assertThat(listing.isKnown()).isTrue();
    assertThat(listing.contains(22)).isTrue();
    assertThat(listing.contains(3)).isFalse();
    assertThat(listing.notSeen()).isEqualTo(Optional.empty());
    assertThat(listing.newSince(VirtualListing.of(IdSet.of(22, 28), null, ThreadClock.START)))
        .isEqualTo(IdSet.of(27, 31));
  }

  @Test
  public void samplesAllFromOneDump() {
    VirtualThreads threads = dumping(() -> true, this::write25, () -> Optional.of("gap"));
    Sampling all = threads.sampleAll();

    assertThat(all.samples().stream().map(ThreadSample::id).toList())
        .containsExactly(22L, 27L, 28L, 31L);
    assertThat(all.notSeen()).isEqualTo(Optional.of("gap"));
    assertThat(files).hasSize(1);
    assertThat(Files.exists(files.get(0))).isFalse();
  }

  @Test
  public void samplesNoneWhereNoVirtualThreadWasEverMade() {
    Sampling all = dumping(() -> false, this::write25, Optional::empty).sampleAll();

    assertThat(all.samples()).isEmpty();
    assertThat(all.notSeen()).isEqualTo(Optional.empty());
    assertThat(files).isEmpty();
  }

  @Test
  public void saysThatNoneCouldBeSampled() {
    Sampling all =
        dumping(
                () -> true,
                file -> {
                  throw new IOException("no room");
                },
                Optional::empty)
            .sampleAll();

    assertThat(all.samples()).isEmpty();
    assertThat(all.notSeen().orElseThrow()).isEqualTo(NOT_SEEN + "no room)");
  }

  @Test
  public void keepsTheDumpToItselfAndDeletesIt() throws IOException {
    VirtualThreads threads =
        dumping(
            () -> true,
            file -> {
              assertThat(Files.exists(file)).isFalse();
              write25(file);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder(file))))
                  .isEqualTo("rwx------");
            },
            Optional::empty);
    threads.list();
    threads.sample(ImmutableSet.of(22L));

    assertThat(files.stream().distinct().toList()).hasSize(2);
    assertThat(files.stream().anyMatch(Files::exists)).isFalse();
    try (var left = Files.list(folder(files.get(0)))) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  public void makesAnotherFolderWhereSomebodyHasDeletedIt() throws IOException {
    VirtualThreads threads = dumping(() -> true, this::write25, Optional::empty);
    threads.list();
    Files.delete(folder(files.get(0)));

    assertThat(threads.list().isKnown()).isTrue();
    assertThat(folder(files.get(1))).isNotEqualTo(folder(files.get(0)));
  }

  @DataProvider
  Object[][] failures() {
    return new Object[][] {
      {dump(file -> {}), "(java.nio.file.NoSuchFileException in /"},
      {dump(file -> Files.writeString(file, "")), "it is cut short, at byte 0)"},
      {dump(file -> Files.writeString(file, "{\"threadDump\": {")), "it is cut short, at byte 16)"},
      {dump(file -> Files.writeString(file, "Full thread dump")), "Unrecognized token 'Full'"},
      {
        dump(
            file -> {
              Files.writeString(file, "{");
              throw new IOException("disk full");
            }),
        "disk full)"
      },
    };
  }

  @Test(dataProvider = "failures")
  public void saysWhatItCouldNotSee(ThreadDumpCensus.Dump dump, String reason) {
    ThreadDumpCensus.Dump noted =
        file -> {
          files.add(file);
          dump.writeTo(file);
        };
    VirtualThreads threads = dumping(() -> true, noted, Optional::empty);
    VirtualListing listing = threads.list();
    Sampling sampling = threads.sample(ImmutableSet.of(22L));

    assertThat(listing.isKnown()).isFalse();
    assertThat(listing.contains(22)).isFalse();
    assertThat(listing.notSeen().orElseThrow()).startsWith(NOT_SEEN);
    assertThat(sampling.samples()).isEmpty();
    assertThat(sampling.notSeen().orElseThrow()).startsWith(NOT_SEEN);
    assertThat(listing.notSeen().orElseThrow()).contains(reason);
    assertThat(files.stream().anyMatch(Files::exists)).isFalse();
  }

  @Test
  public void readsADumpAsTextWhereTheJvmFailsToWriteJson() {
    VirtualThreads threads = dumping(() -> true, asText(text25()), Optional::empty);
    VirtualListing listing = threads.list();

    assertThat(listing.isKnown()).isTrue();
    assertThat(listing.contains(28)).isTrue();
    assertThat(listing.notSeen()).isEqualTo(Optional.empty());
    assertThat(threads.sampleAll().samples()).hasSize(listing.ids().size());
    ThreadSample courier = threads.sample(ImmutableSet.of(28L)).samples().get(0);
    assertThat(courier.name()).isEqualTo("courier");
    assertThat(courier.state()).isEqualTo(Thread.State.WAITING);
    assertThat(files.stream().anyMatch(Files::exists)).isFalse();
  }

  @Test
  public void saysWhatADumpAsTextDoesNotTell() {
    VirtualThreads threads =
        dumping(() -> true, asText(text25() + "\n#99 \"cut sh"), () -> Optional.of("gap"));

    assertThat(threads.list().isKnown()).isTrue();
    assertThat(threads.list().notSeen().orElseThrow()).startsWith("virtual threads: line ");
    assertThat(threads.sampleAll().notSeen().orElseThrow()).startsWith("virtual threads: line ");
  }

  private String text25() {
    try {
      return Resources.toString(Resources.getResource(ThreadDump.class, "file-25.txt"), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ThreadDumpCensus.Dump asText(String text) {
    return new ThreadDumpCensus.Dump() {
      @Override
      public void writeTo(Path file) throws IOException {
        files.add(file);
        Files.writeString(file, "{");
        throw new IOException("x != java.lang.Character");
      }

      @Override
      public void writeTextTo(Path file) throws IOException {
        files.add(file);
        Files.writeString(file, text);
      }
    };
  }

  @Test
  public void accusesNobodyWhereEitherListingIsNotKnown() {
    VirtualListing unknown = VirtualListing.unknown("no dump", ThreadClock.START);
    VirtualListing known = VirtualListing.of(IdSet.of(7), null, ThreadClock.START);

    assertThat(known.newSince(unknown)).isEqualTo(IdSet.NONE);
    assertThat(unknown.newSince(known)).isEqualTo(IdSet.NONE);
    assertThat(known.newSince(VirtualListing.NONE)).isEqualTo(IdSet.of(7));
  }

  @Test
  public void saysWhatTheDumpLeavesOut() {
    VirtualThreads threads = dumping(() -> true, this::write25, () -> Optional.of("some"));

    assertThat(threads.list().contains(22)).isTrue();
    assertThat(threads.list().notSeen().orElseThrow()).isEqualTo("some");
    assertThat(threads.sample(ImmutableSet.of(22L)).notSeen().isPresent()).isTrue();
  }

  @Test
  public void isSparedADumpWhileNoThreadIsMade() {
    VirtualThreads threads = dumping(() -> true, this::write25, Optional::empty);
    VirtualListing first = threads.list();
    // Somebody else in this JVM may make a thread meanwhile, but not each time.
    VirtualListing later = first;
    for (int i = 0; i < 100 && (i == 0 || later != first); i++) {
      first = threads.listSince(later);
      later = threads.listSince(first);
    }
    assertThat(later).isSameInstanceAs(first);

    Thread made = // where there are no virtual threads, it may be one that is not started
        ThreadForm.VIRTUAL.isThere()
            ? ThreadForm.VIRTUAL.start("made", () -> {})
            : ThreadForm.PLATFORM.unstarted("made", () -> {});
    assertThat(threads.listSince(later)).isNotSameInstanceAs(later);
    ThreadForm.end(made);
  }

  @Test
  public void isNotSparedADumpAfterOneThatFailed() {
    VirtualThreads threads = dumping(() -> true, this::write25, Optional::empty);

    assertThat(threads.listSince(VirtualListing.unknown("no dump", ThreadClock.START)).isKnown())
        .isTrue();
  }

  @Test
  public void saysThatAnOldJvmHasNoThreadDump() throws IOException {
    Path file = PrivateFolder.newFile();
    JvmThreadDump dump = new JvmThreadDump();
    if (ThreadForm.VIRTUAL.isThere()) {
      dump.writeTo(file);
      assertThat(Files.readString(file)).contains("\"threadDump\"");
      expectThrows(FileAlreadyExistsException.class, () -> dump.writeTo(file));
    } else {
      IOException error = expectThrows(IOException.class, () -> dump.writeTo(file));
      assertThat(error)
          .hasMessageThat()
          .isEqualTo("this JVM has no HotSpotDiagnosticMXBean.dumpThreads");
    }
    PrivateFolder.delete(file);
  }

  private static VirtualThreads dumping(
      BooleanSupplier everMade, ThreadDumpCensus.Dump dump, Supplier<Optional<String>> gap) {
    VirtualCensus census = new ThreadDumpCensus(dump, gap);
    return new VirtualThreads(everMade, () -> census);
  }

  private static ThreadDumpCensus.Dump dump(ThreadDumpCensus.Dump dump) {
    return dump;
  }

  private static Path folder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new AssertionError(file + " has no folder");
    }
    return folder;
  }

  private void write25(Path file) throws IOException {
    files.add(file);
    Files.writeString(
        file, Resources.toString(Resources.getResource(JsonDump.class, "dump-25.json"), UTF_8));
  }
}
