package dev.leakverifier.thread;

import static java.util.stream.Collectors.joining;

import com.google.common.base.MoreObjects;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.leakverifier.jvm.LiveThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one thread looked like at one instant.
 *
 * <pre>{@code
 * LeakVerifier.ignoreFunc(
 *     thread -> thread.isDaemon() && thread.hasFunction("com.acme.Poller.run"))
 * }</pre>
 *
 * <p>A value: immutable, safe to share, and it keeps no thread and no class loader alive. A
 * <em>function</em> is {@code Class.getName() + "." + method}, for instance {@code
 * com.acme.Outer$Inner.run}.
 */
public final class ThreadSample {
  private final long id;
  private final String name;
  private final Thread.State state;
  private final boolean daemon;
  private final String groupName;
  private final String threadClass;
  private final boolean commonPoolWorker;
  private final boolean virtual;
  private final Optional<String> owner;

  /** Made when it is first asked for: that takes as long as to read the stack. */
  private final Supplier<? extends List<StackTraceElement>> frames;

  /** Null until it is first asked for. */
  private @Nullable List<StackTraceElement> framesOutsideJdk;

  private final Activity activity;
  private final Supplier<Optional<ThreadOrigin>> origin;

  /**
   * What a thread does besides standing at a place.
   *
   * @param lock what it stands still for
   * @param interrupted whether it has been interrupted, and has not taken note of it
   * @param cpuNanos the CPU time that it has used since its start
   */
  public record Activity(Optional<ThreadLock> lock, boolean interrupted, OptionalLong cpuNanos) {
    /** Where the JVM tells nothing of it. */
    public static final Activity UNKNOWN =
        new Activity(Optional.empty(), false, OptionalLong.empty());
  }

  public ThreadSample(
      Thread thread,
      Thread.State state,
      String threadClass,
      Supplier<? extends List<StackTraceElement>> frames,
      Activity activity,
      Supplier<Optional<ThreadOrigin>> origin) {
    ThreadGroup group = thread.getThreadGroup();
    this.id = LiveThreads.id(thread);
    this.name = thread.getName();
    this.state = state;
    this.daemon = thread.isDaemon();
    this.groupName = group == null ? "" : group.getName();
    this.threadClass = threadClass;
    this.commonPoolWorker = LiveThreads.isCommonPoolWorker(thread);
    this.virtual = false;
    this.owner = Optional.empty();
    this.frames = frames;
    this.activity = activity;
    this.origin = Suppliers.memoize(origin::get);
  }

  private ThreadSample(
      long id,
      String name,
      Thread.State state,
      boolean daemon,
      boolean virtual,
      Optional<String> owner,
      ImmutableList<StackTraceElement> frames) {
    this.id = id;
    this.name = name;
    this.state = state;
    this.daemon = daemon;
    this.groupName = virtual ? "VirtualThreads" : "";
    this.threadClass = virtual ? "java.lang.VirtualThread" : classOf(frames);
    this.commonPoolWorker =
        name.startsWith("ForkJoinPool.commonPool-worker-")
            && threadClass.equals("java.util.concurrent.ForkJoinWorkerThread");
    this.virtual = virtual;
    this.owner = owner;
    this.frames = Suppliers.ofInstance(frames);
    this.activity = Activity.UNKNOWN;
    this.origin = Optional::empty; // the JVM does not tell
  }

  private ThreadSample(ThreadSample other, Activity activity) {
    this.id = other.id;
    this.name = other.name;
    this.state = other.state;
    this.daemon = other.daemon;
    this.groupName = other.groupName;
    this.threadClass = other.threadClass;
    this.commonPoolWorker = other.commonPoolWorker;
    this.virtual = other.virtual;
    this.owner = other.owner;
    this.frames = other.frames;
    this.activity = activity;
    this.origin = other.origin;
  }

  /**
   * A virtual thread as a thread dump tells of it.
   *
   * @param id the id that the dump tells, or 0
   * @param owner the executor that the dump says it belongs to
   * @param frames without hidden ones
   */
  public static ThreadSample ofVirtual(
      long id,
      String name,
      Thread.State state,
      Optional<String> owner,
      List<StackTraceElement> frames) {
    return new ThreadSample(
        id,
        name,
        state,
        /* daemon= */ true,
        /* virtual= */ true,
        owner,
        ImmutableList.copyOf(frames));
  }

  /**
   * A platform thread as a thread dump tells of it: without its group, and with the class that the
   * bottom of its stack tells.
   *
   * @param id the id that the dump tells, or 0
   * @param daemon whether the dump says that it is a daemon
   * @param owner the pool that the dump says it belongs to
   * @param frames without hidden ones
   */
  public static ThreadSample ofPlatform(
      long id,
      String name,
      Thread.State state,
      boolean daemon,
      Optional<String> owner,
      List<StackTraceElement> frames) {
    return new ThreadSample(
        id, name, state, daemon, /* virtual= */ false, owner, ImmutableList.copyOf(frames));
  }

  /** The class whose {@code run} is at the bottom: the thread's, or its nearest parent with one. */
  private static String classOf(ImmutableList<StackTraceElement> frames) {
    StackTraceElement bottom = Iterables.getLast(frames, null);
    return bottom != null && bottom.getMethodName().equals("run")
        ? bottom.getClassName()
        : "java.lang.Thread";
  }

  /**
   * The id that the JVM gave the thread; never used again while the JVM lives. 0 where a saved dump
   * does not tell.
   */
  public long id() {
    return id;
  }

