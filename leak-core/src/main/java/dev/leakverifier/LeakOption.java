package dev.leakverifier;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.settings.Choice;
import dev.leakverifier.settings.Settings;
import java.util.List;
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

  /**
   * All of {@code options}. For adapters to test frameworks.
   *
   * @throws NullPointerException if one is null; the message names its place
   */
  public static List<LeakOption> list(LeakOption... options) {
    requireNonNull(options, "options");
    for (int i = 0; i < options.length; i++) {
      if (options[i] == null) {
        throw new NullPointerException("options[" + i + "]");
      }
    }
    return List.of(options);
  }

  /**
   * The same, for {@code call}, whose options are those of some tests in a run.
   *
   * @throws IllegalArgumentException if one concerns the whole run
   */
  public static List<LeakOption> listForTests(String call, LeakOption... options) {
    settings(options).refuseForRun(call, "call it in a teardown", "set leak.runOnFailure=true");
    return list(options);
  }

  /** What all of {@code options} say together. */
  static Settings settings(LeakOption... options) {
    Settings.Builder settings = new Settings.Builder();
    for (LeakOption option : list(options)) {
      option.choice.effect().accept(settings);
    }
    return settings.build();
  }

  @Override
  public String toString() {
    return choice.call();
  }
}
