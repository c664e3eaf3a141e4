package dev.leakverifier.diagnosis;

import com.google.common.base.Splitter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The JDK's functions in which a thread can stay for good, and what would let it go.
 *
 * <p>Told by the function that was called, which is part of the API, and not by the private ones
 * that this one calls: these change from version to version.
 */
enum JdkWait {
  SLEEP(
      LeakKind.SLEEPING_LOOP,
      "it sleeps in %s, repeatedly or for a long time",
      WaitFix.of("let teardown end the loop")
          .orInterrupt("interrupt() it and leave the loop on InterruptedException"),
      "java.lang.Thread.sleep",
      "java.util.concurrent.TimeUnit.sleep",
      "java.util.concurrent.locks.LockSupport.parkNanos,parkUntil"),

  GIVE(
      LeakKind.BLOCKED_HAND_OFF,
      "it hands something to %s, and nobody takes it",
      WaitFix.of("let another thread take() it").orTimeout("use offer(value, timeout, unit)"),
      "java.util.concurrent.SynchronousQueue.put,offer",
      "java.util.concurrent.LinkedTransferQueue.transfer,tryTransfer"),
  PUT(
      LeakKind.BLOCKED_HAND_OFF,
      "it puts something into %s that is full, and nobody takes anything out",
      WaitFix.of("keep taking until the last element is put")
          .orTimeout("use offer(value, timeout, unit)"),
      "java.util.concurrent.ArrayBlockingQueue.put,offer",
      "java.util.concurrent.LinkedBlockingQueue.put,offer",
      "java.util.concurrent.LinkedBlockingDeque.put,putFirst,putLast,offer,offerFirst,offerLast",
      "java.util.concurrent.SubmissionPublisher.submit,offer"),
  TAKE(
      LeakKind.BLOCKED_HAND_OFF,
      "it takes from %s that is empty, and nobody puts anything in",
      WaitFix.of("put a last element that tells it to end")
          .orInterrupt()
          .orTimeout("use poll(timeout, unit)"),
      "java.util.concurrent.SynchronousQueue.take,poll",
      "java.util.concurrent.LinkedTransferQueue.take,poll",
      "java.util.concurrent.ArrayBlockingQueue.take,poll",
      "java.util.concurrent.LinkedBlockingQueue.take,poll",
      "java.util.concurrent.LinkedBlockingDeque.take,takeFirst,takeLast,poll,pollFirst,pollLast",
      "java.util.concurrent.PriorityBlockingQueue.take,poll",
      "java.util.concurrent.DelayQueue.take,poll",
      "java.util.concurrent.ExecutorCompletionService.take,poll"),
  EXCHANGE(
      LeakKind.BLOCKED_HAND_OFF,
      "it waits in %s for a partner that does not come",
      WaitFix.of("let the other side call exchange()")
          .orTimeout("use exchange(value, timeout, unit)"),
      "java.util.concurrent.Exchanger.exchange"),
  PIPE(
      LeakKind.BLOCKED_HAND_OFF,
      "it waits in %s for the other end of the pipe",
      WaitFix.of("close() both ends"),
      "java.io.PipedInputStream.read,awaitSpace,receive",
      "java.io.PipedOutputStream.write",
      "java.io.PipedReader.read,receive",
      "java.io.PipedWriter.write",
      "sun.nio.ch.SourceChannelImpl.read",
      "sun.nio.ch.SinkChannelImpl.write"),

