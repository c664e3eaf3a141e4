package dev.leakverifier.profile;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Suppliers;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a service at one instant, grouped by what they do: how many there are of each, and
 * what is to be said about them. The difference of two says what has grown in between.
 *
 * <pre>{@code
 * ThreadProfile before = ThreadProfile.capture();
 * service.handle(requests);
 * ThreadProfile growth = ThreadProfile.capture().minus(before);
 * System.out.println(growth.toText());
 * try (OutputStream out = Files.newOutputStream(Path.of("threads.pb.gz"))) {
 *   growth.writePprof(out); // go tool pprof -http=: threads.pb.gz
 * }
 * }</pre>
 *
 * <p>A value: immutable, safe to share, and it keeps no thread alive. To capture costs about as
 * much as {@link Thread#getAllStackTraces}, which stops all threads for a moment; where there are
 * virtual threads, also one thread dump. The groups are made when they are first asked for.
 */
public final class ThreadProfile {
  private static final ThreadSource JVM = LiveThreads.ofService(OriginRecorder.JVM::originOf);

  private final Instant time;
  private final @Nullable Instant since;
  private final Set<String> notSeen;
  private final Supplier<List<ProfileGroup>> groups;

  private ThreadProfile(
      Instant time,
      @Nullable Instant since,
      Collection<String> notSeen,
      Supplier<List<ProfileGroup>> groups) {
    this.time = time;
    this.since = since;
    this.notSeen = Collections.unmodifiableSet(new LinkedHashSet<>(notSeen));
    this.groups = Suppliers.memoize(groups::get);
  }

  /**
   * The live threads of this JVM, also those that it has for itself, and its virtual ones but on
   * JDK 25: its thread dump, which would tell them, can crash it (JDK-8364343).
   *
   * <p>Never fails because of what the JVM cannot tell: see {@link #notSeen()}.
   */
  public static ThreadProfile capture() {
    return capture(JVM, Clock.systemUTC());
  }

  static ThreadProfile capture(ThreadSource source, Clock clock) {
    Instant time = clock.instant();
    Sampling sampling = source.sampleAll();
    return of(
        time,
        sampling.samples(),
        Stream.concat(source.gap().stream(), sampling.notSeen().stream()).toList());
  }

  /**
   * A profile of threads that were seen elsewhere, such as in a {@link ThreadDump}.
   *
   * @param time when they were seen
   * @param threads each once
   * @param notSeen what is missing, each in a line
   */
  public static ThreadProfile of(
      Instant time, Collection<ThreadSample> threads, Collection<String> notSeen) {
    List<ThreadSample> copy = List.copyOf(threads);
    return new ThreadProfile(requireNonNull(time), null, notSeen, () -> ProfileGroups.of(copy));
  }

  /**
   * What the threads of dumps of one JVM do: of those that run Java code.
   *
   * @param time when they were taken
   * @param dumps each thread in one of them only
   * @param notSeen what is missing, each in a line, in addition to what the dumps say
   */
  public static ThreadProfile ofDumps(
      Instant time, List<ThreadDump> dumps, Collection<String> notSeen) {
    List<ThreadSample> threads = new ArrayList<>();
    List<String> notes = new ArrayList<>(notSeen);
    for (ThreadDump dump : dumps) {
      notes.addAll(dump.notes());
      dump.samples().stream()
          .filter(thread -> thread.isVirtual() || !thread.frames().isEmpty())
          .forEach(threads::add);
    }
    return of(time, threads, notes);
  }

  /**
   * What has changed since {@code earlier}: a profile that has only the groups that have grown or
   * shrunk. Threads that have ended while as many equal ones were started are no change.
   *
   * @param earlier not a difference itself, nor may this profile be one
   */
  public ThreadProfile minus(ThreadProfile earlier) {
    checkArgument(
        since == null && earlier.since == null,
        "earlier (%s) and this (%s) must not be differences themselves",
        earlier,
        this);
    return new ThreadProfile(
        time,
        earlier.time,
        Stream.concat(earlier.notSeen.stream(), notSeen.stream()).toList(),
        () -> ProfileGroups.difference(groups(), earlier.groups()));
  }

  /** This profile without the threads that the JVM has for itself, such as its finalizer. */
  public ThreadProfile withoutJvmThreads() {
    return new ThreadProfile(
        time,
        since,
        notSeen,
        () -> groups().stream().filter(group -> group.jvm().isEmpty()).toList());
  }

  /** When the threads were looked at; in a difference for the second time. */
  public Instant time() {
    return time;
  }

  /** In a difference, when the threads were looked at for the first time; else empty. */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }

  /** How many threads there are; in a difference how many more, which may be negative. */
  public int total() {
    return groups().stream().mapToInt(ProfileGroup::count).sum();
  }

  /**
   * Equal threads together: first the application's and then the JVM's own, of each the biggest
   * group first.
   */
  public List<ProfileGroup> groups() {
    return groups.get();
  }

  /** What the JVM could not tell, each in a line. */
  public Set<String> notSeen() {
    return notSeen;
  }

  /**
   * The groups as text, in the spirit of Go's {@code /debug/pprof/goroutine?debug=1}: count, name
   * and state, what is to be said, and the stack. Ends with a line break.
   */
  public String toText() {
    return ProfileText.of(this);
  }

  /**
   * Every thread with its stack, in the spirit of Go's {@code debug=2}, in the form of a thread
   * dump. Ends with a line break. After 64 million characters it says how many threads are missing.
   */
  public String toThreadText() {
    return ProfileThreadText.of(this);
  }

  /**
   * The stacks as flame graph tools take them: {@code root;caller;called 120}, sorted. Of a
   * difference only what has grown, since these tools know nothing below zero.
   */
  public String toCollapsed() {
    return ProfileCollapsed.of(this);
  }

  /** All of it for programs, in the form of {@code docs/thread-profile.schema.json}. */
  public String toJson() {
    return ProfileJson.of(this);
  }

  /**
   * Writes all stacks in the gzipped form of {@code go tool pprof} and its viewers, with the labels
   * {@code name}, {@code state}, {@code virtual}, {@code kind}, {@code fingerprint}, and where it
   * is known {@code started_by}; {@code jvm} is {@code true} on the threads that the JVM has for
   * itself.
   *
   * @param out is flushed, but not closed
   */
  public void writePprof(OutputStream out) throws IOException {
    ProfilePprof.write(this, out);
  }

  /** In one line: how many threads, when. */
  @Override
  public String toString() {
    return ProfileText.headline(this);
  }
}
