package dev.leakverifier.blame;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Two runners' threads, and threads that are started and end as the test says. */
public class TimelineTest {
  private static final String REFLECTION = "java.base/java.lang.reflect.Constructor.newInstance:1";
  private static final String[] PLAIN = {
    "com.acme.Child.run:1", "java.base/java.lang.Thread.run:1"
  };
  private static final String[] POOL = {
    "com.acme.Task.run:1", "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run:1"
  };

  private static final String[] MADE_A = {
    "com.acme.A.<init>:1", REFLECTION, "org.testng.Maker.make:1"
  };
  private static final String[] MADE_B = {
    "com.acme.B.<init>:1", REFLECTION, "org.testng.Maker.make:1"
  };
  private static final String[] LISTENER = {
    "com.acme.Listener.onStart:1", "org.testng.TestNG.run:1"
  };

  private final List<Thread> live = new ArrayList<>();
  private FakeOrigins origins = new FakeOrigins();
  private Timeline timeline = new Timeline(origins);
  private final Runner one = new Runner();
  private final Runner two = new Runner();

  @BeforeMethod
  public void startAnew() {
    live.clear();
    one.start();
    two.start();
    live.add(one.thread);
    live.add(two.thread);
    origins = new FakeOrigins();
    timeline = new Timeline(origins);
    timeline.note(this::listing);
  }

  @AfterMethod(alwaysRun = true)
  public void endRunners() {
    one.stop();
    two.stop();
  }

  @Test
  public void blamesTheTestThatStartedAThreadThoughAnotherEndsFirst() {
    one.opens("a");
    two.opens("b");
    Thread child = started(one.thread);
    two.closes("b");
    one.closes("a");

    assertThat(blamed(child)).containsExactly("a");
  }

  @Test
  public void blamesTheTestThatRanThenAndNotTheNextOnTheSameThread() {
    two.opens("b");
    one.opens("a");
    Thread child = started(one.thread);
    one.closes("a");
    one.opens("next");
    Thread later = started(one.thread);
    one.closes("next");

    assertThat(blamed(child)).containsExactly("a");
    assertThat(blamed(later)).containsExactly("next");
  }

  @Test
  public void aTestGoesOnWhenItsThreadHasRunAnother() {
    one.opens("outer");
    Thread pool = started(one.thread);
    Thread before = started(one.thread);
    one.interrupts("outer");
    one.opens("inner");
    Thread within = started(one.thread);
    Thread ofPool = started(pool, POOL);
    one.closes("inner");
    one.notesAfter("inner");
    Thread after = started(one.thread);
    one.closes("outer");
    one.opens("next");
    Thread later = started(one.thread);
    one.closes("next");

    assertThat(blamed(before)).containsExactly("outer");
    assertThat(blamed(within)).containsExactly("inner");
    assertThat(blamed(ofPool)).containsExactly("outer");
    assertThat(blamed(after)).containsExactly("outer");
    assertThat(blamed(later)).containsExactly("next");
  }

  @Test
  public void putsWhatIsStartedBetweenTwoTestsDownToTheLaterOne() {
    two.opens("b");
    one.opens("a");
    one.closes("a");
    Thread between = started(one.thread);
    one.opens("next");
    one.closes("next");

    assertThat(blamed(between)).containsExactly("next");
  }

  @Test
  public void followsStartersThatNoNoteHasSeen() {
    one.opens("a");
    two.opens("b");
    Thread child = started(one.thread);
    live.remove(child);
    Thread grandchild = started(child, PLAIN);
    two.closes("b");

    assertThat(blamed(grandchild)).containsExactly("a");
  }

  @Test
  public void blamesTheTestThatIsOverForWhatItsThreadStartsLater() {
    one.opens("a");
    two.opens("b");
    Thread child = started(one.thread);
    one.closes("a");
    Thread grandchild = started(child, PLAIN);
    live.remove(child);
    two.closes("b");

    assertThat(blamed(grandchild)).containsExactly("a");
  }

  @Test
  public void blamesTheTestThatStillRunsForWhatItsPoolStarts() {
    one.opens("a");
    two.opens("b");
    two.closes("b");
    Thread worker = started(one.thread);
    two.opens("c");
    two.closes("c");
    Thread ofTask = started(worker, POOL);
    two.opens("d");
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("a");
  }

  @Test
  public void namesAllThatRanForWhatAWorkerOfAnEarlierTestHasStarted() {
    one.opens("first");
    Thread worker = started(one.thread);
    one.closes("first");
    one.opens("a");
    two.opens("b");
    Thread ofTask = started(worker, POOL);
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("a", "b", "first");
  }

