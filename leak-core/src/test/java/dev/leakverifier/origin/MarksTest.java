package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.io.ByteStreams;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** What marks must not do to the threads of others, and what they must not claim. */
public class MarksTest {
  private static final int MANY = Integer.getInteger("origin.ended", 100_000);
  private OriginRecorder.Session session = OriginRecorder.JVM.start();

  @BeforeClass
  public void record() {
    session.close();
    session = OriginRecorder.JVM.start(); // on the thread that runs the tests
  }

  @AfterClass(alwaysRun = true)
  public void stopRecording() {
    session.close();
  }

  @Test
  public void knowsNothingOfAThreadThatInheritsNothing() {
    try (BlockedThread before = BlockedThread.start("before");
        BlockedThread without =
            BlockedThread.start(
                body -> ThreadForm.PLATFORM.newThreadWithoutInheritance("without", body));
        BlockedThread after = BlockedThread.start("after")) {
      assertThat(originOf(without)).isEqualTo(Optional.empty());
      for (BlockedThread marked : List.of(before, after)) { // one may be doubtful because of it
        originOf(marked)
            .ifPresent(origin -> assertThat(origin.starterId()).isEqualTo(currentThread()));
      }
    }
  }

  @Test
  public void knowsNothingOfWhatAnOlderThreadMakes() throws Exception {
    session.close();
    try (Maker old = new Maker(null, "old")) {
      session = OriginRecorder.JVM.start();
      try (BlockedThread made = old.make()) {
        assertThat(originOf(made)).isEqualTo(Optional.empty());
      }
    }
  }

  @Test
  public void handsNothingDownOnceRecordingHasEnded() throws Exception {
    try (Maker child = new Maker(null, "child")) {
      session.close();
      session = OriginRecorder.JVM.start();
      try (BlockedThread made = child.make()) {
        assertThat(originOf(made)).isEqualTo(Optional.empty());
      }
    }
  }

