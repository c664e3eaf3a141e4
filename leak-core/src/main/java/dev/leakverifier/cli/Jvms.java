package dev.leakverifier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.profile.ThreadProfile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The JVMs that run here, inspected with the JDK's attach API: nothing has to be prepared in them.
 *
 * <p>The signal that asks a JVM to listen would end any other process; so only processes that the
 * JDK lists are asked.
 */
class Jvms {
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  /** A thread dump can crash it while virtual threads run. */
  private static final int UNSAFE = 25;

  /** A JVM by its process id. */
  record Jvm(long pid, String name) {}

  /** Those that the attach API tells of, but for this one. */
  List<Jvm> list() throws CommandException {
    try {
      long own = ProcessHandle.current().pid();
      return VirtualMachine.list().stream()
          .map(jvm -> new Jvm(Long.parseLong(jvm.id()), name(jvm)))
          .filter(jvm -> jvm.pid() != own)
          .toList();
    } catch (LinkageError e) {
      throw CommandException.cannotAttach(
          "this Java runtime cannot attach to JVMs, since it lacks the module jdk.attach; use a JDK");
    }
  }

  private static String name(VirtualMachineDescriptor jvm) {
    return jvm.displayName().isBlank() ? "(no name)" : jvm.displayName();
  }

  /**
   * What the threads of a JVM do now.
   *
   * @param allVirtual whether a JVM that may crash for it is asked for its virtual threads, too
   */
  ThreadProfile profile(long pid, boolean allVirtual) throws CommandException {
    if (list().stream().noneMatch(jvm -> jvm.pid() == pid)) {
      throw CommandException.cannotAttach(
          ("there is no JVM with PID %d that this user can attach to; list shows those there are,"
                  + " without those of other users and those started with -XX:-UsePerfData")
              .formatted(pid));
    }
    try {
      VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
      try {
        return profile(jvm, pid, allVirtual);
      } finally {
        jvm.detach();
      }
    } catch (AttachNotSupportedException | IOException e) {
      throw CommandException.cannotAttach(
          "cannot attach to JVM %d: %s".formatted(pid, e.getMessage()));
    }
  }

  private static ThreadProfile profile(VirtualMachine jvm, long pid, boolean allVirtual)
      throws IOException, CommandException {
    Instant time = Instant.now();
    List<ThreadDump> dumps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    String source = "JVM " + pid;
    try (InputStream printed = command(jvm, "Thread.print -l")) {
      dumps.add(ThreadDump.read(source, printed));
    }
    int feature = feature(jvm.getSystemProperties());
    if (feature == UNSAFE && !allVirtual) {
      notes.add(
          "virtual threads: a JVM of JDK 25 can crash when it is asked for them (JDK-8364343);"
              + " --virtual always asks it all the same");
    } else if (feature >= FIRST_WITH_VIRTUAL_THREADS) {
      try {
        dumps.add(virtualThreads(jvm, source));
      } catch (IOException e) { // as where that JVM may not write into a folder of this user's
        notes.add("virtual threads: " + e.getMessage());
      }
    }
    return ThreadProfile.ofDumps(time, dumps, notes);
  }

  private static ThreadDump virtualThreads(VirtualMachine jvm, String source)
      throws IOException, CommandException {
    Path folder = Files.createTempDirectory("leakverifier-"); // only its owner may read it
    Path file = folder.resolve("threads");
    try {
      return dump(jvm, source, file, "json").onlyVirtual();
    } catch (IOException e) { // as where JDK 25 meets a control character in a name
      try {
        return dump(jvm, source, file, "plain").onlyVirtual();
      } catch (IOException again) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static ThreadDump dump(VirtualMachine jvm, String source, Path file, String format)
      throws IOException, CommandException {
    String command =
        "Thread.dump_to_file -overwrite -format=%s \"%s\"".formatted(format, file.toAbsolutePath());
    try (InputStream answer = command(jvm, command)) {
      String said = new String(answer.readAllBytes(), UTF_8).strip();
      if (!said.startsWith("Created")) { // there may be a part of it
        throw new IOException("the JVM wrote no dump; its answer: " + said);
      }
    }
    try (InputStream dump = Files.newInputStream(file)) {
      return ThreadDump.read(source, dump);
    }
  }

  private static int feature(Properties properties) {
    return Runtime.Version.parse(properties.getProperty("java.vm.specification.version", "17"))
        .feature();
  }

  /** A command of {@code jcmd}, which the JDK's class can send, though its API cannot. */
  private static InputStream command(VirtualMachine jvm, String command)
      throws IOException, CommandException {
    try {
      return new AnswerStream(
          (InputStream) jvm.getClass().getMethod("executeJCmd", String.class).invoke(jvm, command));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw CommandException.cannotAttach(
          "this JDK sends no commands to other JVMs (%s); start with java -jar, or with"
                  .formatted(e.getMessage())
              + " --add-exports jdk.attach/sun.tools.attach=ALL-UNNAMED");
    }
  }
}
