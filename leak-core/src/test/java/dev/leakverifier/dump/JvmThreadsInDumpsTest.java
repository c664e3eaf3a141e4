package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.leakverifier.thread.KnownThread;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

/** The JVM's own threads are known in saved dumps, too, though these tell no groups. */
public class JvmThreadsInDumpsTest {
  @Test
  public void knowsThoseOfJdk8() throws IOException {
    assertThat(
            known(
                """
                2026-11-24 09:15:02
                Full thread dump OpenJDK 64-Bit Server VM (25.402-b08 mixed mode):

                "Attach Listener" #43 daemon prio=9 os_prio=0 tid=0x00007f4ec4001000 nid=0x1c32 runnable [0x00007f4f1c5d6000]
                   java.lang.Thread.State: RUNNABLE
                \tat java.util.Properties.store0(Properties.java:846)
                \t- locked <0x00000000f0a1b2c8> (a java.util.Properties)
                \tat sun.misc.VMSupport.serializePropertiesToByteArray(VMSupport.java:73)
                \tat sun.misc.VMSupport.serializeAgentPropertiesToByteArray(VMSupport.java:84)

                "process reaper" #10 daemon prio=10 os_prio=0 tid=0x00007fd2efab9000 nid=0x5703 waiting on condition [0x0000700007662000]
                   java.lang.Thread.State: TIMED_WAITING (parking)
                \tat sun.misc.Unsafe.park(Native Method)
                \t- parking to wait for  <0x0000000780003040> (a java.util.concurrent.SynchronousQueue$TransferStack)
                \tat java.util.concurrent.locks.LockSupport.parkNanos(LockSupport.java:215)
                \tat java.util.concurrent.SynchronousQueue.poll(SynchronousQueue.java:941)
                \tat java.util.concurrent.ThreadPoolExecutor.getTask(ThreadPoolExecutor.java:1073)
                \tat java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1134)
                \tat java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:624)
                \tat java.lang.Thread.run(Thread.java:750)

                "process reaper" #64 daemon prio=10 os_prio=0 tid=0x00007fc1b0033800 nid=0x2670 runnable [0x00007fc1c874e000]
                   java.lang.Thread.State: RUNNABLE
                \tat java.lang.UNIXProcess.waitForProcessExit(Native Method)
                \tat java.lang.UNIXProcess.lambda$initStreams$3(UNIXProcess.java:289)
                \tat java.lang.UNIXProcess$$Lambda$14/1374542738.run(Unknown Source)
                \tat java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1149)
                \tat java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:624)
                \tat java.lang.Thread.run(Thread.java:750)

                JNI global references: 12
                """))
        .containsExactly(
            43L, Optional.of(KnownThread.ATTACH_LISTENER),
            10L, Optional.of(KnownThread.PROCESS_REAPER),
            64L, Optional.of(KnownThread.PROCESS_REAPER));
  }

  /** From a run of JDK 25, without what only 25 writes. */
  @Test
  public void knowsThoseOfTheFileOfJdk24() throws IOException {
    assertThat(
            known(
                """
                4711
                2026-11-24T09:32:10.104530Z
                24.0.2+12

                #36 "Attach Listener"
                      java.base/java.lang.Thread.asyncGetStackTrace(Thread.java:2218)
                      java.base/java.lang.Thread.getStackTrace(Thread.java:2196)
                      java.base/jdk.internal.vm.ThreadDumper.dumpThread(ThreadDumper.java:183)
                      java.base/jdk.internal.vm.ThreadDumper.dumpThreadsToFile(ThreadDumper.java:128)
                      java.base/jdk.internal.vm.ThreadDumper.dumpThreads(ThreadDumper.java:73)

                #33 "SubPoller-0" virtual
                      java.base/java.lang.VirtualThread.park(VirtualThread.java:742)
                      java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:367)
                      java.base/sun.nio.ch.Poller.poll(Poller.java:197)
                      java.base/sun.nio.ch.Poller.subPollerLoop(Poller.java:271)
                      java.base/sun.nio.ch.Poller$Pollers.lambda$start$2(Poller.java:366)
                      java.base/java.util.concurrent.ThreadPerTaskExecutor$TaskRunner.run(ThreadPerTaskExecutor.java:291)
                      java.base/java.lang.VirtualThread.run(VirtualThread.java:460)

                #21 "process reaper (pid 14960)"
                      java.base/java.lang.ProcessHandleImpl.waitForProcessExit0(Native Method)
                      java.base/java.lang.ProcessHandleImpl$1.run(ProcessHandleImpl.java:147)
                      java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1090)
                      java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:614)
                      java.base/java.lang.Thread.run(Thread.java:1474)
                      java.base/jdk.internal.misc.InnocuousThread.run(InnocuousThread.java:148)

                #22 "process reaper"
                      java.base/jdk.internal.misc.Unsafe.park(Native Method)
                      java.base/java.util.concurrent.SynchronousQueue.poll(SynchronousQueue.java:338)
                      java.base/java.util.concurrent.ThreadPoolExecutor.getTask(ThreadPoolExecutor.java:1015)
                      java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1076)
                      java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:614)
                      java.base/java.lang.Thread.run(Thread.java:1474)
                      java.base/jdk.internal.misc.InnocuousThread.run(InnocuousThread.java:148)

                """))
        .containsExactly(
            36L, Optional.of(KnownThread.ATTACH_LISTENER),
            33L, Optional.of(KnownThread.VIRTUAL_THREAD_POLLER),
            21L, Optional.of(KnownThread.JDK_HELPER),
            22L, Optional.of(KnownThread.JDK_HELPER));
  }

  @Test
  public void doesNotTakeAUsersThreadForOneByItsName() throws IOException {
    assertThat(
            known(
                """
                "process reaper" #64 daemon prio=10 os_prio=0 tid=0x01 nid=0x1 runnable [0x1]
                   java.lang.Thread.State: RUNNABLE
                \tat com.acme.Reaper.reap(Reaper.java:31)
                \tat java.lang.Thread.run(java.base@17.0.15/Thread.java:840)
                """))
        .containsExactly(64L, Optional.empty());
  }

  private static Map<Long, Optional<KnownThread>> known(String dump) throws IOException {
    return Dumps.read(dump).samples().stream()
        .collect(ImmutableMap.toImmutableMap(thread -> thread.id(), KnownThread::of));
  }
}
