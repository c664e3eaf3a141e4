package dev.leakverifier.settings;

import dev.leakverifier.check.HeapUse;
import dev.leakverifier.check.ThreadFilter;
import dev.leakverifier.page.ReportSetting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Gives the {@code leak.*} keys their meaning, or says what is wrong with one, and where.
 *
 * <p>The first test of a JVM waits for this: so it is only looked at what is set, and nothing of
 * Guava is used.
 */
public final class SettingsParser {
  /** By key; those of the strongest source first. */
  private final Map<SettingKey, List<Setting>> settings = new EnumMap<>(SettingKey.class);

  /** One key as somebody set it, and where. */
  private record Setting(SettingKey key, String value, SettingsSource source) {
    <T> T parse(Function<String, Optional<T>> parser) {
      return parser
          .apply(value.trim())
          .orElseThrow(
              () -> new IllegalArgumentException("%s must be %s".formatted(this, key.expected)));
    }

    List<Choice> parseEach() {
      try {
        return Forms.names(value).stream().map(this::ignoring).toList();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("%s: %s".formatted(this, e.getMessage()), e);
      }
    }

    private Choice ignoring(String name) {
      return Choice.ignore(
          switch (key) {
            case IGNORE_TOP_FUNCTION -> ThreadFilter.topFunction(name);
            case IGNORE_ANY_FUNCTION -> ThreadFilter.anyFunction(name);
            case IGNORE_CREATED_BY -> ThreadFilter.createdBy(name);
            case IGNORE_NAME -> ThreadFilter.name(name);
            default -> throw new AssertionError(key);
          });
    }

    @Override
    public String toString() {
      return source.describe(key.text);
    }
  }

  private SettingsParser(List<SettingsSource> sources) {
    for (SettingsSource source : sources) {
      for (Map.Entry<String, String> entry : source.values().entrySet()) {
        String text = entry.getKey();
        SettingKey key =
            SettingKey.of(text)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            source.describe(text) + ": " + SettingKey.refusal(text)));
        settings
            .computeIfAbsent(key, unset -> new ArrayList<>())
            .add(new Setting(key, entry.getValue(), source));
      }
    }
  }

  /**
   * What the {@code sources} say, of which the first is the strongest.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is bad
   */
  public static SettingValues parse(List<SettingsSource> sources) {
    return new SettingsParser(sources).values();
  }

  private SettingValues values() {
    boolean enabled = flag(SettingKey.ENABLED, true);
    return new SettingValues(
        enabled,
        flag(SettingKey.ORIGINS, true),
        isSet(SettingKey.SCOPE) ? strongest(SettingKey.SCOPE, Forms::levels) : Set.of(),
        choices(enabled),
        reportSetting());
  }

  private List<Choice> choices(boolean enabled) {
    List<Choice> choices = new ArrayList<>();
    if (isSet(SettingKey.MAX_WAIT)) {
      choices.add(Choice.maxWait(strongest(SettingKey.MAX_WAIT, Forms::duration)));
    }
    if (isSet(SettingKey.FIRST_WAIT)) {
      choices.add(Choice.firstWait(strongest(SettingKey.FIRST_WAIT, Forms::duration)));
    }
    if (flag(SettingKey.RUN_ON_FAILURE, false)) {
      choices.add(Choice.runOnFailure());
    }
    if (isSet(SettingKey.ACTION)) {
      choices.add(strongest(SettingKey.ACTION, Forms::action));
    }
    Optional<Choice> acceptance = acceptance(enabled);
    if (acceptance.isPresent()) {
      choices.add(acceptance.get());
    }
    if (isSet(SettingKey.KNOWN_LIBRARIES)) {
      choices.add(Choice.knownLibraries(flag(SettingKey.KNOWN_LIBRARIES, true)));
    }
    if (isSet(SettingKey.OWN_PACKAGES)) {
      choices.add(Choice.ownPackages(strongest(SettingKey.OWN_PACKAGES, Forms::packages)));
    }
    if (isSet(SettingKey.VIRTUAL_THREADS)) {
      choices.add(Choice.virtualThreads(flag(SettingKey.VIRTUAL_THREADS, true)));
    }
    if (isSet(SettingKey.HEAP)) {
      choices.add(Choice.heap(strongest(SettingKey.HEAP, HeapUse::of)));
    }
    addEach(SettingKey.IGNORE_TOP_FUNCTION, choices);
    addEach(SettingKey.IGNORE_ANY_FUNCTION, choices);
    addEach(SettingKey.IGNORE_CREATED_BY, choices);
    addEach(SettingKey.IGNORE_NAME, choices);
    return List.copyOf(choices);
  }

  private void addEach(SettingKey key, List<Choice> choices) {
    for (Setting setting : set(key)) {
      choices.addAll(setting.parseEach());
    }
  }

  private Optional<ReportSetting> reportSetting() {
    ReportSetting.When when =
        isSet(SettingKey.REPORT)
            ? strongest(SettingKey.REPORT, Forms::when)
            : ReportSetting.When.LEAK;
    String source = ReportSetting.DEFAULT_SOURCE;
    Optional<Path> folder;
    if (isSet(SettingKey.REPORT_DIR)) {
      source = strongest(SettingKey.REPORT_DIR).toString();
      folder = Optional.of(strongest(SettingKey.REPORT_DIR, Forms::folder));
    } else {
      folder = ReportSetting.defaultFolder(System.getProperties());
    }
    return folder.isEmpty() || when == ReportSetting.When.NEVER
        ? Optional.empty()
        : Optional.of(new ReportSetting(folder.get(), when == ReportSetting.When.ALWAYS, source));
  }

  /** Which leaks are accepted; a file that is missing or wrong is refused here. */
  private Optional<Choice> acceptance(boolean enabled) {
    boolean current = flag(SettingKey.ACCEPT_CURRENT, false);
    if (!isSet(SettingKey.ACCEPTED)) {
      if (current && enabled) {
        throw new IllegalArgumentException(
            "%s: there is no file to add leaks to; set %s to %s"
                .formatted(
                    strongest(SettingKey.ACCEPT_CURRENT),
                    SettingKey.ACCEPTED.text,
                    SettingKey.ACCEPTED.expected));
      }
      return Optional.empty();
    }
    Path file = strongest(SettingKey.ACCEPTED, Forms::file);
    if (!enabled) {
      return Optional.empty();
    }
    try {
      AcceptedLeaks leaks = AcceptedLeaks.in(file);
      leaks.check(current);
      return Optional.of(Choice.accept(leaks, current));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(strongest(SettingKey.ACCEPTED), e.getMessage()), e);
    }
  }

  private boolean flag(SettingKey key, boolean otherwise) {
    return isSet(key) ? strongest(key, Forms::flag) : otherwise;
  }

  private boolean isSet(SettingKey key) {
    return settings.containsKey(key);
  }

  /** Of a key that is set. */
  private <T> T strongest(SettingKey key, Function<String, Optional<T>> parser) {
    List<T> values = new ArrayList<>();
    for (Setting setting : set(key)) { // a bad value in a weaker place is an error, too
      values.add(setting.parse(parser));
    }
    return values.get(0);
  }

  /** Of a key that is set. */
  private Setting strongest(SettingKey key) {
    return set(key).get(0);
  }

  private List<Setting> set(SettingKey key) {
    return settings.getOrDefault(key, List.of());
  }
}
