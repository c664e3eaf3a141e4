package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.dump.Dumps.deadlocks;
import static dev.leakverifier.dump.Dumps.locked;
import static dev.leakverifier.dump.Dumps.thread;
import static dev.leakverifier.dump.Dumps.waitOf;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

/** What Spring Boot's actuator and VisualVM write, from what the JVM's bean tells them. */
public class BeanDumpTest {
  /** Made by Spring Boot 3.5 on JDK 17. */
  @Test
  public void readsTheTextOfTheActuator() throws IOException {
    ThreadDump dump = Dumps.saved("actuator-17.txt");

    assertThat(dump.notes()).isEmpty();
    assertThat(dump.jvm())
        .isEqualTo(Optional.of("OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing)"));
    assertThat(dump.time()).isEqualTo(Optional.of("2026-11-28 21:47:06"));
    assertThat(deadlocks(dump))
        .containsExactly(List.of("seller", "buyer"), List.of("shipper", "packer"))
        .inOrder();
    assertThat(waitOf(dump, "shipper"))
        .isEqualTo("PARK java.util.concurrent.locks.ReentrantLock$NonfairSync held by packer");
    assertThat(locked(thread(dump, "shipper")))
        .containsExactly("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    assertThat(thread(dump, "seller").sample().id()).isEqualTo(12);
    assertThat(
            thread(dump, "pool-1-thread-1").sample().frames().stream().allMatch(StackFrames::isJdk))
        .isTrue();
  }

  @Test
  public void readsTheSameFromTheJsonOfTheActuator() throws IOException {
    ThreadDump json = Dumps.saved("actuator-17.json");
    ThreadDump text = Dumps.saved("actuator-17.txt");

    assertThat(json.notes()).isEmpty();
    assertThat(json.threads().toString()).isEqualTo(text.threads().toString());
    assertThat(deadlocks(json)).isEqualTo(deadlocks(text));
    assertThat(json.samples().stream().map(ThreadSample::frames).toList())
        .isEqualTo(text.samples().stream().map(ThreadSample::frames).toList());
    assertThat(json.samples().stream().map(ThreadSample::id).toList())
        .isEqualTo(text.samples().stream().map(ThreadSample::id).toList());
    assertThat(thread(json, "Finalizer").sample().isDaemon()).isTrue();
  }

  @Test
  public void readsJsonOfTheActuatorWithNullsAndWithoutModules() throws IOException {
    ThreadDump dump =
        Dumps.read(
            """
            { "threads" : [ {
              "threadName": "report-timer", "threadId": 12, "threadState": "TIMED_WAITING",
              "lockName": null, "lockOwnerName": null, "lockOwnerId": -1, "lockInfo": null,
              "lockedMonitors": [], "lockedSynchronizers": [],
              "stackTrace": [
                {"className": "sun.misc.Unsafe", "methodName": "park", "fileName": null,
                  "lineNumber": -2, "nativeMethod": true},
                {"className": "com.acme.Timer", "methodName": "run", "lineNumber": -1}]
            } ] }
            """);

    assertThat(dump.samples().get(0).stack())
        .isEqualTo("sun.misc.Unsafe.park(Native Method)\ncom.acme.Timer.run(Unknown Source)");
    assertThat(StackFrames.isJdk(dump.samples().get(0).frames().get(0))).isTrue();
    assertThat(StackFrames.isJdk(dump.samples().get(0).frames().get(1))).isFalse();
    assertThat(waitOf(dump, "report-timer")).isEqualTo("nothing");
  }

  @Test
  public void readsTheTextOfVisualVm() throws IOException {
    String actuator = Dumps.text("actuator-17.txt");
    ThreadDump dump = Dumps.read(actuator.replace("\t- Locked", "\t- locked").stripTrailing());

    assertThat(dump.threads().toString()).isEqualTo(Dumps.read(actuator).threads().toString());
    assertThat(dump.notes()).isEmpty();
  }

  @Test
  public void tellsTheJdksFramesOfJdk8ByTheirPackage() throws IOException {
    ThreadDump dump =
        Dumps.read(
            """
            2026-11-24 09:15:02
            Full thread dump OpenJDK 64-Bit Server VM (25.402-b08 mixed mode):

            "report-timer" - Thread t@12
               java.lang.Thread.State: TIMED_WAITING
            \tat java.lang.Object.wait(Native Method)
            \t- waiting on <1c2b5f6a> (a java.util.TaskQueue)
            \tat java.util.TimerThread.mainLoop(Timer.java:552)
            \tat java.util.TimerThread.run(Timer.java:505)

               Locked ownable synchronizers:
            \t- None
            """);

    assertThat(thread(dump, "report-timer").sample().frames().stream().allMatch(StackFrames::isJdk))
        .isTrue();
    assertThat(waitOf(dump, "report-timer")).isEqualTo("NOTIFICATION java.util.TaskQueue");
  }
}
