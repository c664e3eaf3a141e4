package dev.leakverifier.profile;

import com.sun.net.httpserver.HttpExchange;
import dev.leakverifier.host.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** A request that takes one of a few places, but no thread of the server, until it is answered. */
final class PendingAnswer {
  private static final Log LOG = Log.of(ThreadProfileHandler.class);

  private final HttpExchange exchange;
  private final Semaphore places;
  private final AnswerThreads threads;
  private boolean sent;

  /**
   * Takes over a request.
   *
   * @param places of which this request has taken one already
   */
  PendingAnswer(HttpExchange exchange, Semaphore places, AnswerThreads threads) {
    this.exchange = exchange;
    this.places = places;
    this.threads = threads;
  }

  /** Does the next step in a thread of its own; if that fails, the client is told so. */
  void next(Runnable step) {
    try {
      threads.start(() -> perform(step));
    } catch (RuntimeException | Error e) { // as where the system has no thread left
      fail(e);
    }
  }

  /** Does the next step when {@code time} has passed. */
  void nextAfter(Duration time, Runnable step) {
    threads.runAfter(time, () -> next(step));
  }

  /** Sends the answer, which ends the request; blocks for as long as the client reads. */
  void send(HttpAnswer answer) {
    sent = true;
    try {
      answer.sendTo(exchange);
    } catch (IOException e) {
      LOG.debug("The client went away before it had its profile", e);
    } finally {
      exchange.close();
      places.release();
    }
  }

  private void perform(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    LOG.warn("No profile of the threads could be served", cause);
    if (!sent) {
      send(HttpAnswer.error(500, "no profile could be taken; the log of the service says why"));
    }
  }
}
