package dev.leakverifier.blame;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.check.CheckSettings;
import dev.leakverifier.jvm.ThreadClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** Tells which windows of a watch have to answer for a thread, from what the timeline knows. */
final class BlameFinder<W extends Window> {
  private final Timeline timeline;
  private final Object watch;
  private final Function<Collection<W>, Optional<CheckSettings>> settings;
  private final LongPredicate isReported;

  /**
   * Finds out who is to blame among the windows of {@code watch}.
   *
   * @param settings tells what holds for windows; empty if one is not to be checked
   * @param isReported tells of a thread's id whether it was reported as a leak, by any watch
   */
  BlameFinder(
      Timeline timeline,
      Object watch,
      Function<Collection<W>, Optional<CheckSettings>> settings,
      LongPredicate isReported) {
    this.timeline = timeline;
    this.watch = watch;
    this.settings = settings;
    this.isReported = isReported;
  }

  /**
   * Whether a test that is over may have started the thread: to ask who did makes no sense before.
   */
  boolean mayBeDue(long threadId, W noted, Predicate<? super W> isOver) {
    return !timeline.isUndecided(threadId)
        || isOver.test(noted)
        || isAnyOver(timeline.runningAtFirstSightOf(threadId), isOver);
  }

  /** Whether a test that is over may have made virtual threads that were new at that time. */
  boolean mayBeDue(ThreadClock time, W noted, Predicate<? super W> isOver) {
    return isOver.test(noted) || isAnyOver(timeline.runningAt(time), isOver);
  }

  private boolean isAnyOver(List<Stretch> stretches, Predicate<? super W> isOver) {
    return stretches.stream()
        .anyMatch(stretch -> stretch.owner() != watch || isOver.test(windowOf(stretch)));
  }

  /**
   * Whom to blame for a thread that is alive; nobody if another watch has to answer for it. Where
   * only one test ran, it is taken to be that one until the thread is known to be leaked, unless
   * its threads are not checked.
   */
  Optional<Blame<W>> of(long threadId, W noted) {
    List<Stretch> running = timeline.runningAtFirstSightOf(threadId);
    W only = // it may have been noted at the verdict on another, while this one still ran
        running.size() == 1 && running.get(0).owner() == watch ? windowOf(running.get(0)) : noted;
    return running.size() <= 1 && settings.apply(List.of(only)).isPresent()
        ? Optional.of(new Blame<>(List.of(only), only.describe()))
        : among(threadId, timeline.blameFor(threadId, isReported), noted);
  }

  /** The window whose code has started a thread that appeared while no test was open. */
  Optional<W> ofInterlude(long threadId) {
    return timeline
        .blameFor(threadId, isReported)
        .filter(candidates -> candidates.size() == 1)
        .map(candidates -> candidates.get(0))
        .filter(stretch -> stretch.owner() == watch)
        .map(this::windowOf);
  }

  /**
   * Once it is known that a thread is leaked, it is worth a look at who started it. Of several
   * windows that are over it may now be known which it was.
   */
  Optional<Blame<W>> ofLeak(long threadId, Blame<W> first) {
    Optional<Blame<W>> now =
        among(threadId, timeline.blameFor(threadId, isReported), first.window());
    boolean wasUndecided = first.windows().size() > 1;
    return wasUndecided && !now.filter(blame -> isPartOf(blame, first)).isPresent()
        ? Optional.of(first)
        : now;
  }

  private boolean isPartOf(Blame<W> blame, Blame<W> other) {
    return other.windows().containsAll(blame.windows());
  }

  private Optional<Blame<W>> among(long threadId, Optional<List<Stretch>> followed, W noted) {
    if (followed.isEmpty()) {
      return Optional.empty();
    }
    List<Stretch> candidates = followed.get();
    if (candidates.isEmpty()) {
      return Optional.of(new Blame<>(List.of(noted), noted.describe()));
    }
    Set<W> own = new LinkedHashSet<>();
    for (Stretch candidate : candidates) {
      Optional<W> window = ownWindow(candidate);
      if (window.isEmpty() && !timeline.isOver(candidate)) {
        return Optional.empty(); // its own watch will see the thread, too
      }
      window.ifPresent(own::add);
    }
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<W> windows = new ArrayList<>();
    if (own.remove(noted)) {
      windows.add(noted);
    }
    windows.addAll(own);
    return Optional.of(new Blame<>(windows, describe(threadId, candidates)));
  }

  /** The window of this watch that {@code stretch} is, or within which it ran. */
  private Optional<W> ownWindow(Stretch stretch) {
    return stretch.owner() == watch
        ? Optional.of(windowOf(stretch))
        : timeline.around(stretch).stream()
            .filter(outer -> outer.owner() == watch)
            .map(this::windowOf)
            .findFirst();
  }

  @SuppressWarnings("unchecked") // a stretch has the window that its owner, this watch, gave
  private W windowOf(Stretch stretch) {
    return (W) stretch.window();
  }

  private String describe(long threadId, List<Stretch> candidates) {
    List<String> names =
        candidates.stream().map(stretch -> stretch.window().describe()).distinct().toList();
    if (names.size() == 1) {
      return names.get(0);
    }
    boolean allRan = timeline.runningAtFirstSightOf(threadId).containsAll(candidates);
    String when =
        allRan ? ", which ran at the same time" : ", which ran at that time or had left threads";
    return names.stream().collect(joining(", ", "one of ", when));
  }
}
