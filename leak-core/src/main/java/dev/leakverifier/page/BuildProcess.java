package dev.leakverifier.page;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that all test JVMs of a build have in common, and no other build has: the one that
 * started this JVM, in a fork of Surefire's, of which there may be several; else this JVM.
 *
 * @param start by the clock of the operating system; empty if that does not tell
 */
public record BuildProcess(long pid, Optional<Instant> start) {
  private static final Pattern FORM = Pattern.compile("(\\d+)(?:@(.+))?");
  private static final Pattern SHELL =
      Pattern.compile(".*[/\\\\](sh|bash|dash|ash|busybox|cmd\\.exe)");

  /**
   * Two JVMs may be told the start of one process differently: it counts from when the machine was
   * booted, which Linux only tells in seconds. Whatever runs tests lives longer than that.
   */
  private static final Duration ACCURACY = Duration.ofSeconds(1);

  /** That of this JVM: found once, since a process may outlive the one that started it. */
  private static final class Current {
    static final BuildProcess PROCESS = find();
  }

  public static BuildProcess current() {
    return Current.PROCESS;
  }

  private static BuildProcess find() {
    ProcessHandle jvm = ProcessHandle.current();
    Optional<ProcessHandle> build =
        ReportSetting.isFork(System.getProperties()) ? jvm.parent() : Optional.of(jvm);
    while (build.flatMap(each -> each.info().command()).filter(BuildProcess::isShell).isPresent()) {
      build = build.flatMap(ProcessHandle::parent);
    }
    return of(build.orElse(jvm));
  }

  static BuildProcess of(ProcessHandle process) {
    return new BuildProcess(process.pid(), process.info().startInstant());
  }

  /** The process whose {@link #toString} is {@code text}; empty if that is none. */
  public static Optional<BuildProcess> parse(String text) {
    Matcher parts = FORM.matcher(text);
    try {
      return parts.matches()
          ? Optional.of(
              new BuildProcess(
                  Long.parseLong(parts.group(1)),
                  Optional.ofNullable(parts.group(2)).map(Instant::parse)))
          : Optional.empty();
    } catch (NumberFormatException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a JVM of which {@code other} is told belongs to the same build. Where this JVM is no
   * fork, one that is alive may run beside it, as in a build of Gradle's.
   */
  boolean includes(BuildProcess other) {
    return isSame(other) || (pid == ProcessHandle.current().pid() && other.isAlive());
  }

  private boolean isSame(BuildProcess other) {
    return pid == other.pid
        && start.isPresent() == other.start.isPresent()
        && start
            .flatMap(mine -> other.start.map(theirs -> Duration.between(mine, theirs).abs()))
            .filter(apart -> apart.compareTo(ACCURACY) > 0)
            .isEmpty();
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(BuildProcess::of)
        .filter(this::isSame)
        .isPresent();
  }

  private static boolean isShell(String command) {
    return SHELL.matcher(command).matches();
  }

  @Override
  public String toString() {
    return pid + start.map(instant -> "@" + instant).orElse("");
  }
}
