package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.util.List;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What is new is told the same whether the listing before is at hand or only the ids are. */
public class BaselineTest {
  private Thread first = new Thread("first");
  private Thread second = new Thread("second");
  private Thread third = new Thread("third");

  /** A baseline may serve again while it holds all that live, besides those that have ended. */
  @BeforeMethod
  public void makeOtherThreads() {
    first = new Thread("first");
    second = new Thread("second");
    third = new Thread("third");
  }

  @Test
  public void knowsItsOwnThreads() {
    Baseline baseline = Baseline.of(listing(first, second));

    assertThat(newAmong(baseline, first, second)).isEmpty();
    assertThat(newAmong(baseline, second, first)).isEmpty();
    assertThat(newAmong(baseline, first)).isEmpty();
    assertThat(newAmong(baseline, first, second)).isEmpty();
  }

  @Test
  public void seesAThreadThatTookThePlaceOfAnother() {
    Baseline baseline = Baseline.of(listing(first, second));

    assertThat(newAmong(baseline, first, third)).containsExactly(third);
    assertThat(newAmong(baseline, third, second)).containsExactly(third);
  }

  @Test
  public void seesANewThreadAgainAndAgain() {
    Baseline baseline = Baseline.of(listing(first));

    assertThat(newAmong(baseline, first, second)).containsExactly(second);
    assertThat(newAmong(baseline, first, second)).containsExactly(second);
    assertThat(newAmong(baseline, first, second, third)).containsExactly(second, third);
  }

  @Test
  public void seesANewThreadAmongOthersAgainAndAgain() {
    Baseline baseline = Baseline.of(listing(first, third));

    assertThat(newAmong(baseline, first, second, third)).containsExactly(second);
    assertThat(newAmong(baseline, first, second, third)).containsExactly(second);
    assertThat(newAmong(baseline, second, first)).containsExactly(second);
    assertThat(newAmong(baseline, first, third)).isEmpty();
  }

  @Test
  public void doesNotTakeOverTheNewThreadsOfABaselineMadeLater() {
    Baseline earlier = Baseline.of(listing(first));
    Baseline later = Baseline.of(listing(first, second));

    assertThat(newAmong(later, first, second)).isEmpty();
    assertThat(newAmong(earlier, first, second)).containsExactly(second);
  }

  private static ThreadListing listing(Thread... threads) {
    return new ThreadListing(threads, VirtualListing.NONE);
  }

  private static List<Thread> newAmong(Baseline baseline, Thread... threads) {
    return baseline.newAmong(listing(threads)).stream().map(LiveThread::thread).toList();
  }
}
