package dev.leakverifier.report;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;
import org.testng.annotations.Test;

public class GroupTextTest {
  @Test
  public void countsInSingularAndPlural() {
    assertThat(GroupText.count(0, "thread")).isEqualTo("0 threads");
    assertThat(GroupText.count(1, "more frame")).isEqualTo("1 more frame");
    assertThat(GroupText.count(2, "more frame")).isEqualTo("2 more frames");
    assertThat(GroupText.times(1) + "timer").isEqualTo("timer");
    assertThat(GroupText.times(2) + "timer").isEqualTo("2 x timer");
  }

  @Test
  public void namesNobodyTwiceWhoHasNoName() {
    ImmutableList<ThreadSample> nameless =
        ImmutableList.of(
            Samples.of("", Thread.State.WAITING), Samples.of("", Thread.State.RUNNABLE));

    assertThat(GroupText.names(nameless, 3)).isEqualTo("(no name)");
    assertThat(GroupText.states(nameless)).isEqualTo("WAITING or RUNNABLE");
  }

  @Test
  public void showsTheStarterThatIsKnownThoughTheFirstThreadsIsNot() {
    ThreadSample known = Samples.startedBy(origin("com.acme.Pool.submit:52"), "w-2");

    assertThat(GroupText.starters(ImmutableList.of(Samples.of("w-1", Thread.State.WAITING), known)))
        .containsExactly("by com.acme.Pool.submit(Pool.java:52), in \"main\"");
  }

  @Test
  public void saysThatOthersWereStartedElsewhere() {
    ThreadSample one = Samples.startedBy(origin("com.acme.Pool.submit:52"), "w-1");
    ThreadSample other = Samples.startedBy(origin("com.acme.Pool.submit:60"), "w-2");

    assertThat(GroupText.starters(ImmutableList.of(one, other, one)))
        .containsExactly(
            "by com.acme.Pool.submit(Pool.java:52), in \"main\"",
            "others were started from other lines")
        .inOrder();
  }

  private static ThreadOrigin origin(String frame) {
    return new ThreadOrigin(1, "main", ImmutableList.of(Samples.frame(frame)), Optional.empty());
  }
}
