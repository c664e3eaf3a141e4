package dev.leakverifier.dump;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of {@code jcmd Thread.dump_to_file -format=json}. */
final class JsonDumpReader implements ThreadDumpReader.Content {
  private final int linesBefore;
  private final DumpBuilder dump;

  private JsonDumpReader(int linesBefore, DumpBuilder dump) {
    this.linesBefore = linesBefore;
    this.dump = dump;
  }

  /** Reads {@code in}, before which so many lines were passed over. */
  static void read(InputStream in, int linesBefore, DumpBuilder dump) throws IOException {
    long lines = ThreadDumpReader.readAll(in, new JsonDumpReader(linesBefore, dump));
    if (dump.threadCount() == 0 && !dump.hasEndedEarly()) {
      dump.endsEarly(linesBefore + lines, "no thread is in it");
    }
  }

  @Override
  public void time(String time) {
    dump.time(time);
  }

  @Override
  public void jvm(String version) {
    dump.jvm(version);
  }

  @Override
  public void thread(ThreadDumpReader.Entry thread) {
    dump.add(
        thread.sample(),
        wait(thread),
        thread.parkBlockerOwner(),
        thread.monitors().stream().map(dump::lock).toList(),
        List.of());
  }

  @Override
  public void endsEarly(String problem, long line) {
    dump.endsEarly(linesBefore + line, problem);
  }

  private @Nullable LockWait wait(ThreadDumpReader.Entry thread) {
    return thread
        .blockedOn()
        .map(lock -> wait(LockWait.Kind.ENTER, lock))
        .or(() -> thread.waitingOn().map(lock -> wait(LockWait.Kind.NOTIFICATION, lock)))
        .or(() -> thread.parkBlocker().map(lock -> wait(LockWait.Kind.PARK, lock)))
        .orElse(null);
  }

  private LockWait wait(LockWait.Kind kind, String lock) {
    return new LockWait(kind, dump.lock(lock), Optional.empty());
  }
}
