package dev.leakverifier.report;

import dev.leakverifier.check.Findings;
import dev.leakverifier.host.Lost;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report where no better one can be made: of text names and stacks, and of both why there is no
 * more. Uses as little as it can.
 */
public final class BareReport {
  private static final int MAX_STACKS = 100;
  private static final int MAX_NAME = 80;

  private BareReport() {}

  /** What stands in for {@link ReportText}. */
  public static String text(@Nullable String blamed, Findings findings, Lost lost) {
    List<ThreadSample> threads = findings.threads();
    StringBuilder text = new StringBuilder();
    text.append(
        switch (threads.size()) {
          case 0 -> "no thread";
          case 1 -> "1 thread";
          default -> threads.size() + " threads";
        });
    text.append(" leaked").append(blamed == null ? "" : " by " + visible(blamed));
    text.append("\n\n").append(visible(lost.toString()));
    threads.stream().limit(MAX_STACKS).forEach(thread -> append(text, thread));
    if (threads.size() > MAX_STACKS) {
      text.append("\n\n... and ").append(threads.size() - MAX_STACKS).append(" more");
    }
    findings.notSeen().forEach(what -> text.append("\n\nnot seen: ").append(visible(what)));
    return text.toString();
  }

  private static void append(StringBuilder text, ThreadSample thread) {
    String name = thread.name();
    text.append("\n\n\"")
        .append(visible(name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "..." : name))
        .append("\" ")
        .append(thread.state());
    thread.frames().forEach(frame -> text.append("\n    ").append(visible(frame.toString())));
  }

  /** Without what breaks a line, a terminal or an encoding. */
  private static String visible(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }

  /** What stands in for {@link ReportJson}: the same members, with no groups. */
  public static String json(Findings findings, Lost lost) {
    return """
        {"format":"leakverifier-report","version":1,"java":"%s","blamed":null,"leaked":%d,\
        "waitedMillis":%d,"collectedGarbage":%b,"groups":[],"shared":[],"ignored":[],\
        "notSeen":["%s"]}"""
        .formatted(
            Runtime.version(),
            findings.leaked().size(),
            findings.waited().toMillis(),
            findings.collected(),
            lost.toString().replaceAll("[^ !#-\\[\\]-~]", "?"));
  }
}
