package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Strings;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class FingerprintTest {
  @DataProvider
  Object[][] names() {
    return new Object[][] {
      {"pool-1-thread-12", "pool-*-thread-*"},
      {"worker7", "worker*"},
      {"conn-1a2b", "conn-*"},
      {"thread1", "thread*"},
      {"3f2504e0-4f89-11d3-abcd-0305e82c3301", "*"},
      {"deadbeef", "deadbeef"},
      {"", ""},
    };
  }

  @Test(dataProvider = "names")
  public void foldsNumbersInNames(String name, String folded) {
    assertThat(Fingerprint.foldedName(name)).isEqualTo(folded);
  }

  /** Of which a pattern that tries all ways would not come to an end. */
  @Test
  public void foldsAVeryLongName() {
    assertThat(Fingerprint.foldedName(Strings.repeat("1", 65_536))).isEqualTo("*");
    assertThat(Fingerprint.foldedName(Strings.repeat("a", 65_536) + "x")).hasLength(65_537);
  }

  @Test
  public void isTheSameWhateverTheJdkCallsInside() {
    assertSame(
        waiting(
            "java.base/jdk.internal.misc.Unsafe.park",
            "java.base/java.util.concurrent.ForkJoinPool.awaitWork:1726",
            "java.base/java.util.concurrent.ForkJoinPool.runWorker:1623",
            "java.base/java.util.concurrent.ForkJoinWorkerThread.run:165"),
        waiting(
            "java.base/java.util.concurrent.ForkJoinPool.awaitWork:2009",
            "java.base/java.util.concurrent.ForkJoinPool.deactivate:1963",
            "java.base/java.util.concurrent.ForkJoinPool.runWorker:1875",
            "java.base/java.util.concurrent.ForkJoinWorkerThread.run:187"));
  }

  @Test
  public void isTheSameWhenReflectionIsCompiled() {
    assertSame(
        waiting(
            "com.acme.Task.run:1",
            "java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0",
            "com.acme.Runner.run:2"),
        waiting(
            "com.acme.Task.run:1",
            "jdk.internal.reflect.GeneratedMethodAccessor12.invoke",
            "com.acme.Runner.run:2"));
  }

  @Test
  public void doesNotDependOnTheNumbersOfLambdasClassesAndProxies() {
    assertSame(
        waiting("com.acme.Task.lambda$new$0:1", "com.acme.A$1.run:1", "com.acme.$Proxy7.run"),
        waiting("com.acme.Task.lambda$new$3:9", "com.acme.A$2.run:7", "com.acme.$Proxy14.run"));
  }

  @Test
  public void tellsApartWhatStandsElsewhere() {
    assertThat(Fingerprint.of(waiting("com.acme.Task.run:1"), false))
        .isNotEqualTo(Fingerprint.of(waiting("com.acme.Task.stop:1"), false));
  }

  private static void assertSame(ThreadSample one, ThreadSample other) {
    assertWithMessage("%s", other.stack())
        .that(Fingerprint.of(other, false))
        .isEqualTo(Fingerprint.of(one, false));
  }

  private static ThreadSample waiting(String... frames) {
    return Samples.of("t", Thread.State.WAITING, frames);
  }
}
