package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.leakverifier.dump.Dumps.deadlocks;
import static dev.leakverifier.dump.Dumps.locked;
import static dev.leakverifier.dump.Dumps.names;
import static dev.leakverifier.dump.Dumps.saved;
import static dev.leakverifier.dump.Dumps.thread;
import static dev.leakverifier.dump.Dumps.waitOf;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the dumps of each JDK say, read to the letter. */
public class ThreadDumpTest {
  @Test
  public void readsJstackOfJdk8() throws IOException {
    ThreadDump dump = saved("jstack-8.txt");

    assertThat(dump.jvm())
        .isEqualTo(Optional.of("OpenJDK 64-Bit Server VM (25.402-b08 mixed mode)"));
    assertThat(dump.time()).isEqualTo(Optional.of("2026-11-24 09:15:02"));
    assertThat(names(dump))
        .containsExactly(
            "Attach Listener", "stock-writer", "ledger-writer", "report-timer", "DestroyJavaVM")
        .inOrder();
    assertThat(dump.notes()).isEmpty();
    ThreadSample writer = thread(dump, "stock-writer").sample();
    assertThat(writer.id()).isEqualTo(12);
    assertThat(writer.state()).isEqualTo(Thread.State.BLOCKED);
    assertThat(writer.isDaemon()).isFalse();
    assertThat(writer.groupName()).isEmpty();
    assertThat(writer.stack())
        .isEqualTo(
            """
            com.acme.Stock.write(Stock.java:40)
            com.acme.Main.lambda$main$0(Main.java:11)
            java.lang.Thread.run(Thread.java:750)""");
    assertThat(deadlocks(dump)).containsExactly(List.of("stock-writer", "ledger-writer"));
    assertThat(waitOf(dump, "stock-writer"))
        .isEqualTo("ENTER com.acme.Stock held by ledger-writer");
    assertThat(locked(thread(dump, "stock-writer")))
        .containsExactly("java.lang.Class for com.acme.Ledger");
  }

  @Test
  public void tellsTheJdksFramesOfJdk8ByTheirPackage() throws IOException {
    ThreadSample timer = thread(saved("jstack-8.txt"), "report-timer").sample();

    assertThat(timer.isDaemon()).isTrue();
    assertThat(timer.threadClass()).isEqualTo("java.util.TimerThread");
    assertThat(timer.frames().stream().allMatch(StackFrames::isJdk)).isTrue();
    ThreadSample writer = thread(saved("jstack-8.txt"), "stock-writer").sample();
    assertThat(writer.frames().stream().filter(StackFrames::isJdk).count()).isEqualTo(1);
  }

  @Test
  public void doesNotTakeAClassOfTheUsersForTheJdksWhereThereAreModules() throws IOException {
    String faked =
        Dumps.text("jstack-11.txt").replace("com.acme.Main.main(", "sun.acme.Main.main(");
    ThreadSample main = thread(Dumps.read(faked), "main").sample();

    assertThat(main.frames().get(3).getClassName()).isEqualTo("sun.acme.Main");
    assertThat(StackFrames.isJdk(main.frames().get(3))).isFalse();
    assertThat(StackFrames.isJdk(main.frames().get(0))).isTrue();
  }

  @Test
  public void readsJstackOfJdk11() throws IOException {
    ThreadDump dump = saved("jstack-11.txt");

    assertThat(names(dump))
        .containsExactly("main", "late", "keeper", "C2 CompilerThread0")
        .inOrder();
    assertThat(dump.notes()).isEmpty();
    assertThat(dump.deadlocks()).isEmpty();
    assertThat(thread(dump, "keeper").sample().frames().get(1).getModuleName())
        .isEqualTo("acme.shop");
    assertThat(waitOf(dump, "keeper")).isEqualTo("nothing");
    assertThat(locked(thread(dump, "keeper"))).containsExactly("com.acme.Gate");
    assertThat(thread(dump, "C2 CompilerThread0").sample().frames()).isEmpty();
  }

  @Test
  public void tellsAThreadThatWaitsForNotificationFromOneThatGoesOn() throws IOException {
    ThreadDump dump = saved("jstack-11.txt");

    assertThat(waitOf(dump, "main")).isEqualTo("NOTIFICATION com.acme.Gate");
    assertThat(waitOf(dump, "late")).isEqualTo("ENTER com.acme.Gate held by keeper");
    assertThat(locked(thread(dump, "main"))).isEmpty();
    assertThat(locked(thread(dump, "late"))).isEmpty();
  }

  @DataProvider
  Object[][] ofShop() {
    return new String[][] {
      {"print-17.txt"},
      {"jstack-17.txt"},
      {"print-25.txt"},
      {"file-25.txt"},
      {"file-25.json"},
      {"actuator-17.txt"},
      {"actuator-17.json"},
    };
  }

