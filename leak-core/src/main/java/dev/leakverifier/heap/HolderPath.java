package dev.leakverifier.heap;

import dev.leakverifier.heap.HeapObjects.Instance;
import dev.leakverifier.heap.HeapTypes.Field;
import dev.leakverifier.heap.HolderWords.Step;
import dev.leakverifier.heap.Root.Kind;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadHolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what the objects on ways through a heap are called. */
final class HolderPath {
  private final HeapGraph graph;
  private final HeapObjects heap;
  private final HeapStacks stacks;
  private final Reach reach;

  private Map<Long, Instance> objects = Map.of();
  private Map<Long, String> fieldNames = Map.of();
  private Map<Long, String> threadNames = Map.of(); // by the id of the thread's object
  private Map<Long, List<StackTraceElement>> stackOf = Map.of();

  HolderPath(HeapGraph graph, HeapObjects heap, HeapStacks stacks, Reach reach) {
    this.graph = graph;
    this.heap = heap;
    this.stacks = stacks;
    this.reach = reach;
  }

  /** Those ways in words. */
  Map<Long, ThreadHolder> words(Map<Long, List<Integer>> ways) throws IOException {
    Set<Long> ids = new HashSet<>();
    Set<Long> fields = new HashSet<>();
    Set<Long> threads = new HashSet<>();
    for (List<Integer> way : ways.values()) {
      way.forEach(object -> ids.add(graph.index.id(object)));
      Root root = reach.root(way.get(0));
      if (root.isStatic()) {
        fields.add(root.field());
      }
      thread(root).ifPresent(threads::add);
    }
    ids.addAll(threads);
    objects = heap.instances(ids);
    fieldNames = heap.types.texts(fields);
    threadNames = threadNames(threads);
    stackOf = threads.isEmpty() ? Map.of() : stacks.of(threads);
    Map<List<Integer>, ThreadHolder> known = new HashMap<>();
    Map<Long, ThreadHolder> words = new LinkedHashMap<>();
    for (Map.Entry<Long, List<Integer>> way : ways.entrySet()) {
      ThreadHolder holder = known.get(way.getValue());
      if (holder == null) {
        holder = words(way.getValue());
        known.put(way.getValue(), holder);
      }
      words.put(way.getKey(), holder);
    }
    return words;
  }

  /** The id of the thread that a root is, or whose frame it is. */
  private Optional<Long> thread(Root root) {
    return switch (root.kind()) {
      case FRAME -> Optional.of(root.thread()).filter(known -> known >= 0).map(graph.index::id);
      case THREAD -> Optional.of(graph.index.id(root.object()));
      default -> Optional.empty();
    };
  }

  private Map<Long, String> threadNames(Set<Long> threads) throws IOException {
    Map<Long, Long> strings = new HashMap<>();
    for (Long id : threads) {
      Instance thread = objects.get(id);
      if (thread != null) {
        strings.put(id, thread.get("name"));
      }
    }
    Map<Long, String> texts = heap.strings(strings.values());
    Map<Long, String> names = new HashMap<>();
    strings.forEach((id, name) -> names.put(id, texts.getOrDefault(name, "")));
    return names;
  }

  private ThreadHolder words(List<Integer> way) throws IOException {
    Root root = reach.root(way.get(0));
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            heap.types.name(root.type()),
            fieldNames.getOrDefault(root.field(), ""),
            type(way.get(0))));
    for (int i = 1; i < way.size(); i++) {
      steps.add(step(way.get(i - 1), way.get(i)));
    }
    String thread = thread(root).map(id -> threadNames.getOrDefault(id, "")).orElse("");
    return new HolderWords(root.kind(), thread, frame(root), steps).holder();
  }

  private String frame(Root root) {
    List<StackTraceElement> stack =
        root.kind() == Kind.FRAME
            ? stackOf.getOrDefault(thread(root).orElse(0L), List.of())
            : List.of();
    return root.frame() >= 0 && root.frame() < stack.size()
        ? StackFrames.function(stack.get(root.frame()))
        : "";
  }

  private Step step(int from, int to) throws IOException {
    Instance object = objects.get(graph.index.id(from));
    @Nullable Field field = object == null ? null : object.fieldTo(graph.index.id(to));
    return field == null
        ? new Step("", "", type(to))
        : new Step(heap.types.name(field.declaredBy()), field.name(), type(to));
  }

  private String type(int object) {
    Instance instance = objects.get(graph.index.id(object));
    return instance == null ? "" : instance.className();
  }
}