  @Test
  public void knowsTheTestByItsCodeOnTheStarterStack() {
    one.opens("first");
    Thread worker = started(one.thread);
    one.closes("first");
    one.opens("a");
    two.opens("b");
    Thread ofTask =
        started(
            worker,
            "com.acme.T.b:3",
            "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run:1");
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("b");
  }

  @Test
  public void namesTheOnlyTestThatRunsAndTheOneWhosePoolItIs() {
    one.opens("fixture");
    Thread worker = started(one.thread);
    one.closes("fixture");
    one.opens("a");
    Thread ofTask = started(worker, POOL);
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("a", "fixture");
  }

  @Test
  public void followsNoWorkerOfTheCommonPool() {
    one.opens("a");
    two.opens("b");
    Thread worker = started(one.thread, "ForkJoinPool.commonPool-worker-1");
    Thread ofTask = started(worker, POOL);
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("a", "b");
  }

  @Test
  public void blamesTheTestWhoseLeakedThreadGoesOnStarting() {
    one.opens("a");
    Thread worker = started(one.thread);
    one.closes("a");
    one.opens("b");
    Thread ofTask = started(worker, POOL);
    one.closes("b");

    assertThat(blamed(ofTask)).containsExactly("b", "a");
    assertThat(names(timeline.blameFor(id(ofTask), id -> id == id(worker)).orElseThrow()))
        .containsExactly("a");
  }

  @Test
  public void blamesNobodyForATestThatNobodyFollows() {
    Thread unfollowed = new Thread("unfollowed");
    live.add(unfollowed);
    one.opens("a");
    one.closes("a");
    one.opens("b");
    Thread child =
        started(
            unfollowed,
            "com.acme.Other.test:1",
            "java.base/java.lang.reflect.Method.invoke:1",
            "org.junit.runners.ParentRunner.run:1");
    one.closes("b");

    assertThat(timeline.blameFor(id(child), id -> false)).isEqualTo(Optional.empty());
  }

  @Test
  public void namesAllThatRanWhereTheOriginIsNotKnown() {
    one.opens("a");
    two.opens("b");
    two.closes("b");
    two.opens("c");
    Thread thread = unknown();
    one.closes("a");

    assertThat(blamed(thread)).containsExactly("a", "c");
    assertThat(timeline.isAlone(id(thread))).isFalse();
  }

  @Test
  public void namesTheTestThatIsOverWhoseThreadMayHaveStartedAnother() {
    one.opens("a");
    two.opens("b");
    Thread child = started(one.thread);
    one.closes("a");
    two.closes("b");
    one.opens("c");
    one.closes("c");
    one.opens("bystander");
    Thread unknown = unknown();
    live.remove(child);
    one.closes("bystander");

    assertThat(blamed(unknown)).containsExactly("bystander", "a");
  }

  @Test
  public void doesNotNameTheTestWhoseThreadsHadEndedBefore() {
    one.opens("a");
    Thread child = started(one.thread);
    one.closes("a");
    one.opens("b");
    live.remove(child);
    Thread other = started(one.thread);
    one.closes("b");
    live.remove(other);
    one.opens("c");
    started(one.thread);
    one.closes("c");
    one.opens("d");
    Thread unknown = unknown();
    one.closes("d");

    assertThat(blamed(unknown)).containsExactly("d", "c");
  }

  @Test
  public void namesAllThatMayHaveStartedAStarterThatIsNotKnown() {
    one.opens("a");
    Thread child = started(one.thread);
    one.closes("a");
    two.opens("bystander");
    Thread unseen = new Thread("unseen");
    Thread grandchild = started(unseen, PLAIN);
    live.remove(child);
    two.closes("bystander");

    assertThat(blamed(grandchild)).containsExactly("bystander", "a");
  }

  @Test
  public void namesAllThatMayHaveStartedAnUnknownStarterOfAnUnknownThread() {
    one.opens("a");
    Thread child = started(one.thread);
    one.closes("a");
    one.opens("b");
    Thread unknownStarter = unknown();
    one.closes("b");
    live.remove(child);
    one.opens("c");
    one.closes("c");
    one.opens("bystander");
    Thread unknown = unknown();
    one.closes("bystander");

    assertThat(blamed(unknownStarter)).containsExactly("b", "a");
    assertThat(blamed(unknown)).containsExactly("bystander", "b", "a");
  }

  @Test
  public void doesNotTakeTheLastTestForOneThatStillRunsWhenTheVerdictFalls() {
    one.opens("a");
    two.opens("last");
    Thread child = started(one.thread);
    one.closes("a");
    two.closes("last");
    Thread worker = started(child, PLAIN);
    Thread unknown = unknown();
    Thread ofTask = started(child, POOL);
    live.remove(child);
    two.notesAfter("last");

    assertThat(blamed(worker)).containsExactly("a");
    assertThat(blamed(unknown)).containsExactly("a");
    assertThat(blamed(ofTask)).containsExactly("a");
  }