  /** The same program ran in all of them. */
  @Test(dataProvider = "ofShop")
  public void readsTheSameOfTheSameProgram(String name) throws IOException {
    ThreadDump dump = saved(name);

    assertThat(names(dump))
        .containsAtLeast(
            "main",
            "Signal Dispatcher",
            "seller",
            "buyer",
            "shipper",
            "packer",
            "clerk",
            "customer \"1\"",
            "two\nlines",
            "gr\u00fc\u00df #7",
            "pool-1-thread-1",
            "pool-2-thread-1")
        .inOrder();
    assertThat(names(dump)).doesNotContain("VM Thread");
    assertThat(deadlocks(dump)).contains(List.of("seller", "buyer"));
    assertThat(waitOf(dump, "seller")).isEqualTo("ENTER com.acme.Shop$Stock held by buyer");
    assertThat(locked(thread(dump, "seller"))).containsExactly("com.acme.Shop$Cart");
    assertThat(waitOf(dump, "customer \"1\"")).isEqualTo("ENTER java.lang.Object held by clerk");
    assertThat(locked(thread(dump, "clerk"))).containsExactly("java.lang.Object");
    assertThat(waitOf(dump, "two\nlines")).isEqualTo("NOTIFICATION java.lang.Object");
    assertThat(locked(thread(dump, "two\nlines"))).isEmpty();
    assertThat(waitOf(dump, "gr\u00fc\u00df #7"))
        .isEqualTo("PARK java.util.concurrent.CountDownLatch$Sync");

    ThreadSample seller = thread(dump, "seller").sample();
    assertThat(seller.state()).isEqualTo(Thread.State.BLOCKED);
    assertThat(seller.topFunction()).isEqualTo("com.acme.Shop.sell");
    assertThat(seller.frames()).hasSize(3);
    assertThat(seller.hasFunction("java.lang.Thread.run")).isTrue();
    ThreadSample main = thread(dump, "main").sample();
    assertThat(main.state()).isEqualTo(Thread.State.TIMED_WAITING);
    assertThat(main.isVirtual()).isFalse();
    assertThat(main.frames().get(0).isNativeMethod()).isTrue();
    assertThat(StackFrames.isJdk(main.frames().get(0))).isTrue();
    assertThat(thread(dump, "Signal Dispatcher").sample().frames()).isEmpty();
    assertThat(thread(dump, "Finalizer").sample().threadClass())
        .isEqualTo("java.lang.ref.Finalizer$FinalizerThread");
  }

  @Test
  public void takesTheHolderOfALockFromTheJvmsFindingsWhereThereIsNoList() throws IOException {
    ThreadDump dump = saved("print-17.txt");

    assertThat(deadlocks(dump))
        .containsExactly(List.of("seller", "buyer"), List.of("shipper", "packer"))
        .inOrder();
    assertThat(locked(thread(dump, "packer"))).isEmpty();
    assertThat(dump.notes()).isEmpty();
  }

  @Test
  public void findsADeadlockFromTheLocksAlone() throws IOException {
    for (String name : new String[] {"jstack-17.txt", "print-25.txt"}) {
      String whole = Dumps.text(name);
      ThreadDump dump =
          Dumps.read(whole.substring(0, whole.indexOf("Found one Java-level deadlock")));

      assertThat(deadlocks(dump))
          .containsExactly(List.of("seller", "buyer"), List.of("shipper", "packer"))
          .inOrder();
      assertThat(waitOf(dump, "shipper"))
          .isEqualTo("PARK java.util.concurrent.locks.ReentrantLock$NonfairSync held by packer");
      assertThat(dump.notes()).isEmpty();
    }
  }

  @Test
  public void findsNoDeadlockAmongThreadsThatWaitForALimitedTime() throws IOException {
    String waiting = "   java.lang.Thread.State: WAITING (parking)\n";
    String limited =
        Dumps.text("jstack-17.txt").replace(waiting, waiting.replace(": ", ": TIMED_"));
    ThreadDump dump = Dumps.read(limited);

    assertThat(deadlocks(dump)).containsExactly(List.of("seller", "buyer"));
  }

  @Test
  public void findsACycleOfManyAndThoseWhoWaitForItAreNotInIt() throws IOException {
    StringBuilder dump = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      dump.append(blocked("waiter" + i, 100_000 + i, i % 7));
      dump.append(blocked("t" + i, i, (i + 1) % 1_000));
    }
    ThreadDump read = Dumps.read(dump.toString());

