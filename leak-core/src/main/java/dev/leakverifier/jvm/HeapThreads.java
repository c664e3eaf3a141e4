package dev.leakverifier.jvm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import com.google.common.primitives.ImmutableLongArray;
import dev.leakverifier.jvm.HeapObjects.Frame;
import dev.leakverifier.jvm.HeapObjects.Instance;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
final class HeapThreads {
  private static final String UNBOUND = "java/lang/VirtualThread";
  private static final String BOUND = "java/lang/ThreadBuilders$BoundVirtualThread";
  private static final Set<String> CLASSES = Set.of(UNBOUND, BOUND);

  private static final Set<String> FIELDS =
      Set.of(
          "tid",
          "name",
          "state",
          "eetop",
          "holder",
          "threadStatus",
          "container",
          "flock",
          "parkBlocker",
          "exclusiveOwnerThread",
          "value",
          "coder");

  private final HeapObjects heap;

  /** Those that {@code dump} shows. */
  HeapThreads(HprofFile dump) throws IOException {
    heap = new HeapObjects(dump, CLASSES, FIELDS);
  }

  /** Which are alive. */
  IdSet ids() throws IOException {
    ImmutableLongArray.Builder ids = ImmutableLongArray.builder();
    heap.forEach(
        CLASSES,
        thread -> {
          if (isAlive(thread)) {
            ids.add(thread.get("tid"));
          }
        });
    return IdSet.of(ids.build().toArray());
  }

  private boolean isAlive(Instance thread) throws IOException {
    if (heap.isOf(thread, BOUND)) {
      return thread.get("eetop") != 0; // its platform thread
    }
    Thread.State state = stateOf(thread);
    return state != Thread.State.NEW && state != Thread.State.TERMINATED;
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
    heap.forEach(
        CLASSES,
        thread -> {
          if (isAlive(thread) && wanted.test(thread.get("tid"))) {
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
    private final Map<Long, String> strings;
    private final Map<Long, List<Frame>> stacks;
    private final Map<Long, String> texts;
    private final HeapFrames frames;

    Samples(List<Instance> found) throws IOException {
      this.found = found;
      near = heap.instances(refs(found, "name", "container", "parkBlocker", "holder"));
      far = heap.instances(refs(near.values(), "name", "flock", "exclusiveOwnerThread"));
      Map<Long, Instance> all = new HashMap<>(heap.instances(refs(far.values(), "name")));
      all.putAll(far);
      all.putAll(near);
      strings = strings(all);
      stacks = heap.stacks(found);
      Set<Long> symbols = new HashSet<>();
      for (Instance object : all.values()) {
        symbols.add(heap.className(object));
      }
      for (List<Frame> stack : stacks.values()) {
        for (Frame frame : stack) {
          symbols.addAll(List.of(frame.className(), frame.method(), frame.source()));
        }
      }
      texts = heap.texts(symbols);
      frames = new HeapFrames(texts);
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
          heap.isOf(thread, BOUND)
              ? stateOfBound(holder == null ? 0 : holder.get("threadStatus"))
              : stateOf(thread);
      boolean waits = state != Thread.State.RUNNABLE;
      return ThreadSample.builder(
              thread.get("tid"), strings.getOrDefault(thread.get("name"), ""), state)
          .owner(owner(near.get(thread.get("container"))))
          .lock(waits ? lock(near.get(thread.get("parkBlocker"))) : Optional.empty())
          .frames(frames.of(stacks.getOrDefault(thread.id(), List.of())))
          .virtual()
          .build();
    }

    /** Named as {@code ThreadContainer.toString()} does; its number here is its address. */
    private Optional<String> owner(@Nullable Instance container) throws IOException {
      if (container == null || className(container).contains("ThreadContainers$RootContainer")) {
        return Optional.empty();
      }
      Instance flock = far.get(container.get("flock"));
      String name = strings.get((flock == null ? container : flock).get("name"));
      if (name != null && name.indexOf('@') >= 0) {
        return Optional.of(name);
      }
      String identity = className(container) + "@" + Long.toHexString(container.id());
      return Optional.of(name == null ? identity : name + "/" + identity);
    }

    private Optional<ThreadLock> lock(@Nullable Instance blocker) throws IOException {
      if (blocker == null) {
        return Optional.empty();
      }
      Instance owner = far.get(blocker.get("exclusiveOwnerThread"));
      return Optional.of(
          new ThreadLock(
              className(blocker),
              Long.toHexString(blocker.id()),
              owner == null ? OptionalLong.empty() : OptionalLong.of(owner.get("tid"))));
    }

    private String className(Instance object) {
      return HeapFrames.className(texts.getOrDefault(heap.className(object), ""));
    }
  }

  private static Set<Long> refs(Collection<Instance> objects, String... fields) throws IOException {
    Set<Long> refs = new HashSet<>();
    for (Instance object : objects) {
      for (String field : fields) {
        refs.add(object.get(field));
      }
    }
    return refs;
  }

  /** The strings among {@code objects}, by id. */
  private Map<Long, String> strings(Map<Long, Instance> objects) throws IOException {
    Map<Long, byte[]> contents = heap.bytes(refs(objects.values(), "value"));
    Charset utf16 = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? UTF_16BE : UTF_16LE;
    Map<Long, String> strings = new HashMap<>();
    for (Instance object : objects.values()) {
      byte[] content = contents.get(object.get("value"));
      if (content != null) {
        strings.put(
            object.id(), new String(content, object.get("coder") == 0 ? ISO_8859_1 : utf16));
      }
    }
    return strings;
  }
}