  FUTURE(
      LeakKind.WAITS_IN_VAIN,
      "it waits for %s that nobody completes",
      WaitFix.of("complete or cancel() it in every case").orTimeout("use get(timeout, unit)"),
      "java.util.concurrent.FutureTask.get",
      "java.util.concurrent.CompletableFuture.get,join",
      "java.util.concurrent.ForkJoinTask.get,join,invoke",
      "sun.nio.ch.PendingFuture.get"),
  LATCH(
      LeakKind.WAITS_IN_VAIN,
      "it waits for %s that is not counted down",
      WaitFix.of("call countDown() in a finally block").orTimeout("use await(timeout, unit)"),
      "java.util.concurrent.CountDownLatch.await"),
  BARRIER(
      LeakKind.WAITS_IN_VAIN,
      "it waits at %s for others that do not come",
      WaitFix.of("let all parties arrive, or call reset() or forceTermination()")
          .orTimeout("wait with a timeout"),
      "java.util.concurrent.CyclicBarrier.await",
      "java.util.concurrent.Phaser.arriveAndAwaitAdvance,awaitAdvance,awaitAdvanceInterruptibly"),
  SEMAPHORE(
      LeakKind.WAITS_IN_VAIN,
      "it waits for a permit of %s that nobody releases",
      WaitFix.of("call release() in a finally block").orTimeout("use tryAcquire(timeout, unit)"),
      "java.util.concurrent.Semaphore.acquire,acquireUninterruptibly,tryAcquire"),
  CONDITION(
      LeakKind.WAITS_IN_VAIN,
      "it waits for a Condition of a lock, and nobody signals it",
      WaitFix.of("call signalAll() when it has to end").orInterrupt(),
      "java.util.concurrent.locks.AbstractQueuedSynchronizer"
          + ".await,awaitNanos,awaitUntil,awaitUninterruptibly",
      "java.util.concurrent.locks.AbstractQueuedLongSynchronizer"
          + ".await,awaitNanos,awaitUntil,awaitUninterruptibly"),
  MONITOR(
      LeakKind.WAITS_IN_VAIN,
      "it waits in Object.wait, and nobody notifies it",
      WaitFix.of("call notifyAll() when it has to end").orInterrupt(),
      "java.lang.Object.wait"),
  JOIN(
      LeakKind.WAITS_IN_VAIN,
      "it waits in Thread.join for a thread that does not end",
      WaitFix.of("end that thread").orTimeout("use join(millis)"),
      "java.lang.Thread.join",
      "java.util.concurrent.TimeUnit.timedJoin"),
  POOL_END(
      LeakKind.WAITS_IN_VAIN,
      "it waits for the end of a pool that was not shut down, or whose tasks do not end",
      WaitFix.of("call shutdownNow(), and let the tasks end when they are interrupted"),
      "java.util.concurrent.ThreadPoolExecutor.awaitTermination,close",
      "java.util.concurrent.ForkJoinPool.awaitTermination,close",
      "java.util.concurrent.ThreadPerTaskExecutor.awaitTermination,close",
      "java.util.concurrent.ExecutorService.close"),
  POOL_TASKS(
      LeakKind.WAITS_IN_VAIN,
      "it waits for tasks of a pool, and they do not end",
      WaitFix.of("let the tasks end when they are interrupted").orTimeout("call it with a timeout"),
      "java.util.concurrent.AbstractExecutorService.invokeAll,invokeAny"),
  PARK(
      LeakKind.WAITS_IN_VAIN,
      "it is parked, and nobody calls LockSupport.unpark for it",
      WaitFix.of("unpark() it when it has to end").orInterrupt(),
      "java.util.concurrent.locks.LockSupport.park"),
  REFERENCES(
      LeakKind.WAITS_IN_VAIN,
      "it waits at %s for objects to be collected",
      WaitFix.of("let teardown end the loop").orInterrupt(),
      "java.lang.ref.ReferenceQueue.remove"),

