package dev.leakverifier.check;

import dev.leakverifier.jvm.LiveThread;
import java.util.List;

/** A thread that may be leaked, and the settings that it is judged by. */
public record Suspect(LiveThread thread, CheckSettings settings) {
  long id() {
    return thread.id();
  }

  static List<LiveThread> threads(List<Suspect> suspects) {
    return suspects.stream().map(Suspect::thread).toList();
  }
}
