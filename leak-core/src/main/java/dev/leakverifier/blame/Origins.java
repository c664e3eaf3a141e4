package dev.leakverifier.blame;

import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.Optional;

/** What is recorded of who starts threads. */
public interface Origins {
  /** What is recorded in this JVM. */
  Origins JVM =
      new Origins() {
        @Override
        public Optional<ThreadOrigin> of(long threadId) {
          return OriginRecorder.JVM.originOf(threadId);
        }

        @Override
        public Optional<ThreadOrigin> readOf(long threadId) {
          return OriginRecorder.JVM.readOriginOf(threadId);
        }

        @Override
        public boolean areRecorded() {
          return OriginRecorder.JVM.isOn();
        }
      };

  /** Who started a thread, if that is known; may take a while. */
  Optional<ThreadOrigin> of(long threadId);

  /** The same, but only of what has been read by now; at once. */
  Optional<ThreadOrigin> readOf(long threadId);

  /** Whether all starts are recorded now: then it is an accident if one is missing. */
  boolean areRecorded();
}
