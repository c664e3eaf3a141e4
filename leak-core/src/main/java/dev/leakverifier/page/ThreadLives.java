package dev.leakverifier.page;

import static java.util.Comparator.comparing;

import com.google.common.base.Ascii;
import com.google.common.base.Strings;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.thread.ThreadSample;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When threads came and went, as far as snapshots tell. Keeps no thread; keeps so many live ones,
 * so many that have ended, the latest, and so many leaks. Not thread-safe.
 */
final class ThreadLives {
  private static final int MAX_NAME = 200;

  /** What the JVM and the tools around a test start for themselves, told without a stack. */
  private static final Set<String> CLASSES_OF_TOOLS =
      Set.of(
          "jdk.internal.misc.InnocuousThread",
          "jdk.internal.misc.CarrierThread",
          "java.util.concurrent.DelayScheduler",
          "dev.leakverifier.origin.OriginThread");

  /** Here a name may do: it decides what is drawn, and no verdict. */
  private static final List<String> NAMES_OF_TOOLS =
      List.of(
          "TestNG-",
          "surefire-",
          "JFR ",
          "ForkJoinPool.commonPool-",
          "CompletableFutureDelayScheduler");

  private final int max;
  private final Map<Long, Life> alive = new HashMap<>();
  private final Deque<Life> ended = new ArrayDeque<>();
  private final List<Life> endedLeaks = new ArrayList<>();
  private Duration lastLook = Duration.ZERO;
  private Duration lastVirtualLook = Duration.ZERO;
  private @Nullable VirtualListing lastKnown;
  private int notKept;

  /** No threads yet; {@code max} is how many of each sort are kept. */
  ThreadLives(int max) {
    this.max = max;
  }

  /** A thread, which is kept weakly; its name is not, since names of virtual ones come late. */
  private static final class Life {
    final long id;
    final boolean virtual;
    final Duration notBefore;
    final Duration firstSeen;
    String name;
    @Nullable String test;
    boolean leaked;
    private @Nullable WeakReference<Thread> thread;
    private ThreadLife.@Nullable End end;

    Life(
        long id,
        @Nullable Thread thread,
        boolean virtual,
        String name,
        Duration notBefore,
        Duration firstSeen) {
      this.id = id;
      this.thread = thread == null ? null : new WeakReference<>(thread);
      this.virtual = virtual;
      this.name = shortened(name);
      this.notBefore = notBefore;
      this.firstSeen = firstSeen;
    }

    /** False where that is not known. */
    boolean isGone(Predicate<Long> virtualIsGone) {
      if (virtual) {
        return virtualIsGone.test(id);
      }
      if (thread == null) {
        return false;
      }
      Thread platform = thread.get();
      return platform == null || !platform.isAlive();
    }

    void end(Duration lastSeen, Duration gone) {
      thread = null;
      end = new ThreadLife.End(lastSeen, gone);
    }

    ThreadLife toValue() {
      return new ThreadLife(
          id,
          name,
          virtual,
          Optional.ofNullable(test),
          notBefore,
          firstSeen,
          Optional.ofNullable(end),
          leaked);
    }
  }

  /**
   * Takes in a snapshot.
   *
   * @param test the test or fixture at whose end it was taken, if it was one
   * @param since when who took it had listed platform threads before
   * @param fresh those that are new since then
   * @param known the virtual ones that are alive; null if they were not looked for
   * @return whether anything has changed
   */
  boolean note(
      @Nullable String test,
      Duration since,
      List<LiveThread> fresh,
      @Nullable VirtualListing known,
      Duration now) {
    Duration virtualSince = lastVirtualLook;
    boolean changed = look(known, now);
    for (LiveThread thread : fresh) {
      if (!alive.containsKey(thread.id()) && !isOfTools(thread)) {
        if (alive.size() < max) {
          Life life =
              new Life(
                  thread.id(),
                  thread.thread(),
                  thread.thread() == null,
                  thread.thread() == null ? "" : thread.thread().getName(),
                  thread.thread() == null ? virtualSince : since,
                  now);
          life.test = test == null ? null : shortened(test);
          alive.put(thread.id(), life);
        } else {
          notKept++;
        }
        changed = true;
      }
    }
    return changed;
  }

  /**
   * Finds out which have ended.
   *
   * @param known the virtual ones that are alive; null if they were not looked for
   * @return whether any has
   */
  boolean look(@Nullable VirtualListing known, Duration now) {
    int before = alive.size();
    if (before > 0) {
      Predicate<Long> virtualIsGone =
          known != null && known.isKnown() ? id -> !known.contains(id) : id -> false;
      for (Iterator<Life> lives = alive.values().iterator(); lives.hasNext(); ) {
        Life life = lives.next();
        if (life.isGone(virtualIsGone)) {
          lives.remove();
          life.end(life.virtual ? lastVirtualLook : lastLook, now);
          keep(life);
        }
      }
    }
    lastLook = now;
    if (known != null && known.isKnown() && known != lastKnown) { // else it is an old one
      lastKnown = known;
      lastVirtualLook = now;
    }
    return alive.size() < before;
  }

  /** Says that {@code test} has left {@code thread} behind. */
  void leaked(@Nullable String test, ThreadSample thread, Duration now) {
    Life life = alive.get(thread.id());
    if (life == null) {
      life = ended.stream().filter(each -> each.id == thread.id()).findFirst().orElse(null);
      if (life != null) { // it ended after the verdict
        ended.remove(life);
        if (endedLeaks.size() < max) {
          endedLeaks.add(life);
        } else {
          notKept++;
        }
      } else if (alive.size() < 2 * max) { // so that leaks have a place where others have none
        life = new Life(thread.id(), null, thread.isVirtual(), "", lastLook, now);
        alive.put(thread.id(), life);
      } else {
        return;
      }
    }
    life.name = shortened(thread.name());
    life.test = test == null ? null : shortened(test);
    life.leaked = true;
  }

  /** All that are kept, in the order in which they were first seen. */
  List<ThreadLife> all() {
    return Stream.of(alive.values(), ended, endedLeaks)
        .flatMap(lives -> lives.stream())
        .sorted(comparing((Life life) -> life.firstSeen).thenComparing(life -> life.id))
        .map(Life::toValue)
        .toList();
  }

  int notKept() {
    return notKept;
  }

  private void keep(Life life) {
    if (!life.leaked) {
      ended.add(life);
      if (ended.size() > max) {
        ended.remove();
        notKept++;
      }
    } else if (endedLeaks.size() < max) {
      endedLeaks.add(life);
    } else {
      notKept++;
    }
  }

  private static boolean isOfTools(LiveThread live) {
    Thread thread = live.thread();
    if (thread == null) {
      return false;
    }
    ThreadGroup group = thread.getThreadGroup();
    return CLASSES_OF_TOOLS.contains(thread.getClass().getName())
        || (group != null && group.getParent() == null) // the JVM's own group
        || NAMES_OF_TOOLS.stream().anyMatch(thread.getName()::startsWith);
  }

  private static String shortened(@Nullable String name) {
    return Ascii.truncate(Strings.nullToEmpty(name), MAX_NAME, "...");
  }
}
