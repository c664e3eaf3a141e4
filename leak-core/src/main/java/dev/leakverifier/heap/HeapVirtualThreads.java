package dev.leakverifier.heap;

import com.google.common.primitives.ImmutableLongArray;
import dev.leakverifier.heap.HeapObjects.Instance;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads in a heap dump of JDK 25, and what they do: it has the stacks of those, too,
 * that are on no carrier.
 */
final class HeapVirtualThreads {
  private static final String UNBOUND = "java.lang.VirtualThread";
  private static final String BOUND = "java.lang.ThreadBuilders$BoundVirtualThread";

  /** The lowest frame that a thread dump shows of a virtual thread. */
  private static final String BOTTOM = "java.lang.VirtualThread.run";

  /** The JVM hides these from stacks: they change which thread a carrier runs. */
  private static final Set<String> HIDDEN =
      Set.of(
          "java.lang.VirtualThread.yieldContinuation",
          "java.lang.Thread.runWith",
          "java.lang.VirtualThread.runWith");

  private final HeapObjects heap;
  private final HeapStacks stacks;

  HeapVirtualThreads(HeapObjects heap, HeapStacks stacks) {
    this.heap = heap;
    this.stacks = stacks;
  }

  /** Which are alive, in no order. */
  long[] ids() throws IOException {
    ImmutableLongArray.Builder ids = ImmutableLongArray.builder();
    forEachAlive(thread -> ids.add(thread.get("tid")));
    return ids.build().toArray();
  }

  private void forEachAlive(HeapObjects.Each each) throws IOException {
    heap.forEach(
        classId -> Set.of(UNBOUND, BOUND).contains(heap.types.name(classId)),
        thread -> {
          if (isAlive(thread)) {
            each.see(thread);
          }
        });
  }

  private static boolean isAlive(Instance thread) throws IOException {
    if (isBound(thread)) {
      return thread.get("eetop") != 0; // its platform thread
    }
    Thread.State state = stateOf(thread);
    return state != Thread.State.NEW && state != Thread.State.TERMINATED;
  }

  private static boolean isBound(Instance thread) {
    return thread.className().equals(BOUND);
  }

  /** As {@code VirtualThread.threadState()} has it. */
  private static Thread.State stateOf(Instance thread) throws IOException {
    return switch ((int) thread.get("state") & 0xFF) { // a bit above says that it is suspended
      case 0 -> Thread.State.NEW;
      case 4, 5, 16 -> Thread.State.WAITING;
      case 7, 8, 18 -> Thread.State.TIMED_WAITING;
      case 12, 13 -> Thread.State.BLOCKED;
      case 99 -> Thread.State.TERMINATED;
      default -> Thread.State.RUNNABLE;
    };
  }

  /** As {@code jdk.internal.misc.VM.toThreadState} has it. */
  private static Thread.State stateOfBound(long status) {
    if ((status & 0x400) != 0) {
      return Thread.State.BLOCKED;
    }
    if ((status & 0x30) != 0) {
      return (status & 0x10) != 0 ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
    }
    return Thread.State.RUNNABLE;
  }

  /** What those look like that are alive and {@code wanted}. */
  List<ThreadSample> samples(LongPredicate wanted) throws IOException {
    List<Instance> found = new ArrayList<>();
    forEachAlive(
        thread -> {
          if (wanted.test(thread.get("tid"))) {
            found.add(thread);
          }
        });
    return found.isEmpty() ? List.of() : new Samples(found).make();
  }

  /** What is around some threads. */
  private final class Samples {
    private final List<Instance> found;
    private final Map<Long, Instance> near;
    private final Map<Long, Instance> far;
    private final Map<Long, String> names;
    private final Map<Long, List<StackTraceElement>> stackOf;

    Samples(List<Instance> found) throws IOException {
      this.found = found;
      near = heap.instances(HeapObjects.references(found, "container", "parkBlocker", "holder"));
      far = heap.instances(HeapObjects.references(near.values(), "flock", "exclusiveOwnerThread"));
      Collection<Instance> named = new ArrayList<>(found);
      named.addAll(near.values());
      named.addAll(far.values());
      names = heap.strings(HeapObjects.references(named, "name"));
      stackOf = stacks.of(found.stream().map(Instance::id).toList());
    }

    List<ThreadSample> make() throws IOException {
      List<ThreadSample> samples = new ArrayList<>();
      for (Instance thread : found) {
        samples.add(sample(thread));
      }
      return samples;
    }

    private ThreadSample sample(Instance thread) throws IOException {
      Instance holder = near.get(thread.get("holder"));
      Thread.State state =
          isBound(thread)
              ? stateOfBound(holder == null ? 0 : holder.get("threadStatus"))
              : stateOf(thread);
      boolean waits = state != Thread.State.RUNNABLE;
      return ThreadSample.builder(
              thread.get("tid"), names.getOrDefault(thread.get("name"), ""), state)
          .owner(owner(near.get(thread.get("container"))))
          .lock(waits ? lock(near.get(thread.get("parkBlocker"))) : Optional.empty())
          .frames(shown(stackOf.getOrDefault(thread.id(), List.of())))
          .virtual()
          .build();
    }

    /** Named as {@code ThreadContainer.toString()} does; its number here is its address. */
    private Optional<String> owner(@Nullable Instance container) throws IOException {
      if (container == null || container.className().contains("ThreadContainers$RootContainer")) {
        return Optional.empty();
      }
      Instance flock = far.get(container.get("flock"));
      String name = names.get((flock == null ? container : flock).get("name"));
      if (name != null && name.indexOf('@') >= 0) {
        return Optional.of(name);
      }
      String identity = container.className() + "@" + Long.toHexString(container.id());
      return Optional.of(name == null ? identity : name + "/" + identity);
    }

    private Optional<ThreadLock> lock(@Nullable Instance blocker) throws IOException {
      if (blocker == null) {
        return Optional.empty();
      }
      Instance owner = far.get(blocker.get("exclusiveOwnerThread"));
      return Optional.of(
          new ThreadLock(
              blocker.className(),
              Long.toHexString(blocker.id()),
              owner == null ? OptionalLong.empty() : OptionalLong.of(owner.get("tid"))));
    }
  }

  /** The frames that a thread dump would show. */
  private static List<StackTraceElement> shown(List<StackTraceElement> stack) {
    List<StackTraceElement> shown = new ArrayList<>();
    for (StackTraceElement frame : stack) {
      if (!StackFrames.isHidden(frame)
          && !frame.getClassName().equals("jdk.internal.vm.Continuation")
          && !HIDDEN.contains(StackFrames.function(frame))) {
        shown.add(frame);
      }
      if (StackFrames.isFunction(frame, BOTTOM)) {
        break;
      }
    }
    return shown;
  }
}
