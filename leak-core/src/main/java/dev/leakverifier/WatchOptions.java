package dev.leakverifier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The options of a watch, which hold for all of its windows, beside what these say themselves. */
final class WatchOptions {
  private static final WatchOptions NONE = new WatchOptions(List.of());

  private final List<LeakOption> common;
  private final LeakSettings settings;

  /** Refuses options that are wrong. */
  static WatchOptions of(List<LeakOption> common) {
    return common.isEmpty() ? NONE : new WatchOptions(common);
  }

  private WatchOptions(List<LeakOption> common) {
    this.settings = LeakSettings.of(common);
    this.common = List.copyOf(common);
  }

  WatchOptions with(List<LeakOption> more) {
    if (more.isEmpty()) {
      return this; // as for most tests
    }
    var unused = LeakSettings.of(more); // refuses what is wrong by its place in this list
    return new WatchOptions(both(more));
  }

  /** What holds for the whole watch. */
  LeakSettings settings() {
    return settings;
  }

  /** What holds for a thread that one of {@code windows} has started; empty if one is unchecked. */
  Optional<LeakSettings> of(Collection<? extends LeakWatch.Window> windows) {
    List<LeakOption> own = new ArrayList<>();
    for (LeakWatch.Window window : windows) {
      Optional<List<LeakOption>> options = window.options();
      if (options.isEmpty()) {
        return Optional.empty();
      }
      own.addAll(options.get());
    }
    return Optional.of(LeakSettings.of(both(own)));
  }

  /** Which leaks make {@code window} fail. */
  LeakPolicy policyOf(LeakWatch.Window window) {
    return of(List.of(window)).orElse(settings).policy();
  }

  private List<LeakOption> both(List<LeakOption> more) {
    return Stream.concat(common.stream(), more.stream()).toList();
  }
}
