package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what a reader finds in a dump, and works out who holds what a thread waits for. */
final class DumpBuilder {
  private static final String EXPECTED =
      "expected: output of jstack, jcmd PID Thread.print, jcmd PID Thread.dump_to_file,"
          + " VisualVM, or Spring Boot's actuator";

  private static final long NOBODY = -1;

  private final List<DumpedThread> threads = new ArrayList<>();
  private final Map<ThreadLock, Long> holders = new HashMap<>(); // by lock, ids
  private final Map<String, String> heldBy = new HashMap<>(); // by the lock's id, names
  private final Map<String, String> classNames = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<String> jvm = Optional.empty();
  private Optional<String> time = Optional.empty();
  private @Nullable String end;
  private @Nullable String otherForm;
  private long deadlockLine;
  private boolean atOnce;

  void jvm(String description) {
    jvm = Optional.of(description);
  }

  Optional<String> jvm() {
    return jvm;
  }

  void time(String text) {
    time = Optional.of(text);
  }

  Optional<String> time() {
    return time;
  }

  /** All threads stood still while the dump was taken. */
  void takenAtOnce() {
    atOnce = true;
  }

  boolean isTakenAtOnce() {
    return atOnce;
  }

  void note(long line, String text) {
    note("line " + line + ": " + text);
  }

  void note(String text) {
    notes.add(text);
  }

  /** Nothing that follows was read. */
  void endsEarly(long line, String problem) {
    end = "line " + line + ": " + problem;
  }

  /** Where nothing else is found, that line says what this is. */
  void mayBeOf(Optional<OtherForm> form, long line) {
    if (otherForm == null && form.isPresent()) {
      otherForm = "line " + line + ": this is " + form.get();
    }
  }

  /** All of it is something else. */
  void isOf(OtherForm form) {
    otherForm = "this is " + form;
  }

  /** The JVM says that it has found a deadlock. */
  void deadlockAt(long line) {
    if (deadlockLine == 0) {
      deadlockLine = line;
    }
  }

  /** The JVM says that the thread of that name holds the lock with the id {@code lock}. */
  void heldBy(String lock, String name) {
    heldBy.put(lock, name);
  }

  int threadCount() {
    return threads.size();
  }

  /** A lock of which the dump may tell elsewhere who holds it. */
  ThreadLock lock(String className, String id) {
    return new ThreadLock(
        classNames.computeIfAbsent(className, name -> name), id, OptionalLong.empty());
  }

  /** A lock that is named as by {@link java.util.Objects#toIdentityString}. */
  ThreadLock lock(String identity) {
    ThreadLock lock = ThreadLock.of(identity, OptionalLong.empty());
    return lock(lock.className(), lock.id());
  }

  /**
   * Adds a thread.
   *
   * @param sample with the lock that it waits for
   * @param locks those that it holds, in any number; among them may be the monitor that it has left
   *     in order to wait
   */
  void add(ThreadSample sample, Collection<ThreadLock> locks) {
    Set<ThreadLock> locked = new LinkedHashSet<>(locks);
    if (sample.state() == Thread.State.BLOCKED || isInWait(sample)) {
      sample.lock().map(lock -> lock.ownedBy(OptionalLong.empty())).ifPresent(locked::remove);
    }
    locked.forEach(lock -> holders.put(lock, sample.id()));
    // A running thread may still have what it was parked for.
    boolean waits = sample.state() != Thread.State.RUNNABLE || sample.lock().isEmpty();
    threads.add(
        new DumpedThread(
            waits ? sample : sample.toBuilder().lock(Optional.empty()).build(),
            List.copyOf(locked)));
  }

  /** Whether it waits for a notification; then nobody has to give it the monitor. */
  private static boolean isInWait(ThreadSample sample) {
    return sample.state() != Thread.State.BLOCKED
        && !sample.frames().isEmpty()
        && sample.frames().get(0).getClassName().equals("java.lang.Object");
  }

  /** Why there is no dump, if there is none. */
  Optional<String> problem() {
    boolean frames = threads.stream().anyMatch(thread -> !thread.sample().frames().isEmpty());
    if (otherForm != null && !frames) {
      return Optional.of(otherForm);
    }
    return threads.isEmpty() ? Optional.of(end + "; " + EXPECTED) : Optional.empty();
  }

  UnreadableDumpException unreadable(String source) {
    return new UnreadableDumpException(source + ": " + problem().orElse(""));
  }

  /** The threads, each with the holder of the lock that it waits for, if that is known. */
  List<DumpedThread> threads() {
    Map<String, Long> byName = idsOfNamedHolders();
    return threads.stream().map(thread -> withHolder(thread, byName)).toList();
  }

  private Map<String, Long> idsOfNamedHolders() {
    Set<String> names = Set.copyOf(heldBy.values());
    Map<String, Long> ids = new HashMap<>();
    for (DumpedThread thread : threads) {
      if (names.contains(thread.sample().name())) {
        ids.merge(thread.sample().name(), thread.sample().id(), (first, second) -> NOBODY);
      }
    }
    return ids;
  }

  private DumpedThread withHolder(DumpedThread thread, Map<String, Long> byName) {
    ThreadSample sample = thread.sample();
    if (sample.lock().isEmpty()) {
      return thread;
    }
    ThreadLock lock = sample.lock().get();
    long holder = isInWait(sample) ? NOBODY : lock.ownerId().orElseGet(() -> holder(lock, byName));
    ThreadLock held =
        lock.ownedBy(
            holder == NOBODY || holder == sample.id()
                ? OptionalLong.empty()
                : OptionalLong.of(holder));
    return new DumpedThread(sample.toBuilder().lock(Optional.of(held)).build(), thread.locked());
  }

  private long holder(ThreadLock lock, Map<String, Long> byName) {
    Long holder = holders.get(lock);
    String name = heldBy.get(lock.id());
    return holder == null && name != null
        ? byName.getOrDefault(name, NOBODY)
        : holder == null ? NOBODY : holder;
  }

  /** What could not be read or is not certain, of a dump with these {@code deadlocks}. */
  List<String> notes(List<List<ThreadSample>> deadlocks) {
    List<String> all = new ArrayList<>(notes);
    if (end != null) {
      all.add(end + "; threads read before: " + threads.size());
    }
    if (deadlocks.isEmpty() && deadlockLine > 0) {
      all.add(
          "line "
              + deadlockLine
              + ": the JVM reports a deadlock that the threads' locks do not show");
    }
    if (!deadlocks.isEmpty() && !atOnce) {
      all.add(
          "the threads ran while the dump was written: a deadlock is certain only if a second dump"
              + " shows it too");
    }
    return List.copyOf(all);
  }
}
