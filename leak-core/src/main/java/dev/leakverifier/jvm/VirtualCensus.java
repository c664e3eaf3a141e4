package dev.leakverifier.jvm;

import dev.leakverifier.jvm.ThreadSource.Sampling;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongPredicate;

/** A way to find out which virtual threads live in this JVM. */
interface VirtualCensus {
  /** What it takes of the JVM: "thread dump". */
  String means();

  /** Which are alive. */
  Ids ids() throws IOException;

  /** What those look like that are alive and {@code wanted}. */
  Sampling samples(LongPredicate wanted) throws IOException;

  /**
   * The same while it is waited for their end: where it is dear to find out, one may look as it did
   * before, and may have ended.
   */
  default Sampling glance(LongPredicate wanted) throws IOException {
    return samples(wanted);
  }

  /**
   * The ids of threads.
   *
   * @param notSeen what is missing nevertheless, in a line
   */
  record Ids(IdSet ids, Optional<String> notSeen) {}
}
