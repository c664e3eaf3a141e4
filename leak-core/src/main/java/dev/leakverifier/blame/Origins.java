package dev.leakverifier.blame;

import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.List;
import java.util.Optional;

/** What is known of who made threads. */
public interface Origins {
  /** What is known in this JVM. */
  Origins JVM =
      new Origins() {
        @Override
        public Optional<ThreadOrigin> of(long threadId) {
          return OriginRecorder.JVM.originOf(threadId);
        }

        @Override
        public List<ThreadOrigin> possiblyOf(long threadId) {
          return OriginRecorder.JVM.possibleOriginsOf(threadId);
        }

        @Override
        public void lookAgain() {
          OriginRecorder.JVM.lookAgain();
        }
      };

  /** How a thread was made, if that is certain; may take a while. */
  Optional<ThreadOrigin> of(long threadId);

  /** How a thread may have been made, where it is not certain; it may be none of these, too. */
  List<ThreadOrigin> possiblyOf(long threadId);

  /** Lets it be found out again what was not certain. */
  void lookAgain();
}
