package dev.leakverifier.monitor;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.jvm.IdSet;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The long-lived threads that are alive, and what those of them are that are new since the start.
 *
 * <p>Keeps ids, and what a group of them has in common; of one that has ended, nothing.
 */
final class Population {
  /** So many stacks are read at once; the JVM stands still meanwhile, for 8 ms on JDK 17. */
  static final int MAX_LOOK = 200;

  private final ThreadSource source;
  private final Map<Long, Resident> residents = new HashMap<>();
  private final GroupTally tally = new GroupTally();
  private IdSet alive;
  private int ignored;
  private int notLookedAt;

  /** What is known of a long-lived thread. */
  private sealed interface Resident {
    /** It was there at the start; a virtual thread's name is not known then. */
    record FromStart(@Nullable String name) implements Resident {}

    /** It is new, and its stack has been read. */
    record LookedAt(GroupTally.Member group) implements Resident {}
  }

  private enum Special implements Resident {
    /** It is new, and its stack has not been read. */
    NOT_LOOKED_AT,
    /** It is the JVM's own, and does not count. */
    IGNORED
  }

  /** Those of the start. */
  Population(ThreadSource source, ThreadListing start) {
    this.source = source;
    this.alive = start.platformIds().plus(start.virtual().ids());
    for (LiveThread live : start.threads()) {
      Thread thread = live.thread();
      residents.put(live.id(), new Resident.FromStart(thread == null ? null : thread.getName()));
    }
  }

  /** How many there are, without the JVM's own new ones. */
  int count() {
    return residents.size() - ignored;
  }

  int notLookedAt() {
    return notLookedAt;
  }

  /** What has grown, most grown first. */
  List<GrownGroup> grown() {
    return tally.grown();
  }

  /** Takes note of which are alive now. */
  void are(IdSet now) {
    for (long id : alive.minus(now).toArray()) {
      forget(requireNonNull(residents.remove(id)));
    }
    for (long id : now.minus(alive).toArray()) {
      residents.put(id, Special.NOT_LOOKED_AT);
      notLookedAt++;
    }
    alive = now;
  }

  private void forget(Resident resident) {
    if (resident instanceof Resident.FromStart old) {
      tally.wentFromStart(old.name());
    } else if (resident instanceof Resident.LookedAt known) {
      tally.went(known.group());
    } else if (resident == Special.IGNORED) {
      ignored--;
    } else {
      notLookedAt--;
    }
  }

  /**
   * Reads the stacks of those that are new and among {@code listing}, some at a time.
   *
   * @return whether a virtual one was among them, which costs a thread dump
   */
  boolean lookAtNew(ThreadListing listing) {
    List<LiveThread> fresh = new ArrayList<>();
    for (LiveThread live : notLookedAt == 0 ? List.<LiveThread>of() : listing.threads()) {
      if (residents.get(live.id()) == Special.NOT_LOOKED_AT) {
        if (live.thread() instanceof MonitorThread) {
          ignore(live.id());
        } else if (fresh.size() < MAX_LOOK) {
          fresh.add(live);
        }
      }
    }
    if (fresh.isEmpty()) {
      return false;
    }
    List<Observation> seen = new ArrayList<>();
    for (ThreadSample sample : source.sample(fresh).samples()) {
      if (KnownThread.of(sample).isPresent()) {
        ignore(sample.id());
      } else {
        seen.add(Observation.of(sample));
      }
    }
    for (LeakGroup group : LeakGroup.of(seen)) {
      GroupTally.Member member = tally.of(group);
      for (ThreadSample thread : group.threads()) {
        notLookedAt--;
        residents.put(thread.id(), new Resident.LookedAt(member));
        tally.came(member);
      }
    }
    return fresh.stream().anyMatch(live -> live.thread() == null);
  }

  private void ignore(long id) {
    notLookedAt--;
    ignored++;
    residents.put(id, Special.IGNORED);
  }
}
