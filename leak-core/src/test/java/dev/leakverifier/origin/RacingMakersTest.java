package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Makers that race in tight loops, beside others whose threads inherit nothing. {@code
 * -Dorigin.creations=1000000} makes that many threads of each form.
 */
public class RacingMakersTest {
  private static final Logger LOG = LoggerFactory.getLogger(RacingMakersTest.class);
  private static final int CREATIONS = Integer.getInteger("origin.creations", 16_000);
  private static final int MAKERS = 8;
  private static final int UNMARKED_MAKERS = 2;
  private static final int EACH = 200;
  private static final int ONE_LIVES_OF = 10;

  /** One that lives until all are bound, and who made it: 0 if it has inherited nothing. */
  private record Made(long id, long makerId) {}

  @DataProvider
  public Object[] forms() {
    return ThreadForm.VIRTUAL.isThere() ? ThreadForm.values() : new Object[] {ThreadForm.PLATFORM};
  }

  @Test(dataProvider = "forms")
  public void noThreadIsBoundToAMakerThatDidNotMakeIt(ThreadForm form) throws Exception {
    int living = 0;
    int doubtful = 0;
    try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      for (int made = 0; made < CREATIONS; made += MAKERS * EACH) {
        CountDownLatch end = new CountDownLatch(1);
        for (Made thread : race(form, end)) {
          Optional<ThreadOrigin> origin = OriginRecorder.JVM.originOf(thread.id());
          origin.ifPresent(
              known ->
                  assertWithMessage("maker of thread %s", thread.id())
                      .that(known.starterId())
                      .isEqualTo(thread.makerId()));
          if (thread.makerId() != 0) {
            living++;
            doubtful += origin.isPresent() ? 0 : 1;
          }
        }
        end.countDown();
      }
    }
    assertThat(living).isEqualTo(CREATIONS / ONE_LIVES_OF);
    LOG.info("{}: {} of {} were doubtful", form, doubtful, living);
    assertThat(doubtful).isLessThan(living / 2);
  }

  /** Has all makers make theirs; returns those that live until {@code end}. */
  private static List<Made> race(ThreadForm form, CountDownLatch end) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(MAKERS + UNMARKED_MAKERS);
    CyclicBarrier start = new CyclicBarrier(MAKERS + UNMARKED_MAKERS);
    List<Made> live = new ArrayList<>();
    List<Future<List<Made>>> makers = new ArrayList<>();
    for (int i = 0; i < MAKERS; i++) {
      makers.add(
          pool.submit(
              () -> {
                OriginRecorder.JVM.markThread();
                start.await();
                return make(body -> form.newThread("", body), end, currentThread());
              }));
    }
    for (int i = 0; i < UNMARKED_MAKERS; i++) {
      makers.add(
          pool.submit(
              () -> {
                start.await();
                return make(body -> form.newThreadWithoutInheritance("", body), end, 0);
              }));
    }
    for (Future<List<Made>> maker : makers) {
      live.addAll(maker.get());
    }
    pool.shutdown();
    return live;
  }

  private static List<Made> make(
      Function<Runnable, Thread> maker, CountDownLatch end, long makerId) {
    List<Made> live = new ArrayList<>();
    List<Thread> brief = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      boolean lives = i % ONE_LIVES_OF == 0;
      Thread thread =
          maker.apply(lives ? () -> Uninterruptibles.awaitUninterruptibly(end) : () -> {});
      thread.start();
      if (lives) {
        live.add(new Made(LiveThreads.id(thread), makerId));
      } else {
        brief.add(thread);
      }
    }
    brief.forEach(Uninterruptibles::joinUninterruptibly);
    return live;
  }

  private static long currentThread() {
    return LiveThreads.id(Thread.currentThread());
  }
}