  /** A pool may have emptied the thread locals of its worker, as the common pool does on JDK 25. */
  @Test
  public void claimsNothingWrongOfWhatTasksOfTheCommonPoolMake() {
    List<BlockedThread> made =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    ForkJoinPool.commonPool()
                        .submit(() -> BlockedThread.start(Long.toString(currentThread()))))
            .map(task -> task.join())
            .toList();
    for (BlockedThread thread : made) {
      originOf(thread)
          .ifPresent(
              origin ->
                  assertThat(Long.toString(origin.starterId()))
                      .isEqualTo(thread.thread().getName()));
    }
    made.forEach(BlockedThread::close);
  }

  @Test
  public void aConstructorThatThrowsMisleadsNobody() {
    for (int i = 0; i < 10; i++) {
      expectThrows(IllegalStateException.class, Broken::new);
    }
    try (BlockedThread made = BlockedThread.start("made")) {
      assertThat(originOf(made).get().function())
          .hasValue(BlockedThread.class.getName() + ".start");
    }
  }

  @Test
  public void looksThroughTheConstructorsOfAThreadsClass() {
    try (BlockedThread made = BlockedThread.start(Named::new)) {
      ThreadOrigin origin = originOf(made).get();
      assertThat(origin.function()).hasValue(BlockedThread.class.getName() + ".start");
      assertThat(origin.frames().get(0).getMethodName()).isEqualTo("start");
    }
  }

  @Test
  public void leavesTheInheritableThreadLocalsOfOthersAlone() {
    AtomicInteger asked = new AtomicInteger();
    List<BlockedThread> nested = new ArrayList<>();
    Inherited local = new Inherited();
    local.onInheriting(
        () -> {
          if (asked.incrementAndGet() == 1) { // within the constructor of another thread
            nested.add(BlockedThread.start("nested"));
          }
        });
    local.set("mine");
    try (BlockedThread made = BlockedThread.start("made");
        BlockedThread next = BlockedThread.start("next")) {
      assertThat(asked.get()).isEqualTo(3);
      for (BlockedThread thread : List.of(made, next, nested.get(0))) {
        originOf(thread)
            .ifPresent(origin -> assertThat(origin.starterId()).isEqualTo(currentThread()));
      }
      assertThat(originOf(next)).isPresent();
    } finally {
      local.remove();
      nested.forEach(BlockedThread::close);
    }
  }

  @Test
  public void callsNoMethodOfTheMakersClass() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<Integer> callsWhenMaking = new CompletableFuture<>();
    Thread maker =
        new Thread("maker") {
          @Override
          public void run() {
            calls.set(0);
            try (BlockedThread made = BlockedThread.start("made")) {
              callsWhenMaking.complete(calls.get());
            }
          }

          @Override
          public ClassLoader getContextClassLoader() {
            calls.incrementAndGet();
            return super.getContextClassLoader();
          }
        };
    maker.start();
    maker.join();

    assertThat(callsWhenMaking.get()).isEqualTo(1); // the JDK's own
  }

  @Test
  public void knowsTheAncestorsOfWhatSuchAMakerMakes() throws Exception {
    CompletableFuture<BlockedThread> grandchild = new CompletableFuture<>();
    Thread maker =
        new Thread("maker") {
          @Override
          public void run() {
            Thread child =
                new Thread(() -> grandchild.complete(BlockedThread.start("grandchild")), "child");
            child.start();
            Uninterruptibles.joinUninterruptibly(child);
          }

          @Override
          public ClassLoader getContextClassLoader() {
            return super.getContextClassLoader();
          }
        };
    maker.start();
    maker.join();
    try (BlockedThread made = grandchild.get()) {
      ThreadOrigin origin = originOf(made).get();
      assertThat(origin.starterName()).isEqualTo("child");
      assertThat(origin.starterOrigin().get().starterName()).isEqualTo("maker");
    }
  }

  /** JDK 17 lets a group be destroyed only if none of its threads is still to be started. */
  @Test
  @SuppressWarnings({"deprecation", "removal"})
  public void leavesGroupsOfOthersAlone() throws Exception {
    ThreadGroup group = new ThreadGroup("own");
    try (Maker maker = new Maker(group, "maker");
        BlockedThread made = maker.make()) {
      assertThat(made.thread().getThreadGroup()).isSameInstanceAs(group);
      assertThat(group.activeCount()).isEqualTo(2);
      assertThat(group.activeGroupCount()).isEqualTo(0);
    }

    group.destroy(); // throws otherwise
  }

  @Test
  public void aStackThatOverflowsHarmsNobody() {
    int[] made = new int[1];
    overflow(made);

    assertThat(made[0]).isGreaterThan(0);
    try (BlockedThread next = BlockedThread.start("next")) {
      assertThat(originOf(next).get().starterId()).isEqualTo(currentThread());
    }
  }

  @SuppressWarnings("InfiniteRecursion") // what it is for
  private static void overflow(int[] made) {
    try {
      Thread unused = new Thread(() -> {}, "never started");
      made[0]++;
      overflow(made);
    } catch (StackOverflowError e) {
      // that is the end of it, on each level again
    }
  }

  @Test
  public void aLongRelayIsNotKeptWhole() throws Exception {
    CompletableFuture<BlockedThread> last = new CompletableFuture<>();
    relay(1_000, last);
    try (BlockedThread made = last.get()) {
      int generations = 0;
      Optional<ThreadOrigin> origin = originOf(made);
      while (origin.isPresent()) {
        generations++;
        origin = origin.get().starterOrigin();
      }
      assertThat(generations).isAtLeast(1);
      assertThat(generations).isAtMost(64);
    }
  }

  private static void relay(int more, CompletableFuture<BlockedThread> last) {
    if (more == 0) {
      last.complete(BlockedThread.start("last"));
    } else {
      new Thread(() -> relay(more - 1, last), "relay").start();
    }
  }

  @Test
  public void keepsNoClassLoaderOnceTheThreadHasEnded() throws Exception {
    WeakReference<ClassLoader> loader = loaderOfWhatMadeAThread();
    for (int i = 0; i < 50 && !loader.refersTo(null); i++) {
      System.gc();
    }
    assertThat(loader.refersTo(null)).isTrue();
  }

  private static WeakReference<ClassLoader> loaderOfWhatMadeAThread() throws Exception {
    OneClass loader = new OneClass();
    Thread thread =
        (Thread) loader.loadClass(MakesThreads.class.getName()).getMethod("make").invoke(null);
    thread.start();
    try (BlockedThread other = BlockedThread.start("other")) {
      assertThat(originOf(other)).isPresent(); // which reads stacks
      assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(thread)).get().function())
          .hasValue(MakesThreads.class.getName() + ".make");
    }
    thread.interrupt();
    thread.join();
    return new WeakReference<>(loader);
  }

  @Test
  public void letsGoOfThreadsThatHaveEnded() {
    long before = usedMemory();
    for (int i = 0; i < MANY; i++) {
      Thread unused = new Thread(() -> {}, "never started");
    }
    long limit = before + (1 << 20);
    for (int i = 0; i < 50 && usedMemory() > limit; i++) {
      System.gc(); // of what is cleared, the JVM tells on a thread of its own
    }

    assertThat(usedMemory()).isLessThan(limit);
  }

  private static long usedMemory() {
    System.gc();
    OriginRecorder.JVM.markThread(); // as when the next window opens
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static Optional<ThreadOrigin> originOf(BlockedThread thread) {
    return OriginRecorder.JVM.originOf(LiveThreads.id(thread.thread()));
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }

  /** A thread that makes others when it is told to. */
  private static final class Maker implements AutoCloseable {
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<BlockedThread> made = new CompletableFuture<>();
    private final Thread thread;

    Maker(@Nullable ThreadGroup group, String name) {
      thread =
          new Thread(
              group,
              () -> {
                Uninterruptibles.awaitUninterruptibly(go);
                made.complete(BlockedThread.start("made"));
                end.join();
              },
              name);
      thread.start();
    }

    private final CompletableFuture<Void> end = new CompletableFuture<>();

    BlockedThread make() throws Exception {
      go.countDown();
      return made.get();
    }

    @Override
    public void close() {
      go.countDown();
      end.complete(null);
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }

  private static final class Broken extends Thread {
    Broken() {
      super("broken");
      throw new IllegalStateException("cannot be made");
    }
  }

  private static class Named extends Thread {
    Named(Runnable body) {
      super(body, "named");
    }
  }

  private static final class Inherited extends InheritableThreadLocal<String> {
    private Runnable onInheriting = () -> {};

    void onInheriting(Runnable action) {
      onInheriting = action;
    }

    @Override
    protected String childValue(String value) {
      onInheriting.run();
      return value;
    }
  }

  /** Loads {@link MakesThreads} anew. */
  private static final class OneClass extends ClassLoader {
    OneClass() {
      super(MarksTest.class.getClassLoader());
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
      if (!name.equals(MakesThreads.class.getName())) {
        return super.loadClass(name);
      }
      try (InputStream in = MarksTest.class.getResourceAsStream("MarksTest$MakesThreads.class")) {
        byte[] bytes = ByteStreams.toByteArray(in);
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** Code of a loader that is thrown away. */
  public static final class MakesThreads {
    private MakesThreads() {}

    /** A thread that waits until it is interrupted. */
    public static Thread make() {
      return new Thread(
          () -> {
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          },
          "made by code of another loader");
    }
  }
}
