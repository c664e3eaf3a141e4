package dev.leakverifier.opened;

import dev.leakverifier.host.Guard;
import dev.leakverifier.thread.CodeOwner;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what was opened where the project's code called a library that started threads. */
final class OpeningSearch {
  private final Map<OwnCall, Optional<Opening>> known = new HashMap<>();

  /** What was opened or used; empty if that was only the JDK. */
  Optional<Opening> of(ThreadSample thread) {
    return Guard.make(
        "what was opened",
        () ->
            thread
                .origin()
                .flatMap(OwnCall::of)
                .flatMap(call -> known.computeIfAbsent(call, OpeningSearch::opening)),
        lost -> Optional.empty());
  }

  private static Optional<Opening> opening(OwnCall call) {
    List<StackTraceElement> above = call.above();
    int library = above.size() - 1;
    while (library >= 0 && StackFrames.isJdk(above.get(library))) {
      library--;
    }
    if (library < 0 || CodeOwner.isRunner(above.get(library))) {
      return Optional.empty(); // a thread, a pool or a timer of the JDK's
    }
    StackTraceElement direct = above.get(above.size() - 1);
    Optional<Opening> byJdk =
        StackFrames.isJdk(direct)
            ? LibraryCall.of(call.line(), direct).flatMap(LibraryCall::returned)
            : Optional.empty();
    StackTraceElement called = above.get(library);
    return byJdk.or(() -> LibraryCall.of(call.line(), called).map(LibraryCall::opening));
  }
}
