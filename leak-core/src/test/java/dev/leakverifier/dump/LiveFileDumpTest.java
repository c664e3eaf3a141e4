package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.dump.Dumps.thread;
import static dev.leakverifier.dump.Dumps.waitOf;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What {@code jcmd Thread.dump_to_file} writes of this JVM, against the threads themselves. */
public class LiveFileDumpTest extends VirtualThreadTests {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";

  @DataProvider
  Object[][] formats() {
    return new String[][] {{"TEXT_PLAIN"}, {"JSON"}};
  }

  @Test(dataProvider = "formats")
  public void readsTheThreadsOfThisJvm(String format) throws Exception {
    try (BlockedThread platform = BlockedThread.start("live \"dump\"\nof a file");
        BlockedThread virtual = ThreadForm.VIRTUAL.startBlocked("virtual \u00e4")) {
      ThreadDump dump = dump(format);

      assertThat(dump.notes()).isEmpty();
      assertThat(dump.jvm().orElse("")).isEqualTo(Runtime.version().toString());
      LiveDumpTest.assertIs(thread(dump, platform.thread().getName()).sample(), platform.thread());
      ThreadSample found = thread(dump, "virtual \u00e4").sample();
      LiveDumpTest.assertIs(found, virtual.thread());
      assertThat(found.isVirtual()).isTrue();
      if (Runtime.version().feature() >= 25) { // older ones tell of no locks
        assertThat(waitOf(dump, "virtual \u00e4"))
            .isEqualTo("PARK java.util.concurrent.CountDownLatch$Sync");
      }
    }
  }

  private static ThreadDump dump(String format) throws ReflectiveOperationException, IOException {
    Class<? extends PlatformManagedObject> bean =
        Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
    Class<?> formats = Class.forName(BEAN + "$ThreadDumpFormat");
    Path folder = Files.createTempDirectory("dump");
    Path file = folder.resolve("dump.txt");
    try {
      bean.getMethod("dumpThreads", String.class, formats)
          .invoke(
              ManagementFactory.getPlatformMXBean(bean),
              file.toString(),
              formats.getField(format).get(null));
      return ThreadDump.read(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
