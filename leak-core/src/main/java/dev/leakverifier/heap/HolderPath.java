package dev.leakverifier.heap;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.heap.HeapObjects.Instance;
import dev.leakverifier.heap.HeapTypes.Field;
import dev.leakverifier.heap.Root.Kind;
import dev.leakverifier.thread.StackFrames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ways through a heap in words that a user knows: fields of his own, and of libraries. */
final class HolderPath {
  private static final int MOST_STEPS = 5;
  private static final String SHUTDOWN_HOOKS = "java.lang.ApplicationShutdownHooks";

  private static final Pattern RUNNER = Pattern.compile("(?:org\\.testng|org\\.junit|junit)\\..*");

  /** Of the JDK's, what only keeps together what somebody else owns. */
  private static final Pattern COLLECTION =
      Pattern.compile(
          "\\[.*|java\\.lang\\..*|java\\.util\\.(?!Timer|TaskQueue)[A-Z].*"
              + "|java\\.util\\.concurrent\\.(?:atomic\\.|locks\\.)?"
              + "(?:Concurrent|CopyOnWrite|Linked|Array|Atomic)\\w.*");

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

  /**
   * One step: a field, and what it refers to.
   *
   * @param declaredBy the class of the field; empty for an element of an array
   */
  private record Step(String declaredBy, String field, String type) {
    boolean isUsers() {
      return !declaredBy.isEmpty() && !HeapGraph.isJdk(declaredBy);
    }

    @Override
    public String toString() {
      return simple(declaredBy) + "." + field;
    }
  }

  /** Those ways in words; each begins with what is meant by its key. */
  Map<Long, String> words(Map<Long, List<Integer>> ways) throws IOException {
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
    Map<List<Integer>, String> known = new HashMap<>();
    Map<Long, String> words = new LinkedHashMap<>();
    for (Map.Entry<Long, List<Integer>> way : ways.entrySet()) {
      String text = known.get(way.getValue());
      if (text == null) {
        text = words(way.getValue());
        known.put(way.getValue(), text);
      }
      words.put(way.getKey(), text);
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

  private String words(List<Integer> way) throws IOException {
    Root root = reach.root(way.get(0));
    List<Step> steps = new ArrayList<>();
    if (root.isStatic()) {
      steps.add(
          new Step(
              heap.types.name(root.type()),
              fieldNames.getOrDefault(root.field(), ""),
              type(way.get(0))));
    }
    for (int i = 1; i < way.size(); i++) {
      steps.add(step(way.get(i - 1), way.get(i)));
    }
    String frame = frame(root);
    int test = afterRunner(steps, frame, way);
    if (test >= 0) {
      return ofTest(steps.subList(test, steps.size()));
    }
    if (root.isStatic() && steps.get(0).declaredBy().equals(SHUTDOWN_HOOKS)) {
      return "a shutdown hook (%s)".formatted(simple(type(way.get(way.size() - 1))));
    }
    String begin =
        root.isStatic()
            ? "static " + steps.get(0).declaredBy() + "." + steps.get(0).field()
            : begin(root, frame, steps);
    String vendor = root.isStatic() ? vendor(steps.get(0).declaredBy()) : "";
    return text(begin, root.isStatic() ? 1 : 0, steps, vendor, type(way.get(way.size() - 1)));
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

  private String begin(Root root, String frame, List<Step> steps) {
    String thread = thread(root).map(id -> threadNames.getOrDefault(id, "")).orElse("");
    return switch (root.kind()) {
      case FRAME ->
          "the stack of \"%s\"%s".formatted(thread, frame.isEmpty() ? "" : " in " + frame);
      case THREAD ->
          (isLocal(steps) ? "a ThreadLocal of thread \"%s\"" : "thread \"%s\"").formatted(thread);
      case UNSEEN -> "running code that the heap does not show";
      default -> "native code";
    };
  }

  private static boolean isLocal(List<Step> steps) {
    return steps.stream().anyMatch(step -> step.declaredBy().startsWith("java.lang.ThreadLocal"));
  }

  private String ofTest(List<Step> steps) {
    if (steps.isEmpty()) {
      return "the test";
    }
    Step first = steps.get(0);
    return text(
        first + ", a field of the test", 1, steps, vendor(first.declaredBy()), first.type());
  }

  /** How many steps lead to an instance of a test, which a runner holds; negative if none do. */
  private int afterRunner(List<Step> steps, String frame, List<Integer> way) {
    boolean runner = RUNNER.matcher(frame).matches();
    int offset = way.size() - steps.size(); // 0 where the first step is a static field
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (RUNNER.matcher(step.declaredBy()).matches()) {
        runner = true;
      } else if (step.isUsers() && runner && (i > 0 || offset == 1)) {
        return i;
      } else if (step.isUsers()) {
        return -1;
      }
    }
    return -1;
  }

  private static String text(
      String begin, int from, List<Step> steps, String vendor, String lastType) {
    int end = 0; // the last one that is not the JDK's
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).isUsers()) {
        end = i;
      }
    }
    end = whereLibraryBegins(steps, end, vendor);
    List<String> shown = new ArrayList<>();
    shown.add(begin);
    for (int i = from; i <= end && i < steps.size(); i++) {
      if (steps.get(i).isUsers()) {
        shown.add(steps.get(i).toString());
      }
    }
    if (shown.size() > MOST_STEPS) {
      shown.subList(1, shown.size() - MOST_STEPS + 2).clear();
      shown.add(1, "...");
    }
    String type = steps.isEmpty() ? lastType : steps.get(end).type();
    for (int i = end + 1; i < steps.size() && COLLECTION.matcher(type).matches(); i++) {
      type = steps.get(i).type();
    }
    return shown.stream().collect(joining(" -> ")) + " (" + simple(type) + ")";
  }

  /** The field in which a library's object stands whose inside leads on; or {@code end}. */
  private static int whereLibraryBegins(List<Step> steps, int end, String vendor) {
    String library = vendor(steps.isEmpty() ? "" : steps.get(end).declaredBy());
    if (vendor.isEmpty() || library.equals(vendor)) {
      return end;
    }
    for (int i = end - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.isUsers() && !vendor(step.declaredBy()).equals(library)) {
        return vendor(step.type()).equals(library) ? i : end;
      }
    }
    return end;
  }

  /** The first two parts of a name, which mostly say whose it is. */
  private static String vendor(String className) {
    String[] parts = className.split("\\.", 3);
    return parts.length < 3 ? "" : parts[0] + "." + parts[1];
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

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
