package dev.leakverifier;

import java.util.function.Consumer;
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
  private final String call;
  private final Consumer<LeakSettings.Builder> effect;
  private final @Nullable CallSite madeAt;

  LeakOption(String call, Consumer<LeakSettings.Builder> effect) {
    this(call, effect, null);
  }

  LeakOption(String call, Consumer<LeakSettings.Builder> effect, @Nullable CallSite madeAt) {
    this.call = call;
    this.effect = effect;
    this.madeAt = madeAt;
  }

  /** Where it was made, of an option that holds what was there then. */
  @Nullable CallSite madeAt() {
    return madeAt;
  }

  void applyTo(LeakSettings.Builder settings) {
    effect.accept(settings);
  }

  @Override
  public String toString() {
    return call;
  }
}
