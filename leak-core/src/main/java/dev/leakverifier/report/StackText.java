package dev.leakverifier.report;

import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.diagnosis.StackShape;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.CodeOwner;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a stack reads in a report: frames of the JDK and of test runners are folded, but for the one
 * that the user's code called, and the user's first frame is marked.
 */
final class StackText {
  private static final int MAX_LINES = 20;
  private static final String FIRST = "   stack    ";
  private static final String NEXT = "            ";
  private static final String MARKED = "         -> ";
  private static final String FIRST_MARKED = "   stack -> ";

  /** Of which the stack would tell nothing that the diagnosis does not. */
  private static final Set<LeakKind> TOLD_BY_DIAGNOSIS =
      Set.of(
          LeakKind.NOT_CLOSED,
          LeakKind.HTTP_NOT_STOPPED,
          LeakKind.IDLE_POOL_WORKER,
          LeakKind.TIMER_NOT_CANCELLED);

  private final List<String> lines = new ArrayList<>();
  private String folding = "";
  private int folded;

  private StackText() {}

  /**
   * The lines of the stack that the threads of {@code group} have; the first one's, if it differs.
   */
  static List<String> of(LeakGroup group) {
    ThreadSample thread = group.threads().get(0);
    StackText text = new StackText();
    if (thread.frames().isEmpty()) {
      text.lines.add("none");
    } else if (!StackShape.of(thread).below().isEmpty()) {
      text.appendFolded(StackShape.of(thread));
    } else if (TOLD_BY_DIAGNOSIS.contains(group.diagnosis().kind())) {
      text.fold(thread.frames(), "JDK");
    } else {
      thread.frames().forEach(frame -> text.lines.add(NEXT + frame(frame)));
    }
    return text.result();
  }

  private void appendFolded(StackShape shape) {
    if (!shape.jdk().isEmpty()) {
      int called = shape.jdk().size() - 1;
      fold(shape.jdk().subList(0, called), "JDK");
      flush();
      lines.add(NEXT + frame(shape.jdk().get(called)));
    }
    boolean marked = false;
    for (StackTraceElement frame : shape.below()) {
      String whose = whose(frame);
      if (whose.isEmpty()) {
        flush();
        lines.add((marked ? NEXT : MARKED) + frame(frame));
        marked = true;
      } else {
        fold(List.of(frame), whose);
      }
    }
  }

  private void fold(List<StackTraceElement> frames, String whose) {
    if (!folding.equals(whose)) {
      flush();
      folding = whose;
    }
    folded += frames.size();
  }

  private void flush() {
    if (folded > 0) {
      lines.add(NEXT + "... " + GroupText.count(folded, folding + " frame"));
    }
    folded = 0;
    folding = "";
  }

  private List<String> result() {
    flush();
    if (lines.size() > MAX_LINES) {
      int cut = lines.size() - MAX_LINES;
      lines.subList(MAX_LINES, lines.size()).clear();
      lines.add(NEXT + "... " + GroupText.count(cut, "more line"));
    }
    String first = lines.get(0);
    lines.set(
        0,
        first.startsWith(MARKED)
            ? FIRST_MARKED + first.substring(MARKED.length())
            : FIRST + first.substring(first.startsWith(NEXT) ? NEXT.length() : 0));
    return lines;
  }

  /** Empty if the frame is the user's. */
  private static String whose(StackTraceElement frame) {
    if (StackFrames.isJdk(frame)) {
      return "JDK";
    }
    return CodeOwner.isRunner(frame) ? "test runner" : "";
  }

  private static String frame(StackTraceElement frame) {
    return Names.visible(StackFrames.text(frame));
  }
}