  @Test
  public void putsWhatTheRunnerStartsAfterTheLastTestDownToIt() {
    one.opens("last");
    one.closes("last");
    Thread late = started(one.thread);
    one.notesAfter("last");

    assertThat(blamed(late)).containsExactly("last");
  }

  @Test
  public void knowsNoTestByCodeThatItsWorkerSharesWithAnother() {
    one.opens("row");
    Thread worker = started(one.thread);
    one.closes("row");
    one.opens("a");
    two.opens("row");
    Thread ofTask = started(worker, "com.acme.T.row:3", POOL[1]);
    one.closes("a");

    assertThat(blamed(ofTask)).containsExactly("a", "row", "row");
  }

  @Test
  public void takesTheTestThatRunsWhereOriginsAreNotRecorded() {
    origins.recorded = false;
    one.opens("a");
    unknown();
    one.closes("a");
    one.opens("b");
    Thread unknown = unknown();
    one.closes("b");

    assertThat(blamed(unknown)).containsExactly("b");
  }

  @Test
  public void remembersWhoMayHaveStartedAThreadThatLives() {
    one.opens("a");
    Thread child = started(one.thread);
    one.closes("a");
    one.opens("bystander");
    Thread unknown = unknown();
    live.remove(child);
    one.closes("bystander");
    for (int i = 0; i < 5_000; i++) {
      two.opens("t" + i);
      two.closes("t" + i);
    }

    assertThat(blamed(unknown)).containsExactly("bystander", "a");
    assertThat(timeline.size()).isLessThan(2_500);
  }

  @Test
  public void asksOnThroughManyThreadsOfWhichNoneIsKnown() {
    for (int i = 0; i < 1_000; i++) {
      two.opens("t" + i);
      unknown();
      two.closes("t" + i);
    }
    assertThat(blamed(live.get(live.size() - 1))).hasSize(1_000);
  }

  @Test
  public void takesTheTestThatRunsWithinTheOneWhosePoolItIs() {
    one.opens(this, "class");
    Thread worker = started(one.thread);
    two.opens("other");
    two.closes("other");
    one.opens(one, "method");
    Thread ofTask = started(worker, POOL);
    one.closes(one, "method");
    one.closes(this, "class");

    assertThat(blamed(ofTask)).containsExactly("method");
  }

  @Test
  public void takesTheInnermostOfTestsWithinTests() {
    one.opens(this, "class");
    one.opens(one, "method");
    Thread child = started(one.thread);
    one.closes(one, "method");
    one.closes(this, "class");

    List<Stretch> blamed = timeline.blameFor(id(child), id -> false).orElseThrow();
    assertThat(names(blamed)).containsExactly("method");
    assertThat(names(timeline.around(blamed.get(0)))).containsExactly("class");
  }

  @Test
  public void remembersWhatMattersForAThreadThatLives() {
    two.opens("other");
    two.closes("other");
    one.opens("a");
    Thread child = started(one.thread);
    Thread grandchild = started(child, PLAIN);
    live.remove(child);
    one.closes("a");
    for (int i = 0; i < 5_000; i++) {
      two.opens("t" + i);
      two.closes("t" + i);
    }
    assertThat(blamed(grandchild)).containsExactly("a");
    assertThat(timeline.size()).isLessThan(2_500);
  }

  @Test
  public void asksNobodyWhileATestRunsJustToForget() {
    one.opens("long");
    for (int i = 0; i < 3_000; i++) {
      two.opens("t" + i);
      two.closes("t" + i);
    }
    assertThat(origins.askedFor).isEmpty();
    assertThat(timeline.size()).isGreaterThan(3_000);

    one.closes("long");
    assertThat(timeline.size()).isLessThan(1_000);
  }

  @Test
  public void forgetsEvenWhileATestRunsThatDoesNotEnd() {
    one.opens("endless");
    for (int i = 0; i < 50_000; i++) {
      two.opens("t" + i);
      two.closes("t" + i);
    }
    assertThat(timeline.size()).isLessThan(20_000);
  }

  @Test
  public void putsWhatWasStartedBeforeAnyTestDownToTheCodeOnTheStack() {
    one.makes(TimelineTest.this, () -> started(one.thread, MADE_A));
    Thread ofA = live.get(live.size() - 1);
    one.makes(TimelineTest.this, () -> started(one.thread, LISTENER));
    Thread ofListener = live.get(live.size() - 1);
    one.opens("a test");
    one.closes("a test");

    assertThat(blamed(ofA)).containsExactly("A");
    assertThat(blamed(ofListener)).isEmpty();
    assertThat(timeline.isAlone(id(ofA))).isTrue();
  }

