package dev.leakverifier.thread;

import dev.leakverifier.jvm.LiveThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Rows in a pool of TestNG's: the last one looks at the workers that have run the others. */
public class ParallelRows {
  /** What the idle workers were known as. */
  static final List<Optional<KnownThread>> KNOWN = new CopyOnWriteArrayList<>();

  @DataProvider(parallel = true)
  Object[][] rows() {
    return new Object[][] {{1}, {2}, {3}};
  }

  @Test(dataProvider = "rows")
  public void looks(int row) {
    if (row < 3) {
      return;
    }
    List<ThreadSample> idle;
    do {
      idle =
          LiveThreads.samplePlatform(List.of(LiveThreads.platformThreads())).stream()
              .filter(thread -> thread.name().startsWith("TestNG-"))
              .filter(ThreadMarks::idlesInPool)
              .toList();
    } while (idle.size() < 2);
    idle.forEach(thread -> KNOWN.add(KnownThread.of(thread)));
  }
}
