package dev.leakverifier;

import dev.leakverifier.page.ReportSetting;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the {@code leak.*} keys say.
 *
 * @param levels empty for {@code auto}
 * @param options what the keys say that have options of their own
 * @param report where a report of the run goes, and when; empty if none is wanted
 */
record SettingValues(
    boolean enabled,
    boolean origins,
    Set<LeakLevel> levels,
    List<LeakOption> options,
    Optional<ReportSetting> report) {}
