package dev.leakverifier.heap;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.thread.ThreadHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A way through the heap in words that a user knows: fields of his own, and of libraries where they
 * begin.
 */
final class HolderWords {
  private static final int MOST_STEPS = 5;
  private static final String SHUTDOWN_HOOKS = "java.lang.ApplicationShutdownHooks";
  private static final String FACTORY = "java.util.concurrent.Executors$";

  private static final Pattern RUNNER = Pattern.compile("(?:org\\.testng|org\\.junit|junit)\\..*");

  /** What only keeps together what somebody else owns: of the JDK's, and lambdas. */
  private static final Pattern COLLECTION =
      Pattern.compile(
          "\\[.*|.*\\$\\$Lambda.*|java\\.lang\\..*|java\\.util\\.(?!Timer|TaskQueue)[A-Z].*"
              + "|java\\.util\\.concurrent\\.(?:atomic\\.|locks\\.)?"
              + "(?:Concurrent|CopyOnWrite|Linked|Array|Atomic|Completable)\\w.*");

  private final Root.Kind begin;
  private final String thread;
  private final String frame;
  private final List<Step> steps;

  /**
   * One step: a field, and the class of what it refers to.
   *
   * @param declaredBy the class of the field; empty for an element of an array, and for what a root
   *     holds in no field
   */
  record Step(String declaredBy, String field, String type) {
    boolean isUsers() {
      return !declaredBy.isEmpty()
          && !HeapLayouts.isJdk(declaredBy)
          && !declaredBy.contains("$$Lambda");
    }

    @Override
    public String toString() {
      return simple(declaredBy) + "." + field;
    }
  }

  /**
   * A way.
   *
   * @param thread the name of the thread where it begins; empty if it begins at none
   * @param frame the function of that thread, too; may be empty
   * @param steps the first one is what the root holds
   */
  HolderWords(Root.Kind begin, String thread, String frame, List<Step> steps) {
    this.begin = begin;
    this.thread = thread;
    this.frame = frame;
    this.steps = steps;
  }

  ThreadHolder holder() {
    int test = firstOfTest();
    if (test >= 0) {
      return from(steps.get(test) + ", a field of the test", test + 1);
    }
    if (steps.get(0).declaredBy().equals(SHUTDOWN_HOOKS)) {
      String last = simple(steps.get(steps.size() - 1).type());
      return new ThreadHolder("a shutdown hook (" + last + ")", Optional.empty(), last);
    }
    return from(beginning(), 1);
  }

  private String beginning() {
    return switch (begin) {
      case STATIC_FIELD -> "static " + steps.get(0).declaredBy() + "." + steps.get(0).field();
      case FRAME -> "the stack of \"" + thread + "\"" + (frame.isEmpty() ? "" : " in " + frame);
      case THREAD -> (isLocal() ? "a ThreadLocal of thread \"" : "thread \"") + thread + "\"";
      case JVM, LIST -> "native code";
      case UNSEEN -> "running code that the heap does not show";
    };
  }

  private boolean isLocal() {
    return steps.stream().anyMatch(step -> step.declaredBy().startsWith("java.lang.ThreadLocal"));
  }

  /** The field of a test, which a runner holds, where the way leads on; negative if none does. */
  private int firstOfTest() {
    boolean runner = RUNNER.matcher(frame).matches();
    int first = -1;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (RUNNER.matcher(step.declaredBy()).matches()) {
        runner = true;
        first = -1; // this one holds it, too, whoever holds that
      } else if (runner && first < 0 && i > 0 && step.isUsers()) {
        first = i;
      }
    }
    return first;
  }

  /** What comes after {@code words}, which say what comes before that step. */
  private ThreadHolder from(String words, int first) {
    int end = whereLibraryBegins(first - 1, lastOfUser(first - 1));
    List<String> shown = new ArrayList<>();
    shown.add(words);
    for (int i = first; i <= end; i++) {
      if (steps.get(i).isUsers()) {
        shown.add(steps.get(i).toString());
      }
    }
    if (shown.size() > MOST_STEPS) {
      shown.subList(1, shown.size() - MOST_STEPS + 2).clear();
      shown.add(1, "...");
    }
    String type = steps.get(end).type();
    for (int i = end + 1; i < steps.size() && COLLECTION.matcher(type).matches(); i++) {
      type = steps.get(i).type();
    }
    Step last = steps.get(end);
    return new ThreadHolder(
        shown.stream().collect(joining(" -> ")) + " (" + simple(type) + ")",
        last.isUsers() ? Optional.of(last.toString()) : Optional.empty(),
        simple(type));
  }

  /** The last step that is not the JDK's, or else {@code least}. */
  private int lastOfUser(int least) {
    for (int i = steps.size() - 1; i > least; i--) {
      if (steps.get(i).isUsers()) {
        return i;
      }
    }
    return least;
  }

  /** The field in which a library's object stands whose inside leads on; or {@code end}. */
  private int whereLibraryBegins(int from, int end) {
    String own =
        steps.subList(from, end + 1).stream()
            .filter(Step::isUsers)
            .map(step -> vendor(step.declaredBy()))
            .findFirst()
            .orElse("");
    String library = vendor(steps.get(end).declaredBy());
    for (int i = end - 1; i >= from && !library.equals(own); i--) {
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

  private static String simple(String className) {
    if (className.startsWith(FACTORY)) { // wrappers that nobody can name
      return className.contains("Scheduled") ? "ScheduledExecutorService" : "ExecutorService";
    }
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