  /** The thread's name, as it is: it may be blank, or contain quotes and line breaks. */
  public String name() {
    return name;
  }

  /**
   * What the thread was doing: running, waiting, blocked. Of a virtual thread, JDK 21 to 24 tell
   * only the stack: this is then what the stack says, and a blocked one counts as running.
   */
  public Thread.State state() {
    return state;
  }

  /**
   * Whether the thread is a daemon; false where a saved dump does not tell. Says nothing about
   * whether it is a leak.
   */
  public boolean isDaemon() {
    return daemon;
  }

  /** Whether this is a virtual thread. */
  public boolean isVirtual() {
    return virtual;
  }

  /**
   * What a virtual thread belongs to, as the JVM names it: the executor or the scope that started
   * it, e.g. {@code java.util.concurrent.ThreadPerTaskExecutor@1b2c3d}. Empty for a virtual thread
   * that was started by itself, and for platform threads, but for those of a saved thread dump that
   * tells their pool.
   */
  public Optional<String> owner() {
    return owner;
  }

  /** The same thread, which stands still for {@code lock}. */
  public ThreadSample withLock(ThreadLock lock) {
    return with(new Activity(Optional.of(lock), activity.interrupted(), activity.cpuNanos()));
  }

  ThreadSample with(Activity other) {
    return new ThreadSample(this, other);
  }

  /**
   * What the thread stands still for, and who holds it. Empty if it does not stand still for an
   * object, or if the JVM does not tell, as of virtual threads before JDK 25.
   */
  public Optional<ThreadLock> lock() {
    return activity.lock();
  }

  /**
   * Whether the thread has been interrupted, and has not taken note of it yet. False for virtual
   * threads, of which the JVM does not tell.
   */
  public boolean isInterrupted() {
    return activity.interrupted();
  }

  /** The CPU time that the thread had used, in nanoseconds; empty if the JVM does not tell. */
  public OptionalLong cpuNanos() {
    return activity.cpuNanos();
  }

  /** The name of the thread's group; empty if it has none any more, or a saved dump is silent. */
  public String groupName() {
    return groupName;
  }

  /**
   * The name of the thread's class, mostly {@code java.lang.Thread}; in a saved dump, which does
   * not tell it, the class whose {@code run} is at the bottom of the stack.
   */
  public String threadClass() {
    return threadClass;
  }

  /**
   * The stack, topmost frame first, without the classes that the JVM makes for lambdas; empty for a
   * thread of the JVM that runs no Java code.
   */
  public List<StackTraceElement> frames() {
    return frames.get();
  }

  /** The frames that are not the JDK's, topmost first: what many rules look at. */
  List<StackTraceElement> framesOutsideJdk() {
    List<StackTraceElement> known = framesOutsideJdk;
    if (known == null) {
      List<StackTraceElement> outside = new ArrayList<>();
      for (StackTraceElement frame : frames()) {
        if (!StackFrames.isJdk(frame)) {
          outside.add(frame);
        }
      }
      known = List.copyOf(outside); // of final fields, as all of it
      framesOutsideJdk = known; // no matter which thread was first
    }
    return known;
  }

  /** The stack as text, one frame a line, topmost first; empty if there are no frames. */
  public String stack() {
    return frames().stream().map(StackFrames::text).collect(joining("\n"));
  }

  /** The function on top of the stack; empty if there are no frames. */
  public String topFunction() {
    return frames().isEmpty() ? "" : StackFrames.function(frames().get(0));
  }

  /**
   * Whether a person would say that the thread stands in {@code function}: the topmost function;
   * the topmost one that is not the JDK's; or the JDK's function that this one called.
   *
   * <p>The last makes {@code java.lang.Thread.sleep} match on every JDK: since 19 the topmost frame
   * of a sleeping thread is one of its private helpers.
   */
  public boolean standsIn(String function) {
    int user = Iterables.indexOf(frames(), frame -> !StackFrames.isJdk(frame));
    return topFunction().equals(function)
        || (user >= 0 && StackFrames.function(frames().get(user)).equals(function))
        || (user > 0 && StackFrames.function(frames().get(user - 1)).equals(function));
  }

  /** Whether {@code function} is anywhere in the stack. */
  public boolean hasFunction(String function) {
    List<StackTraceElement> frames = frames();
    for (int i = 0; i < frames.size(); i++) { // makes nothing: it is asked of each new thread
      if (StackFrames.isFunction(frames.get(i), function)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The function that started the thread: the first one outside the JDK in the starter's stack, so
   * it is the caller of a pool or a timer, too. Empty where that is not known; see {@link #origin}.
   */
  public Optional<String> createdBy() {
    return origin().flatMap(ThreadOrigin::function);
  }

  /**
   * Who started the thread. Looked up when it is first asked for, which takes some milliseconds.
   *
   * @return empty if the thread is virtual, or was started while origins were not recorded ({@link
   *     dev.leakverifier.LeakVerifier#recordOrigins})
   */
  public Optional<ThreadOrigin> origin() {
    return origin.get();
  }

  /** Whether the thread works for {@link java.util.concurrent.ForkJoinPool#commonPool()}. */
  boolean isCommonPoolWorker() {
    return commonPoolWorker;
  }

  @Override
  public String toString() {
    return MoreObjects.toStringHelper(this)
        .add("name", name)
        .add("state", state)
        .add("topFunction", topFunction())
        .toString();
  }
}
