package dev.leakverifier.cli;

import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One JVM, 7, which ends when it has given all its profiles. */
class FakeJvms extends Jvms {
  private final List<ThreadProfile> profiles;

  FakeJvms(ThreadProfile... profiles) {
    this.profiles = new ArrayList<>(List.of(profiles));
  }

  /** A profile of so many threads of a kind. */
  static ThreadProfile waiting(int count) {
    List<ThreadSample> threads =
        IntStream.range(0, count)
            .mapToObj(
                i -> Samples.of("order-" + i, Thread.State.WAITING, "com.acme.Orders.await:31"))
            .toList();
    return ThreadProfile.of(Instant.EPOCH, threads, List.of());
  }

  @Override
  List<Jvm> list() {
    return List.of(new Jvm(7, "com.acme.Shop --name caf\u00e9"));
  }

  @Override
  ThreadProfile profile(long pid, boolean allVirtual) throws CommandException {
    if (profiles.isEmpty()) {
      throw CommandException.cannotAttach("gone");
    }
    return profiles.remove(0);
  }
}
