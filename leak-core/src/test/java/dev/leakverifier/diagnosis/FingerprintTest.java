package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Strings;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;
import java.util.stream.Stream;
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
  public void doesNotDependOnTheNumbersOfKotlinAndGroovy() {
    assertSame(
        waiting("com.acme.Task.run$lambda-0:1", "com.acme.Shop$_pay_closure1.doCall:3"),
        waiting("com.acme.Task.run$lambda-2:9", "com.acme.Shop$_pay_closure4.doCall:8"));
  }

  /** It is what the thread was made to run that counts; a group of a report is told by more. */
  @Test
  public void doesNotDependOnWhereAThreadStands() {
    ThreadSample one = waiting("com.acme.Task.poll:1", "com.acme.Task.run:2");
    ThreadSample other = waiting("com.acme.Task.push:7", "com.acme.Task.run:3");

    assertSame(one, other);
    assertThat(Fingerprint.of(one, false)).isNotEqualTo(Fingerprint.of(other, false));
  }

  @DataProvider
  Object[][] workers() {
    String[] pool = {
      "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker:1136",
      "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run:635"
    };
    String[] forkJoin = {"java.base/java.util.concurrent.ForkJoinPool.runWorker:1623"};
    return new Object[][] {{pool}, {forkJoin}};
  }

  @Test(dataProvider = "workers")
  public void isTheSameOfAPoolsWorkerAtItsTaskAndIdle(String[] bottom) {
    assertSame(
        waiting(bottom),
        waiting(
            Stream.concat(
                    Stream.of("java.base/java.lang.Thread.sleep", "com.acme.Task.run:7"),
                    Stream.of(bottom))
                .toArray(String[]::new)));
  }

  @Test
  public void isTheSameOfATimersThreadAtItsTaskAndIdle() {
    String timer = "java.util.TimerThread";
    String loop = "java.base/java.util.TimerThread.mainLoop:563";

    assertSame(
        Samples.of(
            new Thread("tick"),
            timer,
            Thread.State.TIMED_WAITING,
            "java.base/java.lang.Object.wait",
            loop),
        Samples.of(new Thread("tick"), timer, Thread.State.RUNNABLE, "com.acme.Task.run:7", loop));
  }

  @Test
  public void tellsApartWhatRunsSomethingElse() {
    assertThat(Fingerprint.of(waiting("com.acme.Task.run:1"), true))
        .isNotEqualTo(Fingerprint.of(waiting("com.acme.Task.stop:1"), true));
  }

  @Test
  public void tellsApartWhatWasCalledFromElsewhere() {
    Fingerprint one = Fingerprint.of(started("com.acme.ShopTest.pays:7"), true);
    Fingerprint other = Fingerprint.of(started("com.acme.ShopTest.buys:9"), true);

    assertThat(one.matches(other)).isFalse();
    assertThat(one.isAlike(other)).isTrue();
    assertThat(one.matches(new Fingerprint(one.what(), one.startedBy()))).isTrue();
  }

  /** A helper that starts a thread, called from a test. */
  private static ThreadSample started(String test) {
    return Samples.startedBy(
        new ThreadOrigin(
            1,
            "main",
            Stream.of(
                    "java.base/java.lang.Thread.start:1525",
                    "com.acme.Pool.submit:52",
                    test,
                    "java.base/java.lang.reflect.Method.invoke:569",
                    "org.testng.internal.Invoker.invoke:9")
                .map(Samples::frame)
                .toList(),
            Optional.empty()),
        "t");
  }

  private static void assertSame(ThreadSample one, ThreadSample other) {
    assertWithMessage("%s", other.stack())
        .that(Fingerprint.of(other, false).toString())
        .isEqualTo(Fingerprint.of(one, false).toString());
  }

  private static ThreadSample waiting(String... frames) {
    return Samples.of("t", Thread.State.WAITING, frames);
  }
}
