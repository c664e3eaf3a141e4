package dev.leakverifier.settings;

import dev.leakverifier.page.ReportSetting;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the {@code leak.*} keys say.
 *
 * @param levels in capitals; empty for {@code auto}
 * @param choices what the keys say for which there are options, too
 * @param report where a report of the run goes, and when; empty if none is wanted
 */
public record SettingValues(
    boolean enabled,
    boolean origins,
    Set<String> levels,
    List<Choice> choices,
    Optional<ReportSetting> report) {}
