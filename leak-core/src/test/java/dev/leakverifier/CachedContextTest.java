package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import com.acme.Mailer;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What becomes of threads that a cached Spring test context holds, and of their like. */
public class CachedContextTest {
  private static final List<BlockedThread> STARTED = new ArrayList<>();

  private LeakWatch<Named> watch = startWatch();
  private String heap = "";
  private final TestContextManager spring = new TestContextManager(Mailing.class);

  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of());
    }
  }

  @ContextConfiguration(classes = Mailer.class)
  static class Mailing {}

  private static BlockedThread start(String name) {
    BlockedThread thread = BlockedThread.start(name);
    STARTED.add(thread);
    return thread;
  }

  private static LeakWatch<Named> startWatch() {
    return new LeakWatch<>(
        Check.JVM, Timeline.JVM, List.of(LeakVerifier.maxWait(Duration.ofMillis(1))));
  }

  /** The build leaves the heap alone in all other tests. */
  @BeforeMethod
  public void watchAnew() {
    heap = System.setProperty("leak.heap", "always");
    watch = startWatch();
  }

  @AfterMethod(alwaysRun = true)
  public void endAll() {
    System.setProperty("leak.heap", heap);
    closeContext();
    STARTED.forEach(BlockedThread::close);
    STARTED.clear();
  }

  private void openContext() {
    Mailer.starter = () -> start("sender-" + STARTED.size()).thread();
    spring.getTestContext().getApplicationContext();
  }

  private void closeContext() {
    spring.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
  }

  @Test
  public void whatAnOpenContextHoldsIsNoLeak() {
    openContext();
    watch.appearedIn(new Named("opens"));

    assertThat(watch.judge(any -> true)).isEmpty();
    assertThat(watch.isClean()).isTrue();
    assertThat(watch.judgeAll()).isEmpty();
  }

  @Test
  public void whatAContextHasLeftIsALeakOfTheTestThatStartedIt() {
    openContext();
    watch.appearedIn(new Named("opens"));
    assertThat(watch.judge(any -> true)).isEmpty();

    closeContext();
    watch.appearedIn(new Named("closes"));

    assertThat(watch.judge(any -> true)).isEmpty(); // it is judged at the end, by one dump
    List<LeakWatch.Leak<Named>> leaks = watch.judgeAll();
    assertThat(leaks.stream().map(leak -> leak.window().describe()).toList())
        .containsExactly("opens");
    assertThat(names(leaks)).containsExactly(STARTED.get(0).thread().getName());
    assertThat(watch.judgeAll()).isEmpty(); // said once
  }

  @Test
  public void aThreadThatOnlyLooksLikeOneOfAContextIsALeakAfterAll() {
    openContext();
    watch.appearedIn(new Named("opens"));
    assertThat(watch.judge(any -> true)).isEmpty();

    BlockedThread own = start("sender-1000");
    watch.appearedIn(new Named("leaks"));
    List<LeakWatch.Leak<Named>> leaks = new ArrayList<>(watch.judge(any -> true));
    leaks.addAll(watch.judgeAll());

    assertThat(leaks.stream().map(leak -> leak.window().describe()).toList())
        .containsExactly("leaks");
    assertThat(names(leaks)).containsExactly(own.thread().getName());
  }

  private static List<String> names(List<LeakWatch.Leak<Named>> leaks) {
    return leaks.stream()
        .flatMap(leak -> leak.report().threads().stream())
        .map(ThreadSample::name)
        .toList();
  }
}
