package dev.leakverifier.jvm;

import dev.leakverifier.heap.HeapDump;
import dev.leakverifier.host.Guard;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The heap of this JVM. */
final class CensusHeap implements HeapCensus.Heap {
  /** Of more, the stacks are only read when they are asked for. */
  private static final int MOST_SAMPLES = 1_000;

  private static final Pattern PLATFORM =
      Pattern.compile(" java\\.lang\\.Thread( |$)", Pattern.MULTILINE);

  private static final Pattern VIRTUAL =
      Pattern.compile(
          "^ *\\d+: +(\\d+) +\\d+ +java\\.lang\\.(VirtualThread|ThreadBuilders\\$BoundVirtualThread)( |$)",
          Pattern.MULTILINE);

  /** Apart, since a Java runtime need not have these classes. */
  private static final class Histogram {
    static String take() throws JMException {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()}));
    }
  }

  @Override
  public int count() {
    return Guard.make("the class histogram", () -> count(Histogram.take()), lost -> -1);
  }

  /** The virtual threads of either kind in a histogram; negative where that is none. */
  static int count(String histogram) {
    if (!PLATFORM.matcher(histogram).find()) {
      return -1;
    }
    int count = 0;
    for (Matcher line = VIRTUAL.matcher(histogram); line.find(); ) {
      count += Integer.parseInt(line.group(1));
    }
    return count;
  }

  @Override
  public HeapCensus.Alive alive() throws IOException {
    try (HeapDump dump = HeapDump.take()) {
      IdSet ids = IdSet.of(dump.virtualIds());
      return new HeapCensus.Alive(
          ids, ids.size() > MOST_SAMPLES ? null : dump.virtualThreads(ids::contains));
    }
  }

  @Override
  public List<ThreadSample> samples(LongPredicate wanted) throws IOException {
    try (HeapDump dump = HeapDump.take()) {
      return dump.virtualThreads(wanted);
    }
  }
}
