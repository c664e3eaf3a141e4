package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.zip.GZIPOutputStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is no thread dump that can be read is called by its name. */
public class OtherFormTest {
  @Test
  public void namesACompressedDump() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(Dumps.text("jstack-17.txt").getBytes(UTF_8));
    }
    assertThat(refusal(bytes.toByteArray()))
        .isEqualTo("dump: this is a file compressed with gzip; unpack it with gunzip first");
  }

  @DataProvider
  Object[][] beginnings() {
    return new Object[][] {
      {"PK\u0003\u0004\u0014", "a zip archive;"},
      {"BZh91AY&SY", "a file compressed with bzip2;"},
      {"\u00fd7zXZ\u0000\u0000", "a file compressed with xz;"},
      {"(\u00b5/\u00fd\u0004", "a file compressed with zstd;"},
      {"JAVA PROFILE 1.0.2\u0000", "a heap dump;"},
      {"FLR\u0000\u0000\u0002", "a flight recording;"},
    };
  }

  @Test(dataProvider = "beginnings")
  public void namesWhatItsFirstBytesShow(String bytes, String name) {
    assertThat(refusal(bytes.getBytes(ISO_8859_1))).startsWith("dump: this is " + name);
  }

  @Test
  public void namesAJavacore() {
    String javacore =
        """
        0SECTION       TITLE subcomponent dump routine
        NULL           ===============================
        1TISIGINFO     Dump Event "user" (00004000) received
        NULL           ------------------------------------------------------------------------
        0SECTION       THREADS subcomponent dump routine
        1XMTHDINFO     Thread Details
        3XMTHREADINFO      "main" J9VMThread:0x0000000000018B00, state:CW, prio=5
        4XESTACKTRACE                at java/lang/Thread.sleepImpl(Native Method)
        """;
    String old =
        """
        NULL           ------------------------------------------------------------------------
        0SECTION       XM subcomponent dump routine
        1XMFULLTHDUMP  Full thread dump Classic VM (J2RE 1.4.2 IBM build cxia32142-20050609, native threads):
        3XMTHREADINFO      "main" (TID:0x300CB530, sys_thread_t:0x804C9B8, state:R, native ID:0x400) prio=5
        4XESTACKTRACE          at java.net.PlainSocketImpl.socketAccept(Native Method)
        """;
    for (String text : new String[] {javacore, "log\n" + javacore, old}) {
      assertWithMessage(text)
          .that(refusal(text.getBytes(UTF_8)))
          .matches(
              "dump: line [12]: this is a javacore of OpenJ9 or of an IBM JVM, which cannot be read;"
                  + " take a thread dump with VisualVM or Spring Boot's actuator");
    }
  }

  @Test
  public void namesAForcedDump() {
    String jdk8 =
        """
        Debugger attached successfully.
        Deadlock Detection:

        No deadlocks found.

        Thread 12: (state = BLOCKED)
         - java.lang.Object.wait(long) @bci=0 (Interpreted frame)
        """;
    String jdk17 =
        """
        "main" #1 prio=5 tid=0x00007f9048017ea0 nid=0x398b waiting on condition [0x00007f904e7fe000]
           java.lang.Thread.State: TIMED_WAITING (sleeping)
           JavaThread state: _thread_blocked
         - java.lang.Thread.sleep(long) @bci=0 (Compiled frame; information may be imprecise)
         - com.acme.Shop.main(java.lang.String[]) @bci=272, line=15 (Interpreted frame)
        """;
    assertThat(refusal(jdk8.getBytes(UTF_8)))
        .startsWith("dump: line 6: this is the output of jstack -F");
    assertThat(refusal(jdk17.getBytes(UTF_8)))
        .startsWith("dump: line 4: this is the output of jstack -F");
  }

  @Test
  public void namesWhatThreadInfoWrites() {
    StringBuilder text = new StringBuilder();
    for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      text.append(info);
    }
    assertThat(refusal(text.toString().getBytes(UTF_8)))
        .startsWith("dump: line 1: this is the output of ThreadInfo.toString(), which has only");
  }

  /** A watchdog that logs threads in its own way does not hide the dump that follows. */
  @Test
  public void readsADumpAfterLinesOfOtherForms() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    String log = "\"main\" prio=5 Id=1 RUNNABLE\n\tat com.acme.Shop.main(Shop.java:1)\n\n" + dump;

    assertThat(Dumps.names(Dumps.read(log))).isEqualTo(Dumps.names(Dumps.read(dump)));
    assertThat(Dumps.read(log).notes()).isEmpty();
  }

  private static String refusal(byte[] bytes) {
    return String.valueOf(
        expectThrows(UnreadableDumpException.class, () -> Dumps.read(bytes)).getMessage());
  }
}
