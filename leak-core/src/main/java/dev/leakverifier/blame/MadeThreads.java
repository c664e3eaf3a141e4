package dev.leakverifier.blame;

import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The threads that the code of tests has started while a test runner made them. */
public final class MadeThreads {
  private MadeThreads() {}

  /**
   * Whose threads are new since {@link Suspects#disownNew}, by id; those of nobody are not in it.
   *
   * @param windowOf whose code is on a stack, topmost frame first; asked about the stack of who has
   *     started a thread, and where that is not known, about the frame at the bottom of its own
   */
  public static <W extends Window> Map<Long, W> owners(
      Suspects<W> suspects,
      WindowJudge<W> judge,
      Function<List<StackTraceElement>, Optional<W>> windowOf) {
    Map<Long, W> owners = new HashMap<>();
    for (ThreadSample thread : suspects.check().look(suspects.appearedSince(windowOf))) {
      if (KnownThread.of(thread).isEmpty()) { // to ask who started it takes longer
        Optional<W> owner =
            thread.origin().isPresent()
                ? judge.ofInterlude(thread.id())
                : bottomOf(thread).flatMap(frame -> windowOf.apply(List.of(frame)));
        owner.ifPresent(window -> owners.put(thread.id(), window));
      }
    }
    return owners;
  }

  /** The code that the thread was made to run. */
  private static Optional<StackTraceElement> bottomOf(ThreadSample thread) {
    return thread.frames().stream()
        .filter(frame -> !StackFrames.isJdk(frame))
        .reduce((above, below) -> below);
  }
}