    assertThat(read.deadlocks()).hasSize(1);
    assertThat(deadlocks(read).get(0)).hasSize(1_000);
    assertThat(deadlocks(read).get(0).get(0)).isEqualTo("t0");
    assertThat(deadlocks(read).get(0).get(999)).isEqualTo("t999");
  }

  private static String blocked(String name, int holds, int wants) {
    return """
        "%s" #%d prio=5 tid=0x1 nid=0x1 waiting for monitor entry
           java.lang.Thread.State: BLOCKED (on object monitor)
        \tat com.acme.Ring.next(Ring.java:1)
        \t- waiting to lock <0x%x> (a com.acme.Ring)
        \t- locked <0x%x> (a com.acme.Ring)

        """
        .formatted(name, holds, wants, holds);
  }

  @Test
  public void saysSoIfTheJvmFoundADeadlockThatTheLocksDoNotShow() throws IOException {
    String dump = Dumps.text("print-17.txt").replaceAll("which is held by \".*\"", "which is lost");
    String without = dump.replaceAll("- locked <.*", "- None");

    assertThat(Dumps.read(without).deadlocks()).isEmpty();
    assertThat(Dumps.only(Dumps.read(without).notes()).orElse(""))
        .matches("line \\d+: the JVM reports a deadlock that the threads' locks do not show");
  }

  @Test
  public void saysThatADeadlockIsNotCertainWhereThreadsRanDuringTheDump() throws IOException {
    for (String name : new String[] {"file-25.txt", "file-25.json"}) {
      assertThat(Dumps.only(saved(name).notes()).orElse("")).contains("only if a second dump");
    }
  }

  @Test
  public void readsTheVirtualThreadOnACarrierOfJdk25() throws IOException {
    ThreadDump dump = saved("print-25.txt");
    ThreadSample virtual = thread(dump, "").sample();

    assertThat(virtual.isVirtual()).isTrue();
    assertThat(virtual.id()).isEqualTo(33);
    assertThat(virtual.stack())
        .isEqualTo(
            """
            com.acme.Shop.lambda$main$6(Shop.java:40)
            java.lang.VirtualThread.run(VirtualThread.java:460)""");
    ThreadSample carrier = thread(dump, "ForkJoinPool-1-worker-2").sample();
    assertThat(carrier.isVirtual()).isFalse();
    assertThat(carrier.threadClass()).isEqualTo("java.util.concurrent.ForkJoinWorkerThread");
    assertThat(carrier.topFunction()).isEqualTo("jdk.internal.vm.Continuation.run");
    assertThat(carrier.state()).isEqualTo(Thread.State.RUNNABLE);
    assertThat(dump.jvm())
        .isEqualTo(Optional.of("OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing)"));
  }

  @Test
  public void readsPrintOfJdk21() throws IOException {
    ThreadDump dump = saved("print-21.txt");

    assertThat(names(dump)).containsExactly("main", "ForkJoinPool-1-worker-1", "till").inOrder();
    assertThat(waitOf(dump, "main"))
        .isEqualTo("PARK java.util.concurrent.locks.ReentrantLock$NonfairSync held by till");
    assertThat(thread(dump, "till").sample().stack())
        .isEqualTo(
            """
            java.lang.Thread.sleep0(Native Method)
            java.lang.Thread.sleep(Thread.java:509)
            com.acme.Till.count(Till.java:19)
            java.lang.Thread.run(Thread.java:1583)""");
    assertThat(thread(dump, "ForkJoinPool-1-worker-1").sample().frames()).hasSize(4);
    assertThat(dump.notes()).isEmpty();
  }

  @Test
  public void readsTheFileOfJdk21() throws IOException {
    ThreadDump dump = saved("file-21.txt");

    assertThat(dump.jvm()).isEqualTo(Optional.of("21.0.9+10-LTS"));
    assertThat(dump.time()).isEqualTo(Optional.of("2026-11-24T09:32:10.104530Z"));
    assertThat(names(dump))
        .containsExactly("main", "Signal Dispatcher", "", "pool-1-thread-1", "two\nlines")
        .inOrder();
    assertThat(thread(dump, "").sample().isVirtual()).isTrue();
    assertThat(thread(dump, "").sample().id()).isEqualTo(21);
    assertThat(thread(dump, "two\nlines").sample().isVirtual()).isTrue();
    assertThat(thread(dump, "two\nlines").sample().topFunction()).isEqualTo("com.acme.Till.count");
    assertThat(dump.notes()).isEmpty();
    assertThat(dump.samples().stream().map(ThreadSample::state).toList())
        .containsExactly(
            Thread.State.TIMED_WAITING,
            Thread.State.RUNNABLE,
            Thread.State.WAITING,
            Thread.State.TIMED_WAITING,
            Thread.State.RUNNABLE)
        .inOrder();
  }

  @DataProvider
  Object[][] filesOfJdk25() {
    return new String[][] {{"file-25.txt"}, {"file-25.json"}};
  }

  @Test(dataProvider = "filesOfJdk25")
  public void readsTheVirtualThreadsOfJdk25(String name) throws IOException {
    ThreadDump dump = saved(name);

    assertThat(dump.jvm()).isEqualTo(Optional.of("25.0.3+9-LTS"));
    assertThat(dump.time().orElse("")).startsWith("2026-11-24T20:35:58.");
    assertThat(
            dump.samples().stream()
                .filter(ThreadSample::isVirtual)
                .map(ThreadSample::name)
                .toList())
        .containsExactly("caller", "miner", "courier", "line\n#9 \"fake\" virtual", "")
        .inOrder();
    assertThat(waitOf(dump, "caller")).isEqualTo("ENTER java.lang.Object held by clerk");
    assertThat(thread(dump, "courier").sample().standsIn("com.acme.Shop.await")).isTrue();
    assertThat(thread(dump, "courier").sample().state()).isEqualTo(Thread.State.WAITING);
  }

  @Test
  public void readsWhatAThreadBelongsToFromJson() throws IOException {
    ThreadDump dump = saved("file-25.json");

    assertThat(thread(dump, "pool-1-thread-1").sample().owner())
        .isEqualTo(Optional.of("java.util.concurrent.ThreadPoolExecutor@70dea4e"));
    assertThat(thread(dump, "").sample().owner())
        .isEqualTo(Optional.of("java.util.concurrent.ThreadPerTaskExecutor@7f4bb0c7"));
    assertThat(thread(dump, "seller").sample().owner()).isEqualTo(Optional.empty());
  }

  /** As JDK 26 does. */
  @Test
  public void readsWhoHoldsWhatAThreadIsParkedForWhereTheFileTells() throws IOException {
    String text =
        Dumps.text("file-25.txt")
            .replaceFirst("(#18 .*\\n.*\\n *- parking to wait for <.*>)", "$1, owner #19")
            .replaceFirst("(#19 .*\\n.*\\n *- parking to wait for <.*>)", "$1, owner #18");
    String json =
        Dumps.text("file-25.json")
            .replaceFirst("(NonfairSync@397a2af4\")", "$1, \"owner\": \"19\"")
            .replaceFirst("(NonfairSync@511c6b08\")", "$1, \"owner\": 18");
    for (String dump : new String[] {text, json}) {
      assertThat(deadlocks(Dumps.read(dump)))
          .containsExactly(List.of("seller", "buyer"), List.of("shipper", "packer"))
          .inOrder();
    }
  }

  @Test
  public void readsTheJsonOfJdk21And24() throws IOException {
    ThreadDump jdk21 = saved("/dev/leakverifier/dump/dump-21.json");
    assertThat(names(jdk21))
        .containsExactly("main", "Signal Dispatcher", "poller \"1\"\n/", "", "busy")
        .inOrder();
    assertThat(jdk21.samples().stream().map(ThreadSample::isVirtual).toList())
        .containsExactly(false, false, true, true, true)
        .inOrder();
    ThreadDump jdk24 = saved("/dev/leakverifier/dump/dump-24.json");
    assertThat(waitOf(jdk24, "stuck")).isEqualTo("ENTER java.lang.Object");
    assertThat(thread(jdk24, "stuck").sample().isVirtual()).isTrue();
  }

  @Test
  public void readsAThreadWithoutANumberAsOldJvmsWroteIt() throws IOException {
    ThreadDump dump =
        Dumps.read(
            """
            "pool-1-thread-1" prio=10 tid=0x00007f6f4c0e1000 nid=0x2f runnable [0x00007f6f3b2f0000]
               java.lang.Thread.State: RUNNABLE
            \tat com.acme.Pool.run(Pool.java:31)
            """);

    assertThat(dump.samples().get(0).id()).isEqualTo(0x00007f6f4c0e1000L);
    assertThat(dump.samples().get(0).topFunction()).isEqualTo("com.acme.Pool.run");
    assertThat(dump.jvm()).isEqualTo(Optional.empty());
    assertThat(dump.notes()).isEmpty();
  }

  @Test
  public void keepsOneOfEachStack() throws IOException {
    for (String name : new String[] {"file-25.txt", "print-25.txt"}) {
      String whole = Dumps.text(name);
      String twice = whole.replace("buyer", "seller"); // makes no difference
      ThreadDump dump = Dumps.read(twice);
      assertWithMessage(name)
          .that(thread(dump, "packer").sample().frames().get(0))
          .isSameInstanceAs(thread(dump, "shipper").sample().frames().get(0));
    }
  }
}
