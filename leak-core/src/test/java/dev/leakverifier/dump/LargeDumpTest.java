package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Strings;
import com.google.common.collect.Iterators;
import com.google.common.io.ByteStreams;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Dumps that are far larger than what is kept of them, in a JVM with little room. */
public class LargeDumpTest {
  /** What was read takes 34 MiB (measured); the rest is for reading it. */
  private static final String HEAP = "-Xmx98m";

  @DataProvider
  Object[][] forms() {
    return new String[][] {{"text"}, {"json"}};
  }

  @Test(dataProvider = "forms")
  public void readsAHundredThousandThreadsWith64MebibytesBesideTheResult(String form)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                ReadAHundredThousand.class.getName(),
                form)
            .redirectErrorStream(true)
            .start();
    String output = new String(ByteStreams.toByteArray(process.getInputStream()), UTF_8);

    assertThat(process.waitFor()).isEqualTo(0);
    assertThat(output).isEqualTo("100000 threads, []");
  }

  static final class ReadAHundredThousand {
    public static void main(String[] args) throws UnreadableDumpException {
      boolean json = args[0].equals("json");
      String name = Strings.repeat("x", 10);
      Iterator<InputStream> threads =
          IntStream.range(0, 100_000)
              .mapToObj(i -> stream(json ? jsonThread(i, name + i) : textThread(i, name + i)))
              .iterator();
      Iterator<InputStream> dump =
          Iterators.concat(
              Iterators.singletonIterator(stream(json ? JSON_HEAD : TEXT_HEAD)),
              threads,
              Iterators.singletonIterator(stream(json ? "]}]}}" : "JNI global refs: 1\n")));
      ThreadDump read =
          ThreadDump.read("large", new SequenceInputStream(Iterators.asEnumeration(dump)));
      System.out.print(read.threads().size() + " threads, " + read.notes());
    }
  }

  private static final String TEXT_HEAD = "Full thread dump OpenJDK (17):\n\n";
  private static final String JSON_HEAD =
      "{\"threadDump\": {\"threadContainers\": [{\"container\": \"<root>\", \"threads\": [";

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String textThread(int i, String name) {
    return """
        "%s" #%d prio=5 tid=0x%x nid=0x1 waiting on condition [0x1]
           java.lang.Thread.State: WAITING (parking)
        \tat com.acme.Shop.step%d(acme.shop@1.0/Shop.java:7)
        \t- parking to wait for  <0x%x> (a java.util.concurrent.CountDownLatch$Sync)
        %s
        """
        .formatted(
            name,
            i,
            i,
            i % 50,
            i,
            Strings.repeat("\tat java.lang.Thread.run(Thread.java:1)\n", 20));
  }

  private static String jsonThread(int i, String name) {
    return """
        %s{"tid": %d, "name": "%s", "state": "WAITING", "virtual": true,
          "parkBlocker": {"object": "java.util.concurrent.CountDownLatch$Sync@%x"},
          "stack": [%s "com.acme.Shop.step%d(Shop.java:7)"]}
        """
        .formatted(
            i == 0 ? "" : ",",
            i,
            name,
            i,
            Strings.repeat("\"java.base/java.lang.Thread.run(Thread.java:1)\",\n", 20),
            i % 50);
  }
}
