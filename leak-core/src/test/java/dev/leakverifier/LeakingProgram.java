package dev.leakverifier;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.testing.ThreadForm;
import java.io.Closeable;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.Deque;
import java.util.Queue;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Small programs that each leave a thread behind, what a report has to say of it, and how it is
 * ended. The thread's name is {@code leaked} where the program can choose it.
 */
@SuppressWarnings({ // to do it wrong is the point
  "FutureReturnValueIgnored",
  "ModifiedButNotUsed",
  "WaitNotInLoop"
})
enum LeakingProgram {
  POOL(Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "ThreadPoolExecutor", "shutdown()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.own(Executors.newFixedThreadPool(1)).submit(() -> {}).get();
    }
  },
  SCHEDULED_POOL(
      Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "ScheduledThreadPoolExecutor", "shutdownNow()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.own(Executors.newScheduledThreadPool(1)).submit(() -> {}).get();
    }
  },
  POOL_WITH_A_QUEUE_OF_ITS_OWN(
      Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "never shut down", "shutdown()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.own(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new OwnQueue()))
          .submit(() -> {})
          .get();
    }
  },
  SHUT_DOWN_POOL_WITH_A_DELAYED_TASK(
      Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "waits for a delayed task", "shutdownNow()") {
    @Override
    void start(Leak leak) {
      ScheduledExecutorService pool = leak.own(Executors.newScheduledThreadPool(1));
      pool.schedule(() -> {}, 1, TimeUnit.DAYS);
      pool.shutdown();
    }
  },
  CACHED_POOL(Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "keep-alive", "shutdown()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.own(Executors.newCachedThreadPool()).submit(() -> {}).get();
    }
  },
  FORK_JOIN_POOL(Forms.PLATFORM, LeakKind.IDLE_POOL_WORKER, "ForkJoinPool", "shutdown()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.own(new ForkJoinPool(1)).submit(() -> {}).get();
    }
  },
  TASK_OF_A_POOL(
      Forms.PLATFORM,
      LeakKind.WAITS_IN_VAIN,
      "CountDownLatch",
      "shutdownNow() on the ThreadPoolExecutor that runs it") {
    @Override
    void start(Leak leak) {
      CountDownLatch never = new CountDownLatch(1);
      leak.own(Executors.newFixedThreadPool(1)).submit(leak.task(never::await));
    }
  },
  TASK_OF_A_PER_TASK_EXECUTOR(
      Forms.VIRTUAL,
      LeakKind.SLEEPING_LOOP,
      "sleeps",
      "close() the ThreadPerTaskExecutor that owns it") {
    @Override
    void start(Leak leak) {
      leak.own(ThreadForm.virtualThreadPerTaskExecutor())
          .submit(leak.task(() -> Thread.sleep(Long.MAX_VALUE)));
    }
  },
  TIMER(Forms.PLATFORM, LeakKind.TIMER_NOT_CANCELLED, "java.util.Timer", "Timer.cancel()") {
    @Override
    void start(Leak leak) {
      Timer timer = new Timer();
      leak.atEnd(timer::cancel);
    }
  },
  TASK_OF_A_TIMER(
      Forms.PLATFORM, LeakKind.SLEEPING_LOOP, "sleeps", "cancel() on the Timer that runs it") {
    @Override
    void start(Leak leak) {
      Timer timer = new Timer();
      leak.atEnd(timer::cancel);
      Runnable task = leak.task(() -> Thread.sleep(Long.MAX_VALUE));
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              task.run();
            }
          },
          0);
    }
  },

  /** Of locks, since nobody could end one of monitors. */
  DEADLOCK(Forms.PLATFORM, LeakKind.DEADLOCK, "a deadlock of 2 threads", "same order") {
    @Override
    void start(Leak leak) throws Exception {
      ReentrantLock first = new ReentrantLock();
      ReentrantLock second = new ReentrantLock();
      CyclicBarrier bothHold = new CyclicBarrier(2);
      leak.run(() -> lockBoth(first, second, bothHold));
      leak.run(() -> lockBoth(second, first, bothHold));
    }
  },
  MONITOR_HELD(
      Forms.BOTH, LeakKind.LOCK_NOT_RELEASED, "the monitor of java.lang.Object@", "synchronized") {
    @Override
    void start(Leak leak) throws Exception {
      Object monitor = new Object();
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      Thread holder =
          new Thread(
              () -> {
                synchronized (monitor) {
                  held.countDown();
                  Uninterruptibles.awaitUninterruptibly(release);
                }
              },
              "holder");
      holder.start();
      held.await();
      leak.run(
          () -> {
            synchronized (monitor) {
              return null;
            }
          });
      leak.atEnd(
          () -> {
            release.countDown();
            Uninterruptibles.joinUninterruptibly(holder);
          });
    }
  },
  LOCK_HELD(Forms.BOTH, LeakKind.LOCK_NOT_RELEASED, "waits for", "unlock()") {
    @Override
    void start(Leak leak) throws Exception {
      ReentrantLock lock = new ReentrantLock();
      lock.lock();
      leak.run(
          () -> {
            lock.lockInterruptibly();
            return null;
          });
      leak.atEnd(lock::unlock);
    }
  },
  LOCK_OF_A_THREAD_THAT_HAS_ENDED(
      Forms.PLATFORM, LeakKind.LOCK_NOT_RELEASED, "the thread that took it has ended", "unlock()") {
    @Override
    void start(Leak leak) throws Exception {
      ReentrantLock lock = new ReentrantLock();
      Thread locker = new Thread(lock::lock);
      locker.start();
      locker.join();
      leak.run(
          () -> {
            lock.lockInterruptibly();
            return null;
          });
    }
  },
  READ_LOCK(Forms.PLATFORM, LeakKind.LOCK_NOT_RELEASED, "waits for", "unlock()") {
    @Override
    void start(Leak leak) throws Exception {
      ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
      lock.writeLock().lock();
      leak.run(
          () -> {
            lock.readLock().lockInterruptibly();
            return null;
          });
      leak.atEnd(lock.writeLock()::unlock);
    }
  },

  PUT_WITHOUT_TAKER(Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "SynchronousQueue", "offer(") {
    @Override
    void start(Leak leak) throws Exception {
      SynchronousQueue<Integer> queue = new SynchronousQueue<>();
      leak.run(
          () -> {
            queue.put(1);
            return null;
          });
    }
  },
  TRANSFER_WITHOUT_TAKER(Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "LinkedTransferQueue", "take()") {
    @Override
    void start(Leak leak) throws Exception {
      LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
      leak.run(
          () -> {
            queue.transfer(1);
            return null;
          });
    }
  },
  FULL_QUEUE(Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "an ArrayBlockingQueue that is full", "offer") {
    @Override
    void start(Leak leak) throws Exception {
      ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
      queue.add(1);
      leak.run(
          () -> {
            queue.put(2);
            return null;
          });
    }
  },
  EMPTY_QUEUE(
      Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "a LinkedBlockingQueue that is empty", "poll") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new LinkedBlockingQueue<Integer>()::take);
    }
  },
  POLLED_QUEUE(Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "with a timeout", "a last element") {
    @Override
    void start(Leak leak) throws Exception {
      LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
      leak.run(() -> queue.poll(1, TimeUnit.DAYS));
    }
  },
  EMPTY_DEQUE(Forms.PLATFORM, LeakKind.BLOCKED_HAND_OFF, "LinkedBlockingDeque", "poll") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new LinkedBlockingDeque<Integer>()::takeLast);
    }
  },
  EMPTY_PRIORITY_QUEUE(Forms.PLATFORM, LeakKind.BLOCKED_HAND_OFF, "PriorityBlockingQueue", "poll") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new PriorityBlockingQueue<Integer>()::take);
    }
  },
  EMPTY_DELAY_QUEUE(Forms.PLATFORM, LeakKind.BLOCKED_HAND_OFF, "DelayQueue", "poll") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new DelayQueue<Delayed>()::take);
    }
  },
  EXCHANGE_WITHOUT_PARTNER(Forms.BOTH, LeakKind.BLOCKED_HAND_OFF, "Exchanger", "exchange(") {
    @Override
    void start(Leak leak) throws Exception {
      Exchanger<Integer> exchanger = new Exchanger<>();
      leak.run(() -> exchanger.exchange(1));
    }
  },
  EMPTY_PIPE(Forms.PLATFORM, LeakKind.BLOCKED_HAND_OFF, "PipedInputStream", "close() both ends") {
    @Override
    void start(Leak leak) throws Exception {
      PipedOutputStream writer = new PipedOutputStream();
      PipedInputStream reader = new PipedInputStream(writer);
      leak.run(reader::read);
      leak.atEnd(writer);
    }
  },

  FUTURE(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "FutureTask", "cancel()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new FutureTask<>(() -> 1)::get);
    }
  },
  COMPLETABLE_FUTURE(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "CompletableFuture", "cancel()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new CompletableFuture<Integer>()::get);
    }
  },
  LATCH(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "CountDownLatch", "countDown()") {
    @Override
    void start(Leak leak) throws Exception {
      CountDownLatch latch = new CountDownLatch(1);
      leak.run(
          () -> {
            latch.await();
            return null;
          });
    }
  },
  POLLED_LATCH(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "with a timeout", "countDown()") {
    @Override
    void start(Leak leak) throws Exception {
      CountDownLatch latch = new CountDownLatch(1);
      leak.run(() -> latch.await(1, TimeUnit.DAYS));
    }
  },
  BARRIER(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "CyclicBarrier", "reset()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(new CyclicBarrier(2)::await);
    }
  },
  PHASER(Forms.PLATFORM, LeakKind.WAITS_IN_VAIN, "Phaser", "forceTermination()") {
    @Override
    void start(Leak leak) throws Exception {
      Phaser phaser = new Phaser(2);
      leak.run(phaser::arriveAndAwaitAdvance);
      leak.atEnd(phaser::forceTermination);
    }
  },
  SEMAPHORE(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "Semaphore", "release()") {
    @Override
    void start(Leak leak) throws Exception {
      Semaphore semaphore = new Semaphore(0);
      leak.run(
          () -> {
            semaphore.acquire();
            return null;
          });
    }
  },
  CONDITION(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "Condition of a lock", "signalAll()") {
    @Override
    void start(Leak leak) throws Exception {
      ReentrantLock lock = new ReentrantLock();
      Condition condition = lock.newCondition();
      leak.run(
          () -> {
            lock.lock();
            try {
              condition.await();
            } finally {
              lock.unlock();
            }
            return null;
          });
    }
  },
  OBJECT_WAIT(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "Object.wait", "notifyAll()") {
    @Override
    void start(Leak leak) throws Exception {
      Object monitor = new Object();
      leak.run(
          () -> {
            synchronized (monitor) {
              monitor.wait();
            }
            return null;
          });
    }
  },
  JOIN(Forms.PLATFORM, LeakKind.WAITS_IN_VAIN, "in Thread.join for \"joined\"", "join(millis)") {
    @Override
    void start(Leak leak) throws Exception {
      Thread joined = new Thread(LockSupport::park, "joined");
      joined.start();
      leak.run(
          () -> {
            joined.join();
            return null;
          });
      leak.atEnd(() -> ThreadForm.end(joined));
    }
  },
  END_OF_A_POOL(Forms.PLATFORM, LeakKind.WAITS_IN_VAIN, "the end of a pool", "shutdownNow()") {
    @Override
    void start(Leak leak) throws Exception {
      ExecutorService pool = leak.own(Executors.newFixedThreadPool(1));
      leak.run(() -> pool.awaitTermination(1, TimeUnit.DAYS));
    }
  },
  PARKED(Forms.BOTH, LeakKind.WAITS_IN_VAIN, "parked", "unpark") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(
          () -> {
            LockSupport.park();
            return null;
          });
    }
  },

  SLEEP(Forms.BOTH, LeakKind.SLEEPING_LOOP, "it sleeps in dev.leakverifier.", "interrupt()") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(
          () -> {
            Thread.sleep(Long.MAX_VALUE);
            return null;
          });
    }
  },

  SOCKET_READ(Forms.BOTH, LeakKind.ENDLESS_IO, "the other end of a socket", "setSoTimeout") {
    @Override
    void start(Leak leak) throws Exception {
      ServerSocket silent = leak.own(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      Socket socket = leak.own(new Socket(silent.getInetAddress(), silent.getLocalPort()));
      leak.run(() -> socket.getInputStream().read());
    }
  },
  ACCEPT(Forms.BOTH, LeakKind.ENDLESS_IO, "server socket", "close() the server socket") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(leak.own(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))::accept);
    }
  },
  ACCEPT_OF_A_CHANNEL(Forms.PLATFORM, LeakKind.ENDLESS_IO, "server socket", "close()") {
    @Override
    void start(Leak leak) throws Exception {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      leak.run(leak.own(ServerSocketChannel.open()).bind(any)::accept);
    }
  },
  DATAGRAM(Forms.PLATFORM, LeakKind.ENDLESS_IO, "socket", "close() the socket") {
    @Override
    void start(Leak leak) throws Exception {
      DatagramSocket socket = leak.own(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
      leak.run(
          () -> {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return null;
          });
    }
  },
  SELECTOR(Forms.PLATFORM, LeakKind.ENDLESS_IO, "Selector", "close() the Selector") {
    @Override
    void start(Leak leak) throws Exception {
      leak.run(leak.own(Selector.open())::select);
    }
  },
  HTTP_REQUEST(Forms.BOTH, LeakKind.ENDLESS_IO, "an HTTP request", "setReadTimeout") {
    @Override
    void start(Leak leak) throws Exception {
      ServerSocket silent = leak.own(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      URI uri = new URI("http://localhost:" + silent.getLocalPort() + "/");
      leak.run(() -> uri.toURL().openStream());
    }
  },
  PROCESS(Forms.PLATFORM, LeakKind.ENDLESS_IO, "another process", "destroy()") {
    @Override
    void start(Leak leak) throws Exception {
      Process process = new ProcessBuilder("sleep", "1000").start();
      leak.atEnd(process::destroyForcibly);
      leak.run(process::waitFor);
    }
  },
  PROCESS_OUTPUT(Forms.PLATFORM, LeakKind.ENDLESS_IO, "process", "rocess") {
    @Override
    void start(Leak leak) throws Exception {
      Process process = new ProcessBuilder("sleep", "1000").start();
      leak.atEnd(process::destroyForcibly);
      leak.run(() -> process.getInputStream().read());
    }
  },
  WATCHED_FILES(Forms.PLATFORM, LeakKind.ENDLESS_IO, "files to change", "WatchService") {
    @Override
    void start(Leak leak) throws Exception {
      WatchService watch = leak.own(FileSystems.getDefault().newWatchService());
      leak.run(watch::take);
    }
  },
  HTTP_SERVER(Forms.PLATFORM, LeakKind.HTTP_NOT_STOPPED, "HttpServer", "HttpServer.stop(0)") {
    @Override
    void start(Leak leak) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.start();
      leak.atEnd(() -> server.stop(0));
    }
  };

  private final Forms forms;
  private final LeakKind kind;
  private final String why;
  final String fix;

  /**
   * A program.
   *
   * @param why part of what the report says is the reason
   * @param fix part of what it says is to be called
   */
  LeakingProgram(Forms forms, LeakKind kind, String why, String fix) {
    this.forms = forms;
    this.kind = kind;
    this.why = why;
    this.fix = fix;
  }

  /** Starts it; what it leaves behind is in its place then, or will be soon. */
  abstract void start(Leak leak) throws Exception;

  /** Whether the report knows what this program has left. */
  boolean isIn(LeakGroup group) {
    return group.diagnosis().kind() == kind && group.diagnosis().why().contains(why);
  }

  boolean canBe(ThreadForm form) {
    return forms == Forms.BOTH || forms.name().equals(form.name());
  }

  private static Void lockBoth(ReentrantLock first, ReentrantLock second, CyclicBarrier bothHold)
      throws Exception {
    first.lockInterruptibly();
    try {
      bothHold.await();
      second.lockInterruptibly();
      second.unlock();
    } finally {
      first.unlock();
    }
    return null;
  }

  /** As Tomcat's: its own code stands between the pool and the JDK's queue. */
  private static final class OwnQueue extends LinkedBlockingQueue<Runnable> {
    @Override
    public Runnable take() throws InterruptedException {
      return super.take();
    }
  }

  private enum Forms {
    PLATFORM,
    VIRTUAL,
    BOTH
  }

  /** A body that ends when it is interrupted. */
  interface Body {
    void run() throws Exception;
  }

  /** What a program has left behind, until it is closed. */
  static final class Leak implements AutoCloseable {
    private final ThreadForm form;
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Deque<Closeable> ends = new ConcurrentLinkedDeque<>();

    Leak(ThreadForm form) {
      this.form = form;
    }

    /** Runs {@code body} in a thread that is interrupted at the end. */
    void run(Callable<?> body) {
      threads.add(form.start("leaked", () -> call(body)));
    }

    Runnable task(Body body) {
      return () -> {
        threads.add(Thread.currentThread());
        call(
            () -> {
              body.run();
              return null;
            });
      };
    }

    <T extends ExecutorService> T own(T pool) {
      ends.push(pool::shutdownNow);
      return pool;
    }

    <T extends Closeable> T own(T resource) {
      ends.push(resource);
      return resource;
    }

    void atEnd(Closeable end) {
      ends.push(end);
    }

    private static void call(Callable<?> body) {
      try {
        Object unused = body.call();
      } catch (Exception e) {
        Thread.currentThread().interrupt(); // so it was meant
      }
    }

    /** Threads are joined last: some only end when what they wait for is closed. */
    @Override
    public void close() throws IOException {
      threads.forEach(Thread::interrupt);
      for (Closeable end : ends) {
        end.close();
      }
      threads.forEach(Uninterruptibles::joinUninterruptibly);
    }
  }
}
