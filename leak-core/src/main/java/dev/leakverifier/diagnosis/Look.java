package dev.leakverifier.diagnosis;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;

/**
 * All that the rules and a fingerprint use of what was seen of a thread, but for the figures and
 * the names that are only told: threads that look alike get the same kind, fix and fingerprint.
 *
 * <p>A rule that comes to use something else needs it here, too; {@code LookTest} has an example of
 * each.
 *
 * @param name folded, as in a fingerprint
 * @param library the only rules that may read the number in a name
 * @param heldBy the object that a fix names
 * @param lock the class of what it stands still for
 * @param holders not equal to those of others unless they wait for the same locks
 */
record Look(
    List<StackTraceElement> frames,
    String name,
    Optional<LibraryThread> library,
    Thread.State state,
    String threadClass,
    boolean virtual,
    boolean daemon,
    boolean interrupted,
    Optional<String> owner,
    Optional<String> createdBy,
    Optional<String> heldBy,
    Optional<String> lock,
    List<ThreadSample> holders,
    boolean deadlock,
    Optional<String> awaited,
    boolean moved,
    boolean burnsCpu,
    boolean alwaysRan,
    boolean cpuKnown) {
  static Look of(Observation seen) {
    ThreadSample thread = seen.thread();
    Watched watched = seen.watched();
    return new Look(
        thread.frames(),
        Fingerprint.foldedName(thread.name()),
        LibraryThread.of(thread),
        thread.state(),
        thread.threadClass(),
        thread.isVirtual(),
        thread.isDaemon(),
        thread.isInterrupted(),
        thread.owner(),
        thread.createdBy(),
        thread.holder().flatMap(ThreadHolder::object),
        thread.lock().map(ThreadLock::className),
        seen.holders(),
        seen.isDeadlock(),
        seen.awaited(),
        watched.moved(),
        RunRules.burnsCpu(watched),
        watched.alwaysRan(),
        watched.cpu().isPresent());
  }
}
