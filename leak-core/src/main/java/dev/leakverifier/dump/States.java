package dev.leakverifier.dump;

import com.google.common.base.Enums;
import java.util.Optional;

/** The states of threads, as dumps name them. */
final class States {
  private States() {}

  /** The state that {@code text} begins with, as in {@code WAITING (parking)}. */
  static Optional<Thread.State> of(String text) {
    int space = text.indexOf(' ');
    String name = space < 0 ? text : text.substring(0, space);
    return Enums.getIfPresent(Thread.State.class, name).toJavaUtil();
  }
}
