package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.Service;
import dev.leakverifier.testing.Sleeper;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The article's leak patterns, each as it leaks and as it is right, in both forms of threads. */
public class LeakPatternsTest {
  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
  private LeakScope patient = LeakVerifier.scope();

  @DataProvider
  Object[][] forms() {
    return new Object[][] {{ThreadForm.PLATFORM}, {ThreadForm.VIRTUAL}};
  }

  @AfterMethod
  public void endThreads() {
    for (Thread thread = started.poll(); thread != null; thread = started.poll()) {
      ThreadForm.end(thread);
    }
  }

  @Test(dataProvider = "forms")
  public void findsAHandOffThatNobodyTakes(ThreadForm form) throws Exception {
    LeakScope scope = open(form);
    SynchronousQueue<Integer> channel = new SynchronousQueue<>();
    start(form, "producer", () -> put(channel));
    ThreadSample leaked = await(scope, "java.util.concurrent.SynchronousQueue.put");

    assertThat(leaked.isVirtual()).isEqualTo(form == ThreadForm.VIRTUAL);
    channel.take();
    assertCleanInTheEnd();
  }

  @Test(dataProvider = "forms")
  public void findsAWorkerWithNoExit(ThreadForm form) {
    LeakScope scope = open(form);
    Thread worker = start(form, "worker", Sleeper::backgroundWorker);
    ThreadSample leaked = await(scope, "java.lang.Thread.sleep"); // before, it is only on its way

    assertThat(leaked.hasFunction(Sleeper.FUNCTION)).isTrue();
    assertThat(leaked.standsIn("java.lang.Thread.sleep")).isTrue();
    assertThat(leaked.isVirtual()).isEqualTo(form == ThreadForm.VIRTUAL);
    worker.interrupt();
    assertCleanInTheEnd();
  }

  @Test(dataProvider = "forms")
  public void findsARequestThatNeverReturns(ThreadForm form) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LeakScope scope = open(form);
      URL url = new URI("http://localhost:" + silent.getLocalPort() + "/").toURL();
      start(form, "client", () -> request(url));
      ThreadSample leaked = await(scope, "sun.net.www.http.HttpClient.parseHTTP");

      assertThat(leaked.hasFunction(getClass().getName() + ".request")).isTrue();
      assertThat(leaked.isVirtual()).isEqualTo(form == ThreadForm.VIRTUAL);
      silent.close();
      assertCleanInTheEnd();
    }
  }

  @Test(dataProvider = "forms")
  public void findsTheWorkersOfAServiceThatNobodyStopped(ThreadForm form) throws Exception {
    LeakScope scope = open(form);
    Service service = new Service((name, work) -> start(form, name, work));
    service.start();
    await(scope, Service.class.getName() + ".work");

    LeakReport report = scope.check();
    assertThat(report.threads().stream().map(ThreadSample::name).toList())
        .containsExactly("worker-1", "worker-2", "worker-3");
    service.stop();
    assertCleanInTheEnd();
  }

  private LeakScope open(ThreadForm form) {
    if (!form.isThere()) {
      throw new SkipException(ThreadForm.WHY_NOT);
    }
    patient = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMinutes(1)));
    return LeakVerifier.scope(LeakVerifier.maxWait(Duration.ZERO));
  }

  private Thread start(ThreadForm form, String name, Runnable body) {
    Thread thread = form.start(name, body);
    started.add(thread);
    return thread;
  }

  /** Looks until a new thread has come to {@code function}. */
  private static ThreadSample await(LeakScope scope, String function) {
    while (true) {
      List<ThreadSample> there =
          scope.check().threads().stream().filter(t -> t.hasFunction(function)).toList();
      if (!there.isEmpty()) {
        return there.get(0);
      }
    }
  }

  private void assertCleanInTheEnd() {
    assertThat(patient.check().toString()).isEqualTo("no thread leaked");
  }

  private static void put(SynchronousQueue<Integer> channel) {
    try {
      channel.put(42);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void request(URL url) {
    try (var body = url.openStream()) {
      throw new AssertionError("there is an answer: " + body);
    } catch (IOException e) {
      // the server is gone: the request is over
    }
  }
}
