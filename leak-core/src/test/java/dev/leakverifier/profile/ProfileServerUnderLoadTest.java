package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.profile.HttpClientSocket.Answer;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Clients that wait, that do not read, and that come all at once: nobody else has to wait. */
public class ProfileServerUnderLoadTest {
  private final AtomicInteger captures = new AtomicInteger();

  private ThreadProfileHandler handler(Supplier<ThreadProfile> capture, AnswerThreads threads) {
    captures.set(0);
    return new ThreadProfileHandler(
        new HostNames(),
        () -> {
          captures.incrementAndGet();
          return capture.get();
        },
        new FakeTime(),
        threads);
  }

  private static void awaitAtWork(ThreadProfileHandler handler, int count) {
    while (handler.atWork() != count) {
      Thread.onSpinWait();
    }
  }

  /** How many threads a server has; with none, all work is done by its dispatcher. */
  @DataProvider
  Object[][] servers() {
    return new Object[][] {{4}, {1}, {0}};
  }

  @Test(dataProvider = "servers")
  public void holdsNoThreadOfTheServerForADifference(int threads)
      throws IOException, ExecutionException, InterruptedException {
    TestAnswerThreads time = TestAnswerThreads.holding();
    List<Future<Answer>> asked = new ArrayList<>();
    try (ProfileServer server = ProfileServer.start(handler(Profiles::shop, time), threads)) {
      for (int i = 0; i < ThreadProfileHandler.MAX_DIFFERENCES; i++) {
        asked.add(server.ask("?seconds=15"));
      }
      time.awaitHeld(ThreadProfileHandler.MAX_DIFFERENCES);

      assertThat(server.get("").status()).isEqualTo(200);
      assertThat(server.statusOfAnotherContext()).isEqualTo(204);
      Answer refused = server.get("?seconds=1");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "10");
      assertThat(refused.text())
          .isEqualTo("4 requests wait for a difference already; come again\n");

      time.release(ThreadProfileHandler.MAX_DIFFERENCES);
      for (Future<Answer> answer : asked) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
    }
  }

  @Test(dataProvider = "servers")
  public void holdsNoThreadOfTheServerForAClientThatDoesNotRead(int threads)
      throws IOException, InterruptedException {
    ThreadProfile big = big();
    ThreadProfileHandler handler = handler(() -> big, TestAnswerThreads.holding());
    List<HttpClientSocket> slow = new ArrayList<>();
    try (ProfileServer server = ProfileServer.start(handler, threads)) {
      for (int i = 0; i < ThreadProfileHandler.MAX_AT_WORK - 1; i++) {
        HttpClientSocket client =
            HttpClientSocket.begin(server.server(), "GET", ProfileServer.PATH + "?debug=2");
        client.readOneByte(); // the server is about to send the rest, which fits into no buffer
        slow.add(client);
      }
      assertThat(server.get("").status()).isEqualTo(200);
      assertThat(server.statusOfAnotherContext()).isEqualTo(204);

      assertThat(slow.get(0).read().headers())
          .containsEntry("content-length", String.valueOf(big.toThreadText().length()));
      for (HttpClientSocket client : slow) {
        client.close(); // goes away in the middle
      }
      awaitAtWork(handler, 0);
      assertThat(server.get("").status()).isEqualTo(200);
    }
  }

  /** Text of some 25 MB. */
  private static ThreadProfile big() {
    String[] frames =
        IntStream.range(0, 100).mapToObj(i -> "com.acme.Deep.call:" + i).toArray(String[]::new);
    List<ThreadSample> threads =
        Stream.generate(() -> Samples.of("deep", Thread.State.RUNNABLE, frames))
            .limit(5_000)
            .toList();
    return Profiles.of(Profiles.NOON, threads);
  }

  @Test
  public void tellsTwoHundredAtOnceToComeAgainOrAnswersThem()
      throws IOException, ExecutionException, InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    ThreadProfileHandler handler =
        handler(
            () -> {
              Uninterruptibles.awaitUninterruptibly(looked);
              return Profiles.shop();
            },
            AnswerThreads.REAL);
    try (ProfileServer server = ProfileServer.start(handler)) {
      List<Future<Answer>> first = new ArrayList<>();
      for (int i = 0; i < ThreadProfileHandler.MAX_AT_WORK; i++) {
        first.add(server.ask(""));
      }
      awaitAtWork(handler, ThreadProfileHandler.MAX_AT_WORK);
      List<Future<Answer>> others = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        others.add(server.ask("?debug=2"));
      }

      for (Future<Answer> refused : others) { // while the first ones still wait
        assertThat(refused.get().status()).isEqualTo(503);
        assertThat(refused.get().headers()).containsEntry("retry-after", "1");
        assertThat(refused.get().text())
            .isEqualTo("8 requests are being answered already; come again\n");
      }
      looked.countDown();
      for (Future<Answer> answer : first) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
      assertThat(captures.get()).isEqualTo(1);
      awaitAtWork(handler, 0);
      assertThat(server.get("").status()).isEqualTo(200);
    }
  }

  @Test
  public void survivesAClientThatGoesAwayWhileItWaits() throws IOException, InterruptedException {
    TestAnswerThreads time = TestAnswerThreads.holding();
    try (ProfileServer server = ProfileServer.start(handler(Profiles::shop, time))) {
      try (HttpClientSocket client =
          HttpClientSocket.begin(server.server(), "GET", ProfileServer.PATH + "?seconds=60")) {
        time.awaitHeld(1);
      }
      time.release(1);

      assertThat(server.get("").status()).isEqualTo(200);
    }
  }

  @Test
  public void answersWhereTheSystemHasNoThreadLeft() throws IOException, InterruptedException {
    AnswerThreads none =
        new AnswerThreads() {
          @Override
          public void start(Runnable task) {
            throw new OutOfMemoryError("unable to create native thread");
          }

          @Override
          public void runAfter(Duration time, Runnable task) {
            throw new AssertionError(task);
          }
        };
    ThreadProfileHandler handler = handler(Profiles::shop, none);
    try (ProfileServer server = ProfileServer.start(handler)) {
      for (int i = 0; i <= ThreadProfileHandler.MAX_AT_WORK; i++) {
        assertThat(server.get("").status()).isEqualTo(500);
        awaitAtWork(handler, 0);
      }
      for (int i = 0; i <= ThreadProfileHandler.MAX_DIFFERENCES; i++) {
        assertThat(server.get("?seconds=1").status()).isEqualTo(500);
      }
    }
  }
}
