package dev.leakverifier.thread;

import static dev.leakverifier.thread.ThreadMarks.inGroup;
import static dev.leakverifier.thread.ThreadMarks.inSystemGroup;
import static dev.leakverifier.thread.ThreadMarks.isA;
import static dev.leakverifier.thread.ThreadMarks.isAnyOf;
import static dev.leakverifier.thread.ThreadMarks.named;
import static dev.leakverifier.thread.ThreadMarks.runsJdkClass;
import static dev.leakverifier.thread.ThreadMarks.runsJdkFunction;
import static dev.leakverifier.thread.ThreadMarks.runsNoJavaCode;
import static dev.leakverifier.thread.ThreadMarks.runsNoTask;
import static dev.leakverifier.thread.ThreadMarks.runsOnlyJdkCode;
import static dev.leakverifier.thread.ThreadMarks.startsIn;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Threads that the JVM and the tools around a test start for themselves; none of them is a leak.
 *
 * <p>Each is recognised by what no user's thread can share by accident: its class, its group
 * together with an empty or an all-JDK stack, the tool's own code at the bottom of its stack, or
 * who made it or waits for it. A name alone decides nowhere but in a saved dump, which tells no
 * more.
 *
 * <p>Read off JDK 17.0.15 and 25.0.3 on Linux; {@code KnownThreadTest} makes each thread that can
 * be made.
 */
