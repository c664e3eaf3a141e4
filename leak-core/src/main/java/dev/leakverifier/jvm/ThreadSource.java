package dev.leakverifier.jvm;

import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where threads come from: the JVM, or a test's own choice. */
public interface ThreadSource {
  /** Every live thread; keeps no stack. */
  ThreadListing list();

  /**
   * Every live platform thread, and when that was: which virtual ones lived then can be told later
   * by their ids, from a listing of those that still live.
   */
  default ThreadListing note() {
    return list();
  }

  /**
   * Every live thread, without a look for virtual threads where it is certain that none was made
   * since {@code earlier}. Those of {@code earlier} may have ended then, and one may be missing
   * that was made before it and has only started since.
   */
  default ThreadListing listSince(VirtualListing earlier) {
    return list();
  }

  /** This source without virtual threads, so that no thread dump is ever taken. */
  default ThreadSource platformOnly() {
    return this;
  }

  /** What cannot be told of any thread, in a line; empty if all can. */
  default Optional<String> gap() {
    return Optional.empty();
  }

  /** What the given threads look like now; those that have ended are left out. Reads stacks. */
  Sampling sample(Collection<LiveThread> threads);

  /**
   * The same while it is waited for their end: where that is dear to find out, a virtual one may
   * look as it did before, and may have ended.
   */
  default Sampling glance(Collection<LiveThread> threads) {
    return sample(threads);
  }

  /**
   * What every live thread looks like now; may be had for less than a listing and a sampling, and
   * then without CPU times.
   */
  default Sampling sampleAll() {
    ThreadListing listing = list();
    Sampling sampling = sample(listing.threads());
    return new Sampling(sampling.samples(), listing.virtual().notSeen().or(sampling::notSeen));
  }

  /**
   * What some threads look like.
   *
   * @param notSeen what could not be seen of them, in a line
   */
  record Sampling(List<ThreadSample> samples, Optional<String> notSeen) {
    /** This sampling, with samples of others before its own. */
    Sampling after(List<ThreadSample> others) {
      return new Sampling(Stream.concat(others.stream(), samples.stream()).toList(), notSeen);
    }
  }
}
