package dev.leakverifier.dump;

import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import dev.leakverifier.dump.ThreadHeader.Form;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one dump of a text, line by line: of {@code jstack}, {@code jcmd Thread.print} and {@code
 * kill -3}, of {@code jcmd Thread.dump_to_file}, or of VisualVM and Spring Boot's actuator.
 *
 * <p>Lines that are not known among the threads are left out, and told in one note; what stands
 * before and after the threads is not looked at.
 */
final class TextDumpReader {
  private static final String HEADING = "Full thread dump ";

  private static final Pattern JVM_TIME =
      Pattern.compile(".*?(?<time>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)");
  private static final Pattern FILE_TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]{5,20}Z");
  private static final Pattern VERSION = Pattern.compile("\\d+[\\w.+-]{0,100}");

  /** The first lines of a file's heading: it is known only by the third one. */
  private static final Pattern PROCESS_ID_OR_TIME =
      Pattern.compile("\\d{1,9}|" + FILE_TIME.pattern());

  /** The HotSpot of JDK 8 and before has a version of its own: {@code 25.402-b08}. */
  private static final Pattern NO_MODULES = Pattern.compile(".*\\(\\d+\\.\\d+-b\\d+ .*");

  private final Lines lines;
  private final DumpBuilder dump;
  private final FrameTexts texts = new FrameTexts();
  private final TextThreads threads;
  private final FoundDeadlocks deadlocks;
  private Part part = Part.BEFORE;
  private Pattern prefix = Pattern.compile(""); // what a logger has put before each line
  private boolean headed;
  private long notUnderstood;
  private long firstNotUnderstood;

  private enum Part {
    BEFORE,
    THREADS,
    DEADLOCKS,
    AFTER
  }

  TextDumpReader(Lines lines, DumpBuilder dump) {
    this.lines = lines;
    this.dump = dump;
    this.threads = new TextThreads(dump, texts);
    this.deadlocks = new FoundDeadlocks(dump);
  }

  /**
   * Reads up to the end of the text or of the dump.
   *
   * @return the line in which another dump begins; 0 if none does
   */
  long read() throws IOException {
    for (String line = lines.next(); line != null; line = lines.next()) {
      Matcher beginning = prefix.matcher(line);
      String text = beginning.lookingAt() ? line.substring(beginning.end()) : line;
      boolean ofJvm = isJvmHeading(text);
      boolean ofFile = VERSION.matcher(text).matches() && isFileTime(lines.before());
      if ((ofJvm || ofFile) && (headed || part != Part.BEFORE)) {
        long next = lines.number();
        lines.unread();
        end(/* whole= */ true);
        return next;
      }
      if (ofJvm) {
        beginJvmDump(line);
      } else if (ofFile) {
        beginFileDump(line);
      } else {
        accept(text);
      }
    }
    end(/* whole= */ false);
    return 0;
  }

  private static boolean isJvmHeading(String line) {
    return line.contains(HEADING)
        && line.strip().endsWith("):")
        && !ThreadHeader.mayBegin(line)
        && !line.startsWith("1XMFULLTHDUMP"); // of an old javacore
  }

  private static boolean isFileTime(String line) {
    return FILE_TIME.matcher(line).matches();
  }

  private void beginJvmDump(String line) {
    int start = line.indexOf(HEADING);
    String jvm = line.substring(start + HEADING.length()).strip();
    dump.jvm(jvm.substring(0, jvm.length() - 1));
    dump.takenAtOnce();
    Matcher time = JVM_TIME.matcher(lines.before());
    if (time.matches()) {
      dump.time(time.group("time"));
    }
    texts.modules(!NO_MODULES.matcher(jvm).matches());
    prefix = anyLike(line.substring(0, start));
    beginThreads();
  }

  /** Equal beginnings but for the digits in them; blank lines may have lost the end of theirs. */
  private static Pattern anyLike(String prefix) {
    String words = prefix.stripTrailing();
    String anyDigits =
        Splitter.on(CharMatcher.inRange('0', '9'))
            .splitToStream(words)
            .map(Pattern::quote)
            .collect(joining("\\d"));
    return Pattern.compile(anyDigits + "(?:" + prefix.substring(words.length()) + "|$)");
  }

  private void beginFileDump(String version) {
    dump.time(lines.before());
    dump.jvm(version);
    beginThreads();
  }

  private void beginThreads() {
    headed = true;
    part = Part.THREADS;
  }

  /** Takes a line that is no heading. */
  private void accept(String line) {
    switch (part) {
      case BEFORE -> {
        if (threads.begin(line)) { // a piece of a dump
          part = Part.THREADS;
        } else {
          dump.mayBeOf(OtherForm.of(line), lines.number());
        }
      }
      case THREADS -> acceptAmongThreads(line);
      case DEADLOCKS -> part = deadlocks.accept(line.strip()) ? Part.DEADLOCKS : Part.AFTER;
      case AFTER -> acceptAfter(line);
    }
  }

  private void acceptAmongThreads(String line) {
    if (threads.isInHeader()) {
      if (threads.continueHeader(line)) {
        return;
      }
      doNotUnderstand();
    }
    String text = line.strip();
    if (text.startsWith("JNI global ref")) {
      threads.finish();
      part = Part.AFTER;
    } else if (FoundDeadlocks.isHeading(text)) {
      threads.finish();
      beginDeadlock();
    } else if (!threads.accept(line, text, lines.hasEnded())
        && !PROCESS_ID_OR_TIME.matcher(text).matches()) {
      dump.mayBeOf(OtherForm.of(line), lines.number());
      doNotUnderstand();
    }
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

  /**
   * The dump's last line has been read.
   *
   * @param whole whether another dump follows, so that nothing can be missing
   */
  private void end(boolean whole) {
    long last = lines.number();
    boolean inThread = threads.isInThread();
    boolean cut = !whole && isCut();
    if (cut && inThread) {
      threads.drop(); // not all of its frames are there
    } else if (threads.isInHeader()) {
      doNotUnderstand();
    }
    threads.finish();
    if (cut) {
      dump.endsEarly(last, "it is cut short");
    } else if (dump.threadCount() == 0) {
      dump.endsEarly(last, last == 0 ? "the file is empty" : "no thread was found up to here");
    }
    tellWhatWasLeftOut(cut && firstNotUnderstood == last);
  }

  private boolean isCut() {
    return switch (part) {
      // What the JVM prints ends with more than threads.
      case THREADS ->
          headed
              && (threads.form().orElse(dump.isTakenAtOnce() ? Form.JVM : Form.FILE) == Form.JVM
                  || threads.isInThread()
                  || threads.isInHeader());
      case DEADLOCKS -> true;
      case BEFORE, AFTER -> false;
    };
  }

  private void tellWhatWasLeftOut(boolean onlyTheCutLine) {
    if (notUnderstood > 0 && !onlyTheCutLine) {
      dump.note(
          firstNotUnderstood,
          "not understood and skipped"
              + (notUnderstood > 1 ? "; later lines like that: " + (notUnderstood - 1) : ""));
    }
    if (lines.firstNotUtf8() > 0) {
      dump.note(lines.firstNotUtf8(), "not UTF-8; read as ISO 8859-1");
    }
    if (lines.firstTooLong() > 0) {
      dump.note(
          lines.firstTooLong(),
          "longer than " + Lines.LONGEST + " bytes; the rest of it was skipped");
    }
  }
}
