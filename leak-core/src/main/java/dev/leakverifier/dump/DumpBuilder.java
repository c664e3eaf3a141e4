package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what a reader finds in a dump, and works out who holds what a thread waits for. */
final class DumpBuilder {
  private static final String EXPECTED =
      "expected a thread dump of jstack, jcmd PID Thread.print, jcmd PID Thread.dump_to_file,"
          + " VisualVM, or Spring Boot's actuator";

  private final List<Found> threads = new ArrayList<>();
  private final Map<String, Integer> monitorHolders = new HashMap<>();
  private final Map<String, Integer> synchronizerHolders = new HashMap<>();
  private final Map<String, String> heldBy = new HashMap<>(); // lock to name
  private final Map<String, String> classNames = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<String> jvm = Optional.empty();
  private Optional<String> time = Optional.empty();
  private @Nullable String end;
  private @Nullable String otherForm;
  private long deadlockLine;
  private boolean atOnce;

  private record Found(DumpedThread thread, long holderId) {}

  void jvm(String description) {
    jvm = Optional.of(description);
  }

  void time(String text) {
    time = Optional.of(text);
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

  boolean hasEndedEarly() {
    return end != null;
  }

  /** The JVM says that it has found a deadlock. */
  void deadlockAt(long line) {
    if (deadlockLine == 0) {
      deadlockLine = line;
    }
  }

  /** The JVM says that the thread of that name holds {@code lock}. */
  void heldBy(String lock, String name) {
    heldBy.put(lock, name);
  }

  int threadCount() {
    return threads.size();
  }

  DumpedLock lock(String id, String className) {
    return new DumpedLock(id, classNames.computeIfAbsent(className, name -> name));
  }

  /** A lock that is named as by {@link java.util.Objects#toIdentityString}. */
  DumpedLock lock(String identity) {
    int at = identity.lastIndexOf('@');
    return lock(identity, at < 0 ? "" : identity.substring(0, at));
  }

  /**
   * Adds a thread.
   *
   * @param wait what it waits for, without the holder
   * @param holderId the id of the thread that holds that; 0 if the dump does not tell
   * @param monitors those that it has entered, in any number; among them may be the one that it has
   *     left in order to wait
   * @param synchronizers the others that it holds
   */
  void add(
      ThreadSample sample,
      @Nullable LockWait wait,
      long holderId,
      List<DumpedLock> monitors,
      List<DumpedLock> synchronizers) {
    // A running thread may still have what it was parked for.
    boolean waits = wait != null && sample.state() != Thread.State.RUNNABLE;
    Set<DumpedLock> locked = new LinkedHashSet<>(monitors);
    if (wait != null && wait.kind() != LockWait.Kind.PARK) {
      locked.remove(wait.lock());
    }
    int index = threads.size();
    locked.forEach(lock -> monitorHolders.put(lock.id(), index));
    synchronizers.forEach(lock -> synchronizerHolders.put(lock.id(), index));
    locked.addAll(synchronizers);
    threads.add(
        new Found(
            new DumpedThread(
                sample, waits ? Optional.ofNullable(wait) : Optional.empty(), List.copyOf(locked)),
            holderId));
  }

  /** Why there is no dump, if there is none. */
  Optional<String> problem() {
    boolean frames =
        threads.stream().anyMatch(found -> !found.thread().sample().frames().isEmpty());
    if (otherForm != null && !frames) {
      return Optional.of(otherForm);
    }
    return threads.isEmpty() ? Optional.of(end + "; " + EXPECTED) : Optional.empty();
  }

  UnreadableDumpException unreadable(String source) {
    return new UnreadableDumpException(source + ": " + problem().orElse(""));
  }

  ThreadDump build(String source) throws UnreadableDumpException {
    if (problem().isPresent()) {
      throw unreadable(source);
    }
    if (end != null) {
      notes.add(end + "; threads read before: " + threads.size());
    }
    int[] holders = new Holders().ofAll();
    List<DumpedThread> resolved = resolve(holders);
    List<Deadlock> deadlocks = WaitCycles.in(resolved, holders);
    if (deadlocks.isEmpty() && deadlockLine > 0) {
      note(deadlockLine, "the JVM reports a deadlock that the threads' locks do not show");
    }
    if (!deadlocks.isEmpty() && !atOnce) {
      notes.add(
          "the threads ran while the dump was written: a deadlock is certain only if a second dump"
              + " shows it, too");
    }
    return new ThreadDump(source, jvm, time, resolved, deadlocks, List.copyOf(notes));
  }

  private List<DumpedThread> resolve(int[] holders) {
    List<DumpedThread> resolved = new ArrayList<>(threads.size());
    for (int i = 0; i < holders.length; i++) {
      DumpedThread thread = threads.get(i).thread();
      if (holders[i] >= 0) {
        Optional<ThreadSample> holder = Optional.of(threads.get(holders[i]).thread().sample());
        thread =
            new DumpedThread(
                thread.sample(),
                thread.waitsFor().map(wait -> new LockWait(wait.kind(), wait.lock(), holder)),
                thread.locked());
      }
      resolved.add(thread);
    }
    return List.copyOf(resolved);
  }

  /** Who holds what a thread waits for, as an index into {@link #threads}; -1 if unknown. */
  private final class Holders {
    private static final int AMBIGUOUS = -2;

    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<Long, Integer> byId = new HashMap<>();

    Holders() {
      Set<String> names = Set.copyOf(heldBy.values());
      boolean idsMatter = threads.stream().anyMatch(found -> found.holderId() != 0);
      for (int i = 0; i < threads.size(); i++) {
        ThreadSample sample = threads.get(i).thread().sample();
        if (idsMatter) {
          byId.put(sample.id(), i);
        }
        if (names.contains(sample.name())) {
          byName.merge(sample.name(), i, (first, second) -> AMBIGUOUS);
        }
      }
    }

    int[] ofAll() {
      int[] holders = new int[threads.size()];
      for (int i = 0; i < holders.length; i++) {
        int holder = threads.get(i).thread().waitsFor().isEmpty() ? -1 : of(threads.get(i));
        holders[i] = holder == i || holder < 0 ? -1 : holder;
      }
      return holders;
    }

    private int of(Found found) {
      LockWait wait = found.thread().waitsFor().orElseThrow();
      String lock = wait.lock().id();
      Integer holder =
          switch (wait.kind()) {
            case NOTIFICATION -> -1;
            case ENTER ->
                found.holderId() != 0 ? byId.get(found.holderId()) : monitorHolders.get(lock);
            case PARK ->
                found.holderId() != 0 ? byId.get(found.holderId()) : synchronizerHolders.get(lock);
          };
      if (holder == null) {
        String name = heldBy.get(lock);
        holder = name == null ? null : byName.get(name);
      }
      return holder == null ? -1 : holder;
    }
  }
}
