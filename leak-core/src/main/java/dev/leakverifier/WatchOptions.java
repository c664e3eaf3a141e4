package dev.leakverifier;

import dev.leakverifier.settings.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The options of a watch, which hold for all of its windows, beside what these say themselves. */
final class WatchOptions {
  private static final WatchOptions NONE = new WatchOptions(List.of());

  private final List<LeakOption> common;
  private final Settings settings;

  /** Refuses options that are wrong. */
  static WatchOptions of(List<LeakOption> common) {
    return common.isEmpty() ? NONE : new WatchOptions(common);
  }

  private WatchOptions(List<LeakOption> common) {
    this.settings = LeakOption.settings(common.toArray(new LeakOption[0]));
    this.common = List.copyOf(common);
  }

  WatchOptions with(List<LeakOption> more) {
    if (more.isEmpty()) {
      return this; // as for most tests
    }
    var unused =
        LeakOption.settings(
            more.toArray(new LeakOption[0])); // refuses what is wrong by its place in this list
    return new WatchOptions(both(more));
  }

  /** What holds for the whole watch. */
  Settings settings() {
    return settings;
  }

  /**
   * What holds for a thread that one of several windows has started; empty if one is unchecked.
   *
   * @param windows what each says itself; empty if its threads are not to be checked
   */
  Optional<Settings> of(Collection<Optional<List<LeakOption>>> windows) {
    List<LeakOption> all = new ArrayList<>(common);
    for (Optional<List<LeakOption>> options : windows) {
      if (options.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(options.get());
    }
    return Optional.of(LeakOption.settings(all.toArray(new LeakOption[0])));
  }

  private List<LeakOption> both(List<LeakOption> more) {
    return Stream.concat(common.stream(), more.stream()).toList();
  }
}
