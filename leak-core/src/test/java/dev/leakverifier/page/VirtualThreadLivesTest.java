package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.check.Check;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.VirtualThreadTests;
import java.time.Duration;
import java.util.Optional;
import org.testng.annotations.Test;

/** Virtual threads on the timeline, which the JVM tells of by id only. */
public class VirtualThreadLivesTest extends VirtualThreadTests {
  private static final Duration T1 = Duration.ofSeconds(1);
  private static final Duration T2 = Duration.ofSeconds(2);

  @Test
  public void endWhenAListingDoesNotHaveThemAnyMore() {
    ThreadLives lives = new ThreadLives(10);
    BlockedThread thread = VIRTUAL.startBlocked("poller");
    long id = thread.thread().getId();
    ThreadListing alive = Check.JVM.list();
    lives.note(
        "test", Duration.ZERO, ImmutableList.of(new LiveThread(id, null)), alive.virtual(), T1);
    thread.close();

    assertThat(lives.look(null, T2)).isFalse(); // not looked for
    assertThat(lives.look(alive.virtual(), T2)).isFalse();
    assertThat(lives.look(Check.JVM.list().virtual(), T2)).isTrue();

    ThreadLife life = lives.all().get(0);
    assertThat(life.virtual()).isTrue();
    assertThat(life.ended()).isEqualTo(Optional.of(new ThreadLife.End(T1, T2)));
  }
}