public enum KnownThread {
  MAIN("the thread that the JVM was started with", ThreadSample::isFirst),
  REFERENCE_HANDLER(
      "enqueues the references that the garbage collector cleared",
      isA("java.lang.ref.Reference$ReferenceHandler")),
  FINALIZER("runs finalizers", isA("java.lang.ref.Finalizer$FinalizerThread")),
  SIGNAL_DISPATCHER(
      "passes signals on to their handlers",
      inSystemGroup().and(named("Signal Dispatcher")).and(runsNoJavaCode())),
  NOTIFICATION_THREAD(
      "sends the JVM's own JMX notifications",
      inSystemGroup().and(named("Notification Thread")).and(runsOnlyJdkCode())),
  DESTROY_JAVA_VM(
      "waits for the last non-daemon thread once main has returned",
      named("DestroyJavaVM").and(runsNoJavaCode())),
  ATTACH_LISTENER(
      "serves jcmd, profilers and agents that attach to the JVM",
      inSystemGroup().and(named("Attach Listener")).and(runsOnlyJdkCode())),
  JDK_HELPER(
      "a helper that the JDK starts for itself: cleaner, keep-alive timer, process reaper",
      // Only the JDK can make this class. File watchers have it since JDK 19, but can be closed;
      // so one that has only just started is not known yet.
      isA("jdk.internal.misc.InnocuousThread")
          .and(KnownThread::hasBegun)
          .and(runsJdkClass("sun.nio.fs.").negate())),
  PROCESS_REAPER(
      "waits for child processes to exit (before JDK 19; a JDK_HELPER since)",
      inSystemGroup()
          .and(
              // With its number while it waits for a certain process.
              named("process reaper")
                  .or(thread -> thread.name().startsWith("process reaper (pid ")))
          .and(runsOnlyJdkCode())),
  COMMON_POOL_WORKER(
      "an idle worker of ForkJoinPool.commonPool(), which cannot be shut down",
      // One that is about to run a user's task is not waiting.
      thread ->
          thread.isCommonPoolWorker()
              && ThreadMarks.isWaiting(thread)
              && ThreadMarks.runsNoTask(thread)),
  COMMON_POOL_DELAY_SCHEDULER(
      "runs CompletableFuture timeouts for the whole JVM (since JDK 25)",
      isA("java.util.concurrent.DelayScheduler")
          .and(named("ForkJoinPool.commonPool-delayScheduler")) // each pool has one of its own
          .and(runsNoTask())),
  COMPLETABLE_FUTURE_DELAY_SCHEDULER(
      "runs CompletableFuture timeouts for the whole JVM (before JDK 25)",
      named("CompletableFutureDelayScheduler").and(TimeoutThread::idlesAs)),
  VIRTUAL_THREAD_CARRIER(
      "carries virtual threads for the JVM's own scheduler",
      isA("jdk.internal.misc.CarrierThread")),
  VIRTUAL_THREAD_DELAY_SCHEDULER(
      "wakes up sleeping virtual threads (since JDK 25)",
      isA("java.util.concurrent.DelayScheduler")
          .and(thread -> thread.groupName().equals("CarrierThreads"))
          .and(runsNoTask())),
  VIRTUAL_THREAD_POLLER(
      "waits for the sockets of virtual threads, and is one itself (since JDK 22)",
      // One that uses a socket waits in the same class, but does not loop there.
      runsJdkFunction("sun.nio.ch.Poller.subPollerLoop").and(ThreadSample::isVirtual)),
  DEFAULT_CHANNEL_GROUP(
      "serves asynchronous channels without a group of their own (before JDK 19; a JDK_HELPER since)",
      runsJdkClass("sun.nio.ch.EPollPort$EventHandlerTask")
          // macOS and Windows: from others' reports, not run
          .or(runsJdkClass("sun.nio.ch.KQueuePort$EventHandlerTask"))
          .or(runsJdkClass("sun.nio.ch.Iocp$EventHandlerTask"))
          .and(ThreadSample::isDaemon)
          .and(runsOnlyJdkCode())
          .and(named(Pattern.compile("Thread-\\d+")))),
  DNS_LISTENER(
      "listens for changes of the DNS configuration (Windows, before JDK 19; not run)",
      runsJdkClass("sun.net.dns.ResolverConfigurationImpl$AddressChangeListener")),
  TOKEN_POLLER(
      "looks whether a smart card is there (not run)", runsJdkClass("sun.security.pkcs11.")),
  GRAPHICS_DISPOSER(
      "frees the native resources of Java2D (not run)", runsJdkClass("sun.java2d.Disposer")),
  PRINTER_LISTENER(
      "listens for changes of the printers (not run)",
      runsJdkClass("sun.print.PrintServiceLookupProvider$")),
  J9_ATTACH(
      "serves tools that attach to an OpenJ9 JVM (not run)",
      startsIn("openj9.internal.tools.attach.target.")
          .or(startsIn("com.ibm.tools.attach.target."))),
  J9_MEMORY_NOTIFICATION(
      "sends the memory notifications of an OpenJ9 JVM (not run)",
      named("MemoryPoolMXBean notification dispatcher")
          .and(inSystemGroup())
          .and(thread -> thread.framesOutsideJdk().isEmpty())),
  FLIGHT_RECORDER(
      "Java Flight Recorder's recorder",
      inSystemGroup().and(named("JFR Recorder Thread")).and(runsOnlyJdkCode())),
  FLIGHT_RECORDER_TASKS(
      "Java Flight Recorder's periodic tasks",
      runsJdkClass("jdk.jfr.internal.PlatformRecorder").and(runsOnlyJdkCode())),
  ORIGIN_RECORDER(
      "records who starts threads, for LeakVerifier's reports",
      isA("dev.leakverifier.origin.OriginThread")),
  GROUP_LOOK(
      "looks at thread groups for LeakVerifier, and waits for one that somebody holds",
      isAnyOf("dev.leakverifier.jvm.")),
  RMI_ACCEPT(
      "accepts RMI and JMX connections",
      inSystemGroup().and(runsJdkClass("sun.rmi.transport.tcp.TCPTransport$AcceptLoop"))),
  RMI_CONNECTION(
      "serves an RMI or JMX client, whose own side ends it",
      runsJdkClass("sun.rmi.transport.tcp.TCPTransport$ConnectionHandler").and(runsOnlyJdkCode())),
  RMI_IDLE_CONNECTION(
      "waits for the next RMI or JMX client",
      inGroup("RMI Runtime").and(named("RMI TCP Connection(idle)")).and(runsOnlyJdkCode())),
  RMI_SCHEDULER(
      "runs the periodic work of RMI",
      inSystemGroup().and(named("RMI Scheduler(0)")).and(runsOnlyJdkCode())),
  RMI_GC_DAEMON(
      "asks for the garbage collections that RMI needs",
      runsJdkClass("sun.rmi.transport.GC$Daemon")),
  RMI_REAPER(
      "keeps the JVM alive while RMI objects are exported",
      runsJdkClass("sun.rmi.transport.ObjectTable$Reaper")),
  JMX_SERVER_TIMEOUT(
      "closes the idle connections of a JMX server",
      runsJdkClass("com.sun.jmx.remote.internal.ServerCommunicatorAdmin$Timeout")),
  SUREFIRE(
      "the link of Maven Surefire or Failsafe to the build",
      startsIn("org.apache.maven.surefire.")),
  SUREFIRE_TIMER(
      "watches whether the Maven process is still there, and passes output on to it",
      RunnerThreads::isOfSurefire),
  JUNIT_WORKER("runs other tests in a pool of JUnit's", startsIn("org.junit.runners.")),
  JUPITER_WORKER( // while a test on one waits, the JDK may start another, on the test's thread
      "runs other tests in a pool of Jupiter's",
      isAnyOf("org.junit.platform.engine.support.hierarchical.")),
  RUNNER_IDLE_WORKER(
      "waits in a pool that Surefire or JUnit has made; told by its origin",
      thread ->
          ThreadMarks.idlesInPool(thread)
              && thread
                  .createdBy()
                  .filter(
                      starter ->
                          starter.startsWith("org.apache.maven.surefire.")
                              || starter.startsWith("org.junit."))
                  .isPresent()),
  MAVEN(
      "works for the Maven process that the tests run in",
      startsIn("org.apache.maven.lifecycle.")
          .or(startsIn("org.apache.maven.cli."))
          .or(startsIn("org.codehaus.plexus.classworlds.launcher."))),
  TESTNG_WORKER(
      "runs other tests in a pool of TestNG's",
      // A test with a timeOut runs elsewhere: what it leaves behind is a leak.
      startsIn("org.testng.").and(startsIn("org.testng.internal.invokers.Invoke").negate())),
  TESTNG_IDLE_WORKER(
      "waits in a pool of TestNG's, or is just ending there", RunnerThreads::isOfTestNg),
  INTELLIJ("the link to IntelliJ IDEA", startsIn("com.intellij.rt.")),
  ECLIPSE("the link to Eclipse", startsIn("org.eclipse.jdt.internal.junit.runner.")),
  GRADLE(
      "the link of a Gradle worker to the build",
      startsIn("org.gradle.internal.concurrent.")
          .or(startsIn("org.gradle.process.internal.worker."))),
  JACOCO("serves the coverage data of JaCoCo", startsIn("org.jacoco.agent.rt.")),
  YOURKIT("the agent of the YourKit profiler", startsIn("com.yourkit.")),
  BYTEMAN("the agent of Byteman", startsIn("org.jboss.byteman.agent.")),
  OPEN_TELEMETRY_AGENT("the Java agent of OpenTelemetry", startsIn("io.opentelemetry.javaagent."));

  private static final List<KnownThread> ALL = List.of(values());

  private final String reason;

  @SuppressWarnings("ImmutableEnumChecker") // the rules keep no state
  private final Predicate<ThreadSample> rule;

  KnownThread(String reason, Predicate<ThreadSample> rule) {
    this.reason = reason;
    this.rule = rule;
  }

  /** The entry that {@code thread} is, if it is any. */
  public static Optional<KnownThread> of(ThreadSample thread) {
    for (KnownThread known : ALL) {
      if (known.rule.test(thread)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** Why such a thread is there, and so no leak. */
  public String reason() {
    return reason;
  }

  private static boolean hasBegun(ThreadSample thread) {
    for (StackTraceElement frame : thread.frames()) {
      if (!frame.getClassName().equals("java.lang.Thread")
          && !frame.getClassName().equals("jdk.internal.misc.InnocuousThread")) {
        return true;
      }
    }
    return false;
  }
}
