package dev.leakverifier;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.settings.Choice;
import dev.leakverifier.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * One choice of how a check works: what it ignores, how long it waits.
 *
 * <pre>{@code
 * LeakVerifier.verifyNone(
 *     LeakVerifier.ignoreTopFunction("com.acme.Worker.run"),
 *     LeakVerifier.maxWait(Duration.ofSeconds(2)));
 * }</pre>
 *
 * <p>Made by the static methods of {@link LeakVerifier}. A value: immutable, usable many times and
 * from many threads; its {@code toString} reads like the call that made it.
 */
public final class LeakOption {
  private final Choice choice;
  private final @Nullable CallSite madeAt;

  LeakOption(Choice choice) {
    this(choice, null);
  }

  LeakOption(Choice choice, @Nullable CallSite madeAt) {
    this.choice = choice;
    this.madeAt = madeAt;
  }

  /** Where it was made, of an option that holds what was there then. */
  @Nullable CallSite madeAt() {
    return madeAt;
  }

  /** What all of {@code options} say together. */
  static Settings settings(LeakOption... options) {
    requireNonNull(options, "options");
    Settings.Builder settings = new Settings.Builder();
    for (int i = 0; i < options.length; i++) {
      if (options[i] == null) {
        throw new NullPointerException("options[" + i + "]");
      }
      options[i].choice.effect().accept(settings);
    }
    return settings.build();
  }

  @Override
  public String toString() {
    return choice.call();
  }
}
