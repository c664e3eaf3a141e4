package dev.leakverifier.monitor;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.collect.Range;
import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.testing.ThreadForm;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * A real service under load, which leaks one thread in fifty requests, and its healthy twin. The
 * looks come between the requests and not by time, so that it is known what each can see.
 */
public class ServiceUnderLoadTest {
  private static final int REQUESTS = 5_000;
  private static final int REQUESTS_PER_LOOK = 500;
  private static final int REQUESTS_PER_LEAK = 50;
  private static final int LEAKS = REQUESTS / REQUESTS_PER_LEAK;
  private static final int CLIENTS = 4;

  /** Less than all, since some other thread of this JVM may end meanwhile. */
  private static final int ALARM = LEAKS * 4 / 5;

  private final FakeTime time = new FakeTime();

  @DataProvider
  Object[][] forms() {
    return Arrays.stream(ThreadForm.values())
        .map(form -> new Object[] {form})
        .toArray(Object[][]::new);
  }

  @Test(dataProvider = "forms")
  public void namesWhatLeaksInOneAlarm(ThreadForm form) throws Exception {
    skipWhereThereIsNone(form);
    List<ThreadGrowth> alarms = new ArrayList<>();
    try (OriginRecorder.Session session = OriginRecorder.JVM.start();
        Orders orders = new Orders(form, REQUESTS_PER_LEAK)) {
      session.await();
      try (ThreadMonitor monitor = monitor(alarms)) {
        load(orders, monitor);

        assertThat(alarms).hasSize(1);
        GrownGroup group = monitor.growth().groups().get(0);
        assertThat(group.growth()).isIn(Range.closed(ALARM, LEAKS));
        String text =
            "`order-*` parked in %s.await(ServiceUnderLoadTest.java:%s)"
                .formatted(Orders.class.getName(), orders.line);
        if (form == ThreadForm.VIRTUAL) { // whose starter no JVM tells
          assertThat(group.text()).isEqualTo("virtual " + text);
        } else {
          assertThat(group.text())
              .startsWith(text + ", started by " + Orders.class.getName() + ".handle(");
        }
        assertThat(alarms.get(0).toString()).contains(" of them " + group.text());
      }
    }
  }

  @Test(dataProvider = "forms")
  public void saysNothingOfItsHealthyTwin(ThreadForm form) throws Exception {
    skipWhereThereIsNone(form);
    List<ThreadGrowth> alarms = new ArrayList<>();
    try (Orders orders = new Orders(form, Integer.MAX_VALUE);
        ThreadMonitor monitor = monitor(alarms)) {
      load(orders, monitor);

      assertThat(orders.done.get()).isEqualTo(REQUESTS);
      assertThat(alarms).isEmpty();
      assertThat(monitor.growth().growth()).isLessThan(LEAKS / 2);
    }
  }

  private static void skipWhereThereIsNone(ThreadForm form) {
    if (!form.isThere()) {
      throw new SkipException(ThreadForm.WHY_NOT);
    }
  }

  private ThreadMonitor monitor(List<ThreadGrowth> alarms) {
    return ThreadMonitor.builder()
        .growth(ALARM)
        .window(3)
        .virtualThreads(true)
        .ticker(time)
        .listener(alarms::add)
        .open();
  }

  private void load(Orders orders, ThreadMonitor monitor) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      for (int sent = 0; sent < REQUESTS; sent += REQUESTS_PER_LOOK) {
        awaitAll(clients.invokeAll(Collections.nCopies(CLIENTS, requests(orders.address()))));
        look(monitor);
      }
    } finally {
      clients.shutdown();
    }
    for (int i = 0; i < 10; i++) {
      look(monitor);
    }
  }

  private void look(ThreadMonitor monitor) {
    time.pass(SECONDS.toNanos(10));
    monitor.look();
  }

  private static Callable<Integer> requests(URL url) {
    return () -> {
      int answered = 0;
      for (int i = 0; i < REQUESTS_PER_LOOK / CLIENTS; i++) {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        answered += connection.getResponseCode() == 204 ? 1 : 0;
        connection.getInputStream().close();
      }
      return answered;
    };
  }

  private static void awaitAll(List<Future<Integer>> clients)
      throws InterruptedException, ExecutionException {
    for (Future<Integer> client : clients) {
      assertThat(client.get()).isEqualTo(REQUESTS_PER_LOOK / CLIENTS);
    }
  }

  /** Gives each order to a thread of its own, of which some wait for what never comes. */
  private static final class Orders implements AutoCloseable {
    private final ThreadForm form;
    private final int requestsPerLeak;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(CLIENTS);
    private final CountDownLatch confirmed = new CountDownLatch(1);
    private final List<Thread> waiting = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger received = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();

    /** Where a leaked thread stands. */
    volatile int line;

    Orders(ThreadForm form, int requestsPerLeak) throws IOException {
      this.form = form;
      this.requestsPerLeak = requestsPerLeak;
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(workers);
      server.createContext("/", this::handle);
      server.start();
    }

    URL address() throws IOException {
      InetSocketAddress address = server.getAddress();
      return new URL("http", address.getAddress().getHostAddress(), address.getPort(), "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
      int number = received.incrementAndGet();
      boolean leaks = number % requestsPerLeak == 0;
      Thread order = form.unstarted("order-" + number, leaks ? this::await : done::incrementAndGet);
      order.start();
      if (leaks) {
        waiting.add(order);
      } else {
        Uninterruptibles.joinUninterruptibly(order);
      }
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    }

    private void await() {
      try {
        line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
        confirmed.await();
        done.incrementAndGet();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      server.stop(0);
      workers.shutdown();
      confirmed.countDown();
      waiting.forEach(Uninterruptibles::joinUninterruptibly);
    }
  }
}
