package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.stream.Collectors.toCollection;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.HeldMonitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class CountedThreadsTest {
  /** A JVM that has the threads of its choice, and tells how often all stacks were read. */
  private static final class FakeJvm implements CountedThreads.Source {
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> gone = new ArrayList<>();
    private long started;
    private int uncounted;
    private int untold;
    private int readings;
    private int listings;
    private @Nullable ThreadGroup group;
    private boolean breaks;
    private boolean counts = true;

    BlockedThread start(String name) {
      BlockedThread thread = BlockedThread.start(name);
      threads.add(thread.thread());
      started++;
      return thread;
    }

    @Override
    public boolean counts() {
      return counts;
    }

    @Override
    public long started() {
      return started;
    }

    @Override
    public int live() {
      return told().size() + uncounted;
    }

    @Override
    public Thread[] all() {
      readings++;
      return told().toArray(new Thread[0]);
    }

    @Override
    public @Nullable ThreadGroup groupOfListings() {
      return group;
    }

    @Override
    public Thread[] byGroups() {
      synchronized (this) {
        listings++;
        if (breaks) {
          throw new OutOfMemoryError("as if");
        }
        return told().toArray(new Thread[0]);
      }
    }

    private List<Thread> told() {
      return threads.stream()
          .filter(thread -> thread.isAlive() && !gone.contains(thread))
          .limit(threads.size() - untold)
          .collect(toCollection(ArrayList::new));
    }
  }

  private FakeJvm jvm = new FakeJvm();
  private CountedThreads threads = new CountedThreads(jvm);

  @BeforeMethod
  public void beginAnew() {
    jvm = new FakeJvm();
    threads = new CountedThreads(jvm);
  }

  @Test
  public void readsNoStackAsLongAsNoThreadIsStarted() {
    try (BlockedThread a = jvm.start("a");
        BlockedThread b = jvm.start("b")) {
      assertThat(list()).containsExactly(a.thread(), b.thread()).inOrder();
      assertThat(list()).containsExactly(a.thread(), b.thread()).inOrder();
      b.close();
      assertThat(list()).containsExactly(a.thread());
      assertThat(jvm.readings).isEqualTo(1);
    }
  }

  @Test
  public void readsNoStackIfAllThatWereStartedHaveEnded() {
    try (BlockedThread a = jvm.start("a")) {
      assertThat(list()).containsExactly(a.thread());
      jvm.start("b").close();
      assertThat(list()).containsExactly(a.thread());
      assertThat(jvm.readings).isEqualTo(1);
    }
  }

  @Test
  public void readsNoStackWhereNobodyHoldsAGroup() {
    jvm.group = new ThreadGroup("of ours");
    try (BlockedThread a = jvm.start("a")) {
      assertThat(list()).containsExactly(a.thread());
      assertThat(list()).containsExactly(a.thread());
      assertThat(jvm.listings).isEqualTo(1);
      assertThat(jvm.readings).isEqualTo(0);
    }
  }

  @Test
  public void readsAllStacksWhereAListingByGroupsFailsAndTriesAgain() {
    jvm.group = new ThreadGroup("of ours");
    jvm.breaks = true;
    try (BlockedThread a = jvm.start("a")) {
      assertThat(list()).containsExactly(a.thread());
      jvm.breaks = false;
      try (BlockedThread b = jvm.start("b")) {
        assertThat(list()).containsExactly(a.thread(), b.thread());
      }
      assertThat(jvm.readings).isEqualTo(1);
      assertThat(jvm.listings).isEqualTo(2);
    }
  }

  @Test
  public void waitsForNobodyWhoHoldsAGroup() {
    jvm.group = new ThreadGroup("of ours");
    try (BlockedThread a = jvm.start("a")) {
      try (HeldMonitor held = HeldMonitor.of(jvm)) {
        assertThat(list()).containsExactly(a.thread());
        try (BlockedThread b = jvm.start("b")) {
          assertThat(list()).containsExactly(a.thread(), b.thread());
        }
        assertThat(held.isHeld()).isTrue();
      }
      assertThat(jvm.readings).isEqualTo(2);
      while (jvm.listings < 2) { // one that waited, and one after it
        try (BlockedThread c = jvm.start("c")) {
          assertThat(list()).containsExactly(a.thread(), c.thread());
        }
      }
    }
  }

  /**
   * A thread that has left its group is no longer counted, though it stays alive as long as its
   * monitor is held.
   */
  @Test
  public void missesNoThreadForOneThatCannotEnd() {
    if (Runtime.version().feature() >= 19) {
      throw new SkipException("a thread that ends keeps its group here; groups are asked instead");
    }
    try (BlockedThread a = jvm.start("a")) {
      BlockedThread ending = jvm.start("ending");
      assertThat(list()).containsExactly(a.thread(), ending.thread());
      synchronized (ending.thread()) {
        ending.release();
        while (ending.thread().getThreadGroup() != null) {
          Thread.onSpinWait();
        }
        jvm.gone.add(ending.thread());
        try (BlockedThread b = jvm.start("b")) {
          assertThat(list()).contains(b.thread());
        }
      }
    }
  }

  @Test
  public void findsEachThreadThatWasStarted() {
    try (BlockedThread a = jvm.start("a")) {
      assertThat(list()).containsExactly(a.thread());
      try (BlockedThread b = jvm.start("b")) {
        assertThat(list()).containsExactly(a.thread(), b.thread());
        assertThat(jvm.readings).isEqualTo(2);
      }
    }
  }

  @Test
  public void looksAgainWhereAThreadIsCountedThatIsNotToldYet() {
    try (BlockedThread a = jvm.start("a");
        BlockedThread attaching = jvm.start("attaching")) {
      jvm.untold = 1;
      jvm.uncounted = 1;
      assertThat(list()).containsExactly(a.thread());
      jvm.untold = 0;
      jvm.uncounted = 0;
      assertThat(list()).containsExactly(a.thread(), attaching.thread());
    }
  }

  @Test
  public void readsAllStacksWhereTheJvmDoesNotCount() {
    jvm.counts = false;
    try (BlockedThread a = jvm.start("a")) {
      assertThat(list()).containsExactly(a.thread());
      assertThat(list()).containsExactly(a.thread());
      assertThat(jvm.readings).isEqualTo(2);
    }
  }

  /** Equal to all of its kind. */
  private static final class Equal extends Thread {
    Equal(Runnable body) {
      super(body);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Equal;
    }

    @Override
    public int hashCode() {
      return 7;
    }
  }

  private static final class Unhashable extends Thread {
    Unhashable(Runnable body) {
      super(body);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  public void losesNoThreadThatIsEqualToAnother() {
    try (BlockedThread one = BlockedThread.start(Equal::new);
        BlockedThread two = BlockedThread.start(Equal::new)) {
      assertThat(identities(CountedThreads.JVM.list()))
          .containsAtLeast(
              System.identityHashCode(one.thread()), System.identityHashCode(two.thread()));
    }
  }

  @Test
  public void listsThreadsThatHaveNoHashCode() {
    try (BlockedThread one = BlockedThread.start(Unhashable::new)) {
      assertThat(identities(CountedThreads.JVM.list()))
          .contains(System.identityHashCode(one.thread()));
    }
  }

  private ImmutableList<Thread> list() {
    return ImmutableList.copyOf(Arrays.stream(threads.list()).filter(Objects::nonNull).iterator());
  }

  private static List<Integer> identities(Thread[] threads) {
    return Arrays.stream(threads).filter(Objects::nonNull).map(System::identityHashCode).toList();
  }
}
