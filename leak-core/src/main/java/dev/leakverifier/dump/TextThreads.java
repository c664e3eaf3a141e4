package dev.leakverifier.dump;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.dump.ThreadHeader.Form;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the threads of a text together, from the lines that stand among them. */
final class TextThreads {
  /** A name may have this many characters in lines after its first. */
  private static final int LONGEST_NAME = 1 << 17;

  private static final String STATE = "java.lang.Thread.State: ";

  private static final Pattern MOUNTED =
      Pattern.compile("Mounted virtual thread #(?<id>\\d{1,18})");

  /** What is written between threads and into them, and nobody asks for. */
  private static final Pattern OF_NO_INTEREST =
      Pattern.compile(
          "Threads class SMR info:|_java_thread_list=.*|0x\\p{XDigit}+.*|\\}"
              + "|Locked ownable synchronizers:|JNI locked monitors:|No compile task|Compiling: .*"
              + "|JavaThread state: .*|Thread: 0x.*");

  private final DumpBuilder dump;
  private final FrameTexts texts;
  private @Nullable TextThread thread;
  private @Nullable StringBuilder header; // the lines of one that is not whole yet
  private @Nullable Form form; // of the last thread
  private boolean tellsStates; // in its headers, of which one without a state is not all of one

  TextThreads(DumpBuilder dump, FrameTexts texts) {
    this.dump = dump;
    this.texts = texts;
  }

  /** Takes the header of the first thread, if {@code line} is one. */
  boolean begin(String line) {
    ThreadHeader first = parseHeader(line);
    if (first != null) {
      begin(first);
    }
    return first != null;
  }

  /** Whether what was read last is only the beginning of a header. */
  boolean isInHeader() {
    return header != null;
  }

  /** Takes {@code line} if it belongs to the header that has begun; else that is none. */
  boolean continueHeader(String line) {
    StringBuilder begun = requireNonNull(header);
    // The JVM may write to a log that others write to, too: then a whole header is one.
    boolean alone = line.startsWith("\"") && ThreadHeader.parse(line) != null;
    if (alone || isOfThread(line.strip()) || begun.length() + line.length() > LONGEST_NAME) {
      header = null;
      return false;
    }
    begun.append('\n').append(line);
    if (ThreadHeader.ends(line, begun)) {
      begin(begun.toString());
    }
    return true;
  }

  /**
   * Takes the next line.
   *
   * @param text the line without its indentation
   * @param whole whether the line has an end; if not, it may be cut
   * @return whether it was understood, or need not be
   */
  boolean accept(String line, String text, boolean whole) {
    if (ThreadHeader.mayBegin(line)) {
      if (!begin(line)) {
        header = new StringBuilder(line);
      }
      return true;
    }
    if (text.isEmpty()) {
      if (thread != null && whole) {
        thread.end();
      }
      return true;
    }
    return acceptOfThread(line, text) || OF_NO_INTEREST.matcher(text).matches();
  }

  private @Nullable ThreadHeader parseHeader(String text) {
    ThreadHeader parsed = ThreadHeader.parse(text);
    return parsed != null && tellsStates && parsed.form() == Form.FILE && parsed.state().isEmpty()
        ? null
        : parsed;
  }

  private void begin(ThreadHeader whole) {
    finish();
    header = null;
    thread = new TextThread(whole);
    form = whole.form();
    tellsStates |= whole.state().isPresent();
    if (form != Form.FILE) {
      dump.takenAtOnce();
    }
  }

  private static boolean isOfThread(String text) {
    return text.startsWith("at ") || text.startsWith(STATE);
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
    if (text.startsWith(STATE)) {
      States.of(text.substring(STATE.length())).ifPresent(current::state);
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
    return acceptFrame(current, line, text);
  }

  private boolean acceptFrame(TextThread current, String line, String text) {
    boolean at = text.startsWith("at ");
    // Up to JDK 24, dump_to_file only indents the frames.
    boolean indented = current.form() == Form.FILE && line.startsWith(" ");
    if (current.isWhole() || !(at || indented)) {
      return false;
    }
    StackTraceElement frame = texts.frame(at ? text.substring(3) : text, current.form());
    if (frame != null) {
      current.frame(frame);
    }
    return frame != null;
  }

  /** Who wrote the thread read last; empty before the first. */
  Optional<Form> form() {
    return Optional.ofNullable(form);
  }

  /** Whether more of the last thread may follow. */
  boolean isInThread() {
    return thread != null && !thread.isWhole();
  }

  /** The last thread is all there. */
  void finish() {
    if (thread != null) {
      thread.addTo(dump, texts);
      thread = null;
    }
  }

  /** The last thread is cut short. */
  void drop() {
    thread = null;
  }
}
