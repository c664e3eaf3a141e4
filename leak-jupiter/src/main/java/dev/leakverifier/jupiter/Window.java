package dev.leakverifier.jupiter;

import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.thread.StackFrames;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a test or fixture, or what happens around these in a class. Equal to itself only. */
final class Window implements LeakWatch.Window {
  private final Place place;
  private final LeakLevel narrowest;
  private final String name;
  private final @Nullable Method method;

  /**
   * A window at {@code place}.
   *
   * @param narrowest the level before whose end no verdict falls
   * @param method the test or fixture; null for what happens around them
   */
  Window(Place place, LeakLevel narrowest, String name, @Nullable Method method) {
    this.place = place;
    this.narrowest = narrowest;
    this.name = name;
    this.method = method;
  }

  Place place() {
    return place;
  }

  /** What has to be over before the verdict on its threads falls; empty for the run. */
  Optional<Place> judgedAt() {
    LeakLevel asked = place.run().asked().orElse(place.widestTeardown());
    return place.at(asked.orWider(narrowest));
  }

  /** Whether it is a test or fixture that goes on when its thread is done with {@code next}. */
  boolean goesOnAfter(Place next) {
    return method != null && !(place.isWindow(this) && next.isWithin(place));
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public Optional<String> className() {
    return place.className();
  }

  @Override
  public boolean isCodeOf(StackTraceElement frame) {
    return method != null
        && StackFrames.isOf(frame, method.getDeclaringClass().getName(), method.getName());
  }

  @Override
  public Optional<List<LeakOption>> options() {
    return place.options();
  }
}
