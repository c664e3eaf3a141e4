/**
 * What is configured, and where: the {@code leak.*} keys, what becomes of a leak, and the file of
 * accepted leaks.
 *
 * <p>Start with {@link dev.leakverifier.settings.SettingKey}.
 */
@NullMarked
package dev.leakverifier.settings;

import org.jspecify.annotations.NullMarked;