  HTTP_ANSWER(
      LeakKind.ENDLESS_IO,
      "it waits for the answer to an HTTP request",
      WaitFix.of("stop the server or let it answer")
          .orTimeout(
              "set a timeout (HttpURLConnection.setReadTimeout, HttpRequest.Builder.timeout)"),
      "sun.net.www.http.HttpClient.parseHTTP",
      "jdk.internal.net.http.HttpClientImpl.send"),
  SOCKET(
      LeakKind.ENDLESS_IO,
      "it waits for the other end of a socket",
      WaitFix.of("close() the socket in teardown").orTimeout("set a timeout (Socket.setSoTimeout)"),
      "java.net.Socket.read,write,connect",
      "java.net.DatagramSocket.receive",
      "sun.nio.ch.SocketChannelImpl.read,write,connect,finishConnect",
      "sun.nio.ch.DatagramChannelImpl.receive,read",
      "sun.nio.ch.NioSocketImpl.read,write,connect"),
  ADDRESS(
      LeakKind.ENDLESS_IO,
      "it looks up the address of a host, and gets no answer",
      WaitFix.of("use an address, or a name that the machine itself knows"),
      "java.net.InetAddress.getByName,getAllByName"),
  ACCEPT(
      LeakKind.ENDLESS_IO,
      "it waits for clients of a server socket",
      WaitFix.of("close() the server socket in teardown"),
      "java.net.ServerSocket.accept",
      "sun.nio.ch.ServerSocketChannelImpl.accept"),
  SELECT(
      LeakKind.ENDLESS_IO,
      "it waits in a Selector",
      WaitFix.of("close() the Selector in teardown, or call wakeup() and leave the loop"),
      "sun.nio.ch.SelectorImpl.select,lockAndDoSelect"),
  WATCH(
      LeakKind.ENDLESS_IO,
      "it waits for files to change",
      WaitFix.of("close() the WatchService in teardown"),
      "sun.nio.fs.AbstractWatchService.take,poll"),
  PROCESS(
      LeakKind.ENDLESS_IO,
      "it waits for the end of another process",
      WaitFix.of("call destroy() on the Process in teardown")
          .orTimeout("use waitFor(timeout, unit)"),
      "java.lang.ProcessImpl.waitFor",
      "java.lang.Process.waitFor"),
  PROCESS_OUTPUT(
      LeakKind.ENDLESS_IO,
      "it reads what another process prints",
      WaitFix.of("call destroy() on the Process in teardown"),
      "java.lang.Process.read"),
  FILE(
      LeakKind.ENDLESS_IO,
      "it reads or writes a file, a device or a pipe to a process, and does not finish",
      WaitFix.of("close() the stream in teardown, or end the process at its other end"),
      "java.io.FileInputStream.read,readBytes,open,open0,<init>",
      "java.io.FileOutputStream.write,open,open0,<init>",
      "java.io.RandomAccessFile.read,readBytes,write,open,<init>",
      "sun.nio.ch.FileChannelImpl.read,write,lock,transferTo,transferFrom",
      "java.io.Console.readLine,readPassword");

  private static final Map<String, JdkWait> BY_FUNCTION = byFunction();

  private final LeakKind kind;
  private final String why;

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final WaitFix fix;

  @SuppressWarnings("ImmutableEnumChecker") // never written to
  private final String[] functions;

  /** The {@code functions} are given as a class, a dot, and methods with commas between. */
  JdkWait(LeakKind kind, String why, WaitFix fix, String... functions) {
    this.kind = kind;
    this.why = why;
    this.fix = fix;
    this.functions = functions;
  }

  /** What a thread waits for in this function of the JDK, if it can. */
  static Optional<JdkWait> in(StackTraceElement frame) {
    return Optional.ofNullable(BY_FUNCTION.get(outerClass(frame) + "." + frame.getMethodName()));
  }

  /** The diagnosis for a thread that stands at {@code subject}. */
  Diagnosis diagnosis(String subject, boolean withTimeout, boolean interrupted) {
    return new Diagnosis(
        kind,
        why.formatted(subject) + (withTimeout ? " (with a timeout)" : ""),
        fix.text(withTimeout, interrupted));
  }

  /** The frame's class, or the one that it is nested in. */
  static String outerClass(StackTraceElement frame) {
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private static Map<String, JdkWait> byFunction() {
    Map<String, JdkWait> map = new HashMap<>();
    for (JdkWait wait : values()) {
      for (String function : wait.functions) {
        int dot = function.lastIndexOf('.');
        for (String method : Splitter.on(',').split(function.substring(dot + 1))) {
          map.put(function.substring(0, dot + 1) + method, wait);
        }
      }
    }
    return map;
  }
}
