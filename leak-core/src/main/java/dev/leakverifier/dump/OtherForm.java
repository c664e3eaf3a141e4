package dev.leakverifier.dump;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is at times taken for a thread dump that can be read, and what to do instead. */
enum OtherForm {
  GZIP("a file compressed with gzip; unpack it with gunzip first", "\u001f\u008b"),
  ZIP("a zip archive; unpack it with unzip first", "PK\u0003\u0004"),
  BZIP2("a file compressed with bzip2; unpack it with bunzip2 first", "BZh"),
  XZ("a file compressed with xz; unpack it with unxz first", "\u00fd7zXZ\u0000"),
  ZSTD("a file compressed with zstd; unpack it with unzstd first", "(\u00b5/\u00fd"),
  HEAP_DUMP(
      "a heap dump; take a thread dump of the same JVM with jcmd PID Thread.print", "JAVA PROFILE"),
  FLIGHT_RECORDING(
      "a flight recording; print its thread dumps with jfr print --events jdk.ThreadDump",
      "FLR\u0000"),
  JAVACORE(
      "a javacore of OpenJ9 or of an IBM JVM, which cannot be read; take a thread dump with VisualVM"
          + " or Spring Boot's actuator",
      Pattern.compile("(?:0SECTION|1TI[A-Z]+|1XM[A-Z]+|3XM[A-Z]+) .*|NULL +-{20,}")),
  FORCED(
      "the output of jstack -F or jhsdb jstack, which cannot be read; take a thread dump of the live"
          + " JVM with jcmd PID Thread.print",
      Pattern.compile(
          "Attaching to (?:process ID|core) .*please wait\\.\\.\\."
              + "|Thread \\d+: \\(state = [A-Z_]+\\)"
              + "|\\s*- .*@bci=-?\\d+.*\\((?:Interpreted|Compiled) frame.*\\)")),
  THREAD_INFO(
      "the output of ThreadInfo.toString(), which has only the first eight frames of a stack; take a"
          + " thread dump with jcmd PID Thread.print",
      Pattern.compile("\".*\" (?:daemon )?(?:prio=\\d+ )?Id=\\d+ [A-Z_]+(?: .*)?"));

  private static final OtherForm[] ALL = values();

  private final String description;
  private final Pattern line;
  private final String start;

  /** Recognised by its first bytes, a character each. */
  OtherForm(String description, String start) {
    this(description, start, Pattern.compile("(?!)"));
  }

  /** Recognised by any of its lines. */
  OtherForm(String description, Pattern line) {
    this(description, "\uffff", line);
  }

  OtherForm(String description, String start, Pattern line) {
    this.description = description;
    this.start = start;
    this.line = line;
  }

  /** The form of what begins with {@code head}, in which each byte is a character. */
  static Optional<OtherForm> startingWith(String head) {
    return Arrays.stream(ALL).filter(form -> head.startsWith(form.start)).findFirst();
  }

  /** The form that {@code line} shows. */
  static Optional<OtherForm> of(String line) {
    return Arrays.stream(ALL).filter(form -> form.line.matcher(line).matches()).findFirst();
  }

  /** What it is, and what to do. */
  @Override
  public String toString() {
    return description;
  }
}