  @Test
  public void blamesTheCodeThatMadeAThreadForWhatThatStartsInATest() {
    one.makes(TimelineTest.this, () -> started(one.thread, MADE_A));
    Thread ofA = live.get(live.size() - 1);
    one.opens("a test");
    Thread grandchild = started(ofA, PLAIN);
    one.closes("a test");

    assertThat(blamed(grandchild)).containsExactly("A");
  }

  /** TestNG makes the tests of all suites before it starts the first. */
  @Test
  public void tellsApartTestsFromWhatWasMadeForAnotherSuiteBefore() {
    Timeline.Mark begin = one.mark();
    Thread ofA = started(one.thread, MADE_A);
    one.closesInterlude("first suite", begin);
    one.opens("first suite", "a test");
    Thread ofTest = started(one.thread, MADE_B);
    one.closes("first suite", "a test");
    one.closesInterlude("second suite", begin);

    assertThat(blamed(ofA)).containsExactly("A");
    assertThat(blamed(ofTest)).containsExactly("a test");
  }

  @Test
  public void forgetsWhatWasMadeForASuiteThatIsOver() {
    one.makes(TimelineTest.this, () -> started(one.thread, MADE_A));
    Thread ofA = live.get(live.size() - 1);
    assertThat(timeline.blameFor(id(ofA), id -> false)).isPresent();
    timeline.closeAll(TimelineTest.this);

    assertThat(timeline.blameFor(id(ofA), id -> false)).isEmpty();
  }

  private ImmutableList<String> blamed(Thread thread) {
    return names(timeline.blameFor(id(thread), id -> false).orElseThrow());
  }

  private static Optional<Named> constructed(List<StackTraceElement> stack) {
    return stack.stream()
        .filter(frame -> frame.getMethodName().equals("<init>"))
        .map(frame -> new Named(frame.getClassName().replace("com.acme.", "")))
        .findFirst();
  }

  private static ImmutableList<String> names(Collection<Stretch> stretches) {
    return stretches.stream()
        .map(stretch -> stretch.window().describe())
        .collect(toImmutableList());
  }

  /** A thread whose start was not recorded. */
  private Thread unknown() {
    Thread thread = new Thread("unknown");
    live.add(thread);
    return thread;
  }

  private Thread started(Thread starter, String... frames) {
    Thread thread = new Thread("child");
    live.add(thread);
    boolean named = frames.length == 1 && !frames[0].contains(":");
    origins.known.put(
        id(thread),
        new ThreadOrigin(
            id(starter),
            starter.getName(),
            Arrays.stream(named ? PLAIN : frames).map(Samples::frame).collect(toImmutableList()),
            Optional.ofNullable(origins.known.get(id(starter)))));
    if (named) {
      thread.setName(frames[0]);
    }
    return thread;
  }

  private ThreadListing listing() {
    return new ThreadListing(live.toArray(new Thread[0]), VirtualListing.NONE);
  }

  private static long id(Thread thread) {
    return LiveThreads.id(thread);
  }

  private record Named(String describe) implements Window {
    @Override
    public boolean isCodeOf(StackTraceElement frame) {
      return frame.getClassName().equals("com.acme.T") && frame.getMethodName().equals(describe);
    }
  }

  /** A thread that runs tests. */
  private final class Runner {
    private ExecutorService executor = MoreExecutors.newDirectExecutorService();
    private Thread thread = Thread.currentThread();

    void start() {
      executor = Executors.newSingleThreadExecutor();
      run(() -> thread = Thread.currentThread());
    }

    void stop() {
      executor.shutdown();
      Uninterruptibles.joinUninterruptibly(thread);
    }

    void opens(String test) {
      opens(TimelineTest.this, test);
    }

    void closes(String test) {
      closes(TimelineTest.this, test);
    }

    void opens(Object owner, String test) {
      run(() -> timeline.open(owner, new Named(test)));
    }

    void closes(Object owner, String test) {
      run(() -> timeline.close(owner, new Named(test), TimelineTest.this::listing));
    }

    void interrupts(String test) {
      run(() -> timeline.interrupt(TimelineTest.this, new Named(test), TimelineTest.this::listing));
    }

    void notesAfter(String test) {
      run(() -> timeline.noteAfter(TimelineTest.this, new Named(test), TimelineTest.this::listing));
    }

    void makes(Object owner, Runnable code) {
      Timeline.Mark begin = mark();
      code.run();
      closesInterlude(owner, begin);
    }

    Timeline.Mark mark() {
      List<Timeline.Mark> mark = new ArrayList<>();
      run(() -> mark.add(timeline.mark()));
      return mark.get(0);
    }

    void closesInterlude(Object owner, Timeline.Mark begin) {
      run(
          () ->
              timeline.closeInterlude(
                  owner, begin, TimelineTest::constructed, TimelineTest.this::listing));
    }

    private void run(Runnable step) {
      try {
        executor.submit(step).get();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
