package dev.leakverifier.dump;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of {@code jstack}, {@code jcmd Thread.print} and {@code kill -3}, and that of
 * {@code jcmd Thread.dump_to_file}, line by line.
 *
 * <p>Lines that are not known among the threads are left out, and told in one note; what stands
 * before and after the threads is not looked at.
 */
final class TextDumpReader {
  private static final String HEADING = "Full thread dump ";

  /** A name may have this many characters in lines after its first. */
  private static final int LONGEST_NAME = 1 << 17;

  private static final Pattern JVM_TIME =
      Pattern.compile(".*?(?<time>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)");
  private static final Pattern FILE_TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]{5,20}Z");
  private static final Pattern VERSION = Pattern.compile("\\d+[\\w.+-]{0,100}");

  /** The HotSpot of JDK 8 and before has a version of its own: {@code 25.402-b08}. */
  private static final Pattern NO_MODULES = Pattern.compile(".*\\(\\d+\\.\\d+-b\\d+ .*");

  private static final Pattern MOUNTED =
      Pattern.compile("Mounted virtual thread #(?<id>\\d{1,18})");

  /** What the JVM writes between threads and into them, and nobody asks for. */
  private static final Pattern OF_NO_INTEREST =
      Pattern.compile(
          "Threads class SMR info:|_java_thread_list=.*|0x\\p{XDigit}+.*|\\}"
              + "|Locked ownable synchronizers:|No compile task|Compiling: .*"
              + "|JavaThread state: .*|Thread: 0x.*");

  private final Lines lines;
  private final DumpBuilder dump;
  private final FrameTexts texts = new FrameTexts();
  private final FoundDeadlocks deadlocks;
  private Part part = Part.BEFORE;
  private LinePrefix prefix = LinePrefix.NONE;
  private String previous = "";
  private boolean headed;
  private boolean tellsStates; // in its headers, of which one without a state is not all of one
  private @Nullable TextThread thread;
  private @Nullable StringBuilder header; // the lines of one that is not whole yet
  private long notUnderstood;
  private long firstNotUnderstood;

  private enum Part {
    BEFORE,
    /** The heading of {@code dump_to_file}: process, time, version. */
    FILE_HEADING,
    THREADS,
    DEADLOCKS,
    AFTER
  }

  TextDumpReader(Lines lines, DumpBuilder dump) {
    this.lines = lines;
    this.dump = dump;
    this.deadlocks = new FoundDeadlocks(dump);
  }

  void read() throws IOException {
    for (String line = lines.next(); line != null; line = lines.next()) {
      String text = prefix.removedFrom(line);
      if (isHeading(text)) {
        if (headed || part.compareTo(Part.THREADS) >= 0) {
          finishThread();
          part = Part.AFTER;
          dump.note(lines.number(), "another dump begins; it was not read");
          break;
        }
        beginJvmDump(line);
      } else {
        accept(text);
      }
      previous = text;
    }
    end();
  }

  private static boolean isHeading(String line) {
    return line.contains(HEADING) && line.strip().endsWith("):") && !ThreadHeader.mayBegin(line);
  }

  private void beginJvmDump(String line) {
    int start = line.indexOf(HEADING);
    String jvm = line.substring(start + HEADING.length()).strip();
    dump.jvm(jvm.substring(0, jvm.length() - 1));
    dump.takenAtOnce();
    Matcher time = JVM_TIME.matcher(previous);
    if (time.matches()) {
      dump.time(time.group("time"));
    }
    if (NO_MODULES.matcher(jvm).matches()) {
      texts.noModules();
    }
    prefix = LinePrefix.of(line.substring(0, start));
    headed = true;
    part = Part.THREADS;
  }

  private void accept(String line) {
    switch (part) {
      case BEFORE, FILE_HEADING -> acceptBefore(line);
      case THREADS -> acceptAmongThreads(line);
      case DEADLOCKS -> part = deadlocks.accept(line.strip()) ? Part.DEADLOCKS : Part.AFTER;
      case AFTER -> acceptAfter(line);
    }
  }

  private void acceptBefore(String line) {
    if (part == Part.FILE_HEADING && VERSION.matcher(line).matches()) {
      dump.time(previous);
      dump.jvm(line);
      headed = true;
      part = Part.THREADS;
      return;
    }
    part = FILE_TIME.matcher(line).matches() ? Part.FILE_HEADING : Part.BEFORE;
    ThreadHeader first = parseHeader(line);
    if (first != null) { // a piece of a dump
      part = Part.THREADS;
      begin(first);
    }
  }

  private void acceptAmongThreads(String line) {
    if (header != null && continuesHeader(header, line)) {
      return;
    }
    if (ThreadHeader.mayBegin(line)) {
      ThreadHeader whole = parseHeader(line);
      if (whole != null) {
        begin(whole);
      } else {
        header = new StringBuilder(line);
      }
      return;
    }
    String text = line.strip();
    if (text.isEmpty()) {
      if (thread != null && lines.hasEnded()) {
        thread.end();
      }
    } else if (text.startsWith("JNI global ref")) {
      finishThread();
      part = Part.AFTER;
    } else if (FoundDeadlocks.isHeading(text)) {
      finishThread();
      beginDeadlock();
    } else if (!acceptOfThread(line, text) && !OF_NO_INTEREST.matcher(text).matches()) {
      doNotUnderstand();
    }
  }

  /** Whether {@code line} belongs to the header that {@code begun} is the beginning of. */
  private boolean continuesHeader(StringBuilder begun, String line) {
    // The JVM may write to a log that others write to, too: then a whole header is one.
    boolean alone = line.startsWith("\"") && ThreadHeader.parse(line) != null;
    if (alone || isOfThread(line.strip()) || begun.length() + line.length() > LONGEST_NAME) {
      header = null;
      doNotUnderstand();
      return false;
    }
    begun.append('\n').append(line);
    ThreadHeader whole = ThreadHeader.ends(line, begun) ? parseHeader(begun.toString()) : null;
    if (whole != null) {
      begin(whole);
    }
    return true;
  }

  private @Nullable ThreadHeader parseHeader(String text) {
    ThreadHeader parsed = ThreadHeader.parse(text);
    return parsed != null && tellsStates && !parsed.ofJvm() && parsed.state().isEmpty()
        ? null
        : parsed;
  }

  private void begin(ThreadHeader whole) {
    finishThread();
    header = null;
    thread = new TextThread(whole);
    tellsStates |= whole.state().isPresent();
    if (whole.ofJvm()) {
      dump.takenAtOnce();
    }
  }

  private static boolean isOfThread(String text) {
    return text.startsWith("at ") || text.startsWith("java.lang.Thread.State: ");
  }

  /** Whether the line says something of a thread, and there is one. */
  private boolean acceptOfThread(String line, String text) {
    TextThread current = thread;
    if (current == null) {
      return false;
    }
    if (text.startsWith("- ")) {
      LockLine lock = LockLine.parse(text, dump);
      if (lock != null) {
        current.lock(lock);
      }
      return lock != null;
    }
    if (text.startsWith("java.lang.Thread.State: ")) {
      States.of(text.substring("java.lang.Thread.State: ".length())).ifPresent(current::state);
      return true;
    }
    if (text.startsWith("Carrying virtual thread #")) {
      current.carries();
      return true;
    }
    Matcher mounted = MOUNTED.matcher(text);
    if (mounted.matches()) {
      current.mounted(Long.parseLong(mounted.group("id")));
      return true;
    }
    boolean at = text.startsWith("at ");
    // Up to JDK 24, dump_to_file only indents the frames.
    if (current.isWhole() || !(at || (!current.ofJvm() && line.startsWith(" ")))) {
      return false;
    }
    StackTraceElement frame = texts.frame(at ? text.substring(3) : text, current.ofJvm());
    if (frame != null) {
      current.frame(frame);
    }
    return frame != null;
  }

  private void acceptAfter(String line) {
    if (FoundDeadlocks.isHeading(line)) {
      beginDeadlock();
    }
  }

  private void beginDeadlock() {
    part = Part.DEADLOCKS;
    dump.deadlockAt(lines.number());
  }

  private void doNotUnderstand() {
    if (notUnderstood++ == 0) {
      firstNotUnderstood = lines.number();
    }
  }

  private void finishThread() {
    if (thread != null) {
      thread.addTo(dump, texts);
      thread = null;
    }
  }

  private void end() {
    long last = lines.number();
    boolean inThread = thread != null && !thread.isWhole();
    boolean cut =
        switch (part) {
          // What the JVM prints ends with more than threads.
          case THREADS -> headed && (dump.isTakenAtOnce() || inThread || header != null);
          case DEADLOCKS -> true;
          default -> false;
        };
    if (cut && inThread) {
      thread = null; // not all of its frames are there
    } else if (header != null) {
      doNotUnderstand();
    }
    finishThread();
    if (cut) {
      dump.endsEarly(last, "it is cut short");
    } else if (dump.threadCount() == 0) {
      dump.endsEarly(last, last == 0 ? "it is empty" : "no thread was found up to here");
    }
    if (notUnderstood > 0 && !(cut && firstNotUnderstood == last)) {
      dump.note(
          firstNotUnderstood,
          "not understood, and left out"
              + (notUnderstood > 1 ? "; so were later lines: " + (notUnderstood - 1) : ""));
    }
    if (lines.firstNotUtf8() > 0) {
      dump.note(lines.firstNotUtf8(), "not UTF-8; taken for ISO 8859-1");
    }
    if (lines.firstTooLong() > 0) {
      dump.note(
          lines.firstTooLong(), "longer than " + Lines.LONGEST + " bytes; its rest was left out");
    }
  }
}
