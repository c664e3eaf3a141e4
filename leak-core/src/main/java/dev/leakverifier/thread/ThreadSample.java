package dev.leakverifier.thread;

import static java.util.stream.Collectors.joining;

import com.google.common.base.MoreObjects;
import com.google.common.base.Suppliers;
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
  private final boolean first;
  private final boolean daemon;
  private final boolean virtual;
  private final String groupName;
  private final String threadClass;
  private final boolean commonPoolWorker;
  private final Optional<String> owner;
  private final Optional<ThreadLock> lock;
  private final boolean interrupted;
  private final OptionalLong cpuNanos;
  private final Optional<ThreadHolder> holder;

  /** Made when it is first asked for: that takes as long as to read the stack. */
  private final Supplier<? extends List<StackTraceElement>> frames;

  /** Null until it is first asked for. */
  private @Nullable List<StackTraceElement> framesOutsideJdk;

  private final Supplier<Optional<ThreadOrigin>> origin;

  private ThreadSample(Builder builder) {
    this.id = builder.id;
    this.name = builder.name;
    this.state = builder.state;
    this.first = builder.first;
    this.daemon = builder.daemon;
    this.virtual = builder.virtual;
    this.groupName = builder.groupName;
    this.frames = builder.frames;
    this.threadClass = builder.threadClass == null ? classOf(frames()) : builder.threadClass;
    this.commonPoolWorker =
        builder.commonPoolWorker == null
            ? name.startsWith("ForkJoinPool.commonPool-worker-")
                && threadClass.equals("java.util.concurrent.ForkJoinWorkerThread")
            : builder.commonPoolWorker;
    this.owner = builder.owner;
    this.lock = builder.lock;
    this.interrupted = builder.interrupted;
    this.cpuNanos = builder.cpuNanos;
    this.holder = builder.holder;
    this.origin = builder.origin;
  }

  /**
   * A sample, for those who read threads: what the builder is not told counts as unknown.
   *
   * @param id the thread's id, or 0 if it is not known
   */
  public static Builder builder(long id, String name, Thread.State state) {
    return new Builder(id, name, state);
  }

  /** The class whose {@code run} is at the bottom: the thread's, or its nearest parent with one. */
  private static String classOf(List<StackTraceElement> frames) {
    if (frames.isEmpty() || !frames.get(frames.size() - 1).getMethodName().equals("run")) {
      return "java.lang.Thread";
    }
    return frames.get(frames.size() - 1).getClassName();
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

  /** This sample, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(id, name, state);
    builder.first = first;
    builder.daemon = daemon;
    builder.virtual = virtual;
    builder.groupName = groupName;
    builder.threadClass = threadClass;
    builder.commonPoolWorker = commonPoolWorker;
    builder.owner = owner;
    builder.lock = lock;
    builder.interrupted = interrupted;
    builder.cpuNanos = cpuNanos;
    builder.holder = holder;
    builder.frames = frames;
    builder.origin = origin;
    return builder;
  }

  /**
   * What the thread stands still for, and who holds it. Empty if it does not stand still for an
   * object, or if the JVM does not tell, as of virtual threads before JDK 25.
   */
  public Optional<ThreadLock> lock() {
    return lock;
  }

  /**
   * Whether the thread has been interrupted, and has not taken note of it yet. False for virtual
   * threads, of which the JVM does not tell.
   */
  public boolean isInterrupted() {
    return interrupted;
  }

  /** The CPU time that the thread had used, in nanoseconds; empty if the JVM does not tell. */
  public OptionalLong cpuNanos() {
    return cpuNanos;
  }

  /**
   * Who holds what the thread belongs to, its pool mostly, as the heap showed it: {@code static
   * com.acme.Shop.INSTANCE -> Shop.orders -> Orders.sender (ThreadPoolExecutor)}. In words for
   * people, which may change.
   *
   * <p>It is what a heap dump shows, and no proof: what only compiled code knows is not in it.
   *
   * @return empty where the heap was not read
   */
  public Optional<String> heldBy() {
    return holder.map(ThreadHolder::words);
  }

  /** The same, in parts. */
  public Optional<ThreadHolder> holder() {
    return holder;
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
    int user = StackFrames.firstOutsideJdk(frames());
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
   * Whether a person would say that {@code function} has started the thread: it is the first one
   * outside the JDK in the starter's stack, or the first one of the project's own code.
   */
  public boolean isCreatedBy(String function) {
    return createdBy().filter(function::equals).isPresent()
        || origin()
            .flatMap(OwnCall::of)
            .filter(call -> call.function().equals(function))
            .isPresent();
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

  /** Whether this is the JVM's first thread, which runs {@code main} unless a program embeds it. */
  boolean isFirst() {
    return first;
  }

  /** Whether the thread works for {@link java.util.concurrent.ForkJoinPool#commonPool()}. */
  public boolean isCommonPoolWorker() {
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

  /** What a reader of threads knows of one. */
  public static final class Builder {
    private final long id;
    private final String name;
    private final Thread.State state;
    private boolean first;
    private boolean daemon;
    private boolean virtual;
    private String groupName = "";
    private @Nullable String threadClass;
    private @Nullable Boolean commonPoolWorker;
    private Optional<String> owner = Optional.empty();
    private Optional<ThreadLock> lock = Optional.empty();
    private boolean interrupted;
    private OptionalLong cpuNanos = OptionalLong.empty();
    private Optional<ThreadHolder> holder = Optional.empty();
    private Supplier<? extends List<StackTraceElement>> frames = List::of;
    private Supplier<Optional<ThreadOrigin>> origin = Optional::empty;

    private Builder(long id, String name, Thread.State state) {
      this.id = id;
      this.name = name;
      this.state = state;
    }

    /** A virtual thread: a daemon, in the group that the JDK shows for all of them. */
    public Builder virtual() {
      virtual = true;
      daemon = true;
      groupName = "VirtualThreads";
      threadClass = "java.lang.VirtualThread";
      return this;
    }

    /** Whether it is the first thread of its JVM. */
    public Builder first(boolean isFirst) {
      first = isFirst;
      return this;
    }

    /** Whether it is a daemon. */
    public Builder daemon(boolean isDaemon) {
      daemon = isDaemon;
      return this;
    }

    /** The name of its group. */
    public Builder groupName(String group) {
      groupName = group;
      return this;
    }

    /** The name of its class; without it, the class that the bottom of the stack tells. */
    public Builder threadClass(String className) {
      threadClass = className;
      return this;
    }

    /** Whether it works for the common pool; without it, what name and class tell. */
    public Builder commonPoolWorker(boolean isWorker) {
      commonPoolWorker = isWorker;
      return this;
    }

    /** The executor, scope or pool that it belongs to. */
    public Builder owner(Optional<String> executor) {
      owner = executor;
      return this;
    }

    /** What it stands still for. */
    public Builder lock(Optional<ThreadLock> object) {
      lock = object;
      return this;
    }

    /** Whether it has been interrupted, and has not taken note of it. */
    public Builder interrupted(boolean isInterrupted) {
      interrupted = isInterrupted;
      return this;
    }

    /** The CPU time that it has used since its start. */
    public Builder cpuNanos(OptionalLong nanos) {
      cpuNanos = nanos;
      return this;
    }

    /** Who holds what it belongs to. */
    public Builder holder(Optional<ThreadHolder> found) {
      holder = found;
      return this;
    }

    /** The stack, topmost frame first, without hidden frames. */
    public Builder frames(List<StackTraceElement> stack) {
      return frames(Suppliers.ofInstance(List.copyOf(stack)));
    }

    /** The stack, which is made when it is first asked for. */
    public Builder frames(Supplier<? extends List<StackTraceElement>> stack) {
      frames = stack;
      return this;
    }

    /** Who started it, asked once at most. */
    public Builder origin(Supplier<Optional<ThreadOrigin>> starter) {
      origin = Suppliers.memoize(starter::get);
      return this;
    }

    public ThreadSample build() {
      return new ThreadSample(this);
    }
  }
}
