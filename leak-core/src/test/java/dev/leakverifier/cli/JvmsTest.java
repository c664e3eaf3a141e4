package dev.leakverifier.cli;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.cli.Jvms.Jvm;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import org.testng.annotations.Test;

/** The real attach API, and a real JVM with its real answers. */
public class JvmsTest {
  @Test
  public void listsTheOtherJvms() throws Exception {
    try (OtherJvm other = OtherJvm.start()) {
      List<Jvm> jvms = new Jvms().list();

      assertThat(jvms).contains(new Jvm(other.pid(), Waiter.class.getName()));
      assertThat(jvms.stream().map(Jvm::pid).toList())
          .doesNotContain(ProcessHandle.current().pid());
    }
  }

  @Test
  public void looksIntoOneAndLeavesItAsItWas() throws Exception {
    try (OtherJvm other = OtherJvm.start()) {
      ThreadProfile profile = new Jvms().profile(other.pid(), true);

      assertThat(named(profile, "order-*")).hasSize(Waiter.THREADS);
      assertThat(named(profile, "left-*"))
          .hasSize(Runtime.version().feature() >= 21 ? Waiter.VIRTUAL : 0);
      assertThat(named(profile, "left-*").stream().allMatch(ThreadSample::isVirtual)).isTrue();
      assertThat(profile.notSeen()).isEmpty();
      assertThat(other.isAlive()).isTrue();
    }
  }

  @Test
  public void asksNoJvmThatMayCrashForItsVirtualThreadsUnlessItIsToldTo() throws Exception {
    try (OtherJvm other = OtherJvm.start()) {
      ThreadProfile profile = new Jvms().profile(other.pid(), false);

      assertThat(named(profile, "order-*")).hasSize(Waiter.THREADS);
      if (Runtime.version().feature() == 25) {
        assertThat(named(profile, "left-*")).isEmpty();
        assertThat(profile.notSeen())
            .containsExactly(
                "virtual threads: a JVM of JDK 25 can crash when it is asked for them (JDK-8364343);"
                    + " --virtual always asks it all the same");
      } else {
        assertThat(profile.notSeen()).isEmpty();
      }
    }
  }

  /** JDK 25 cannot write such a name as JSON. */
  @Test
  public void seesVirtualThreadsWithControlCharactersInTheirNames() throws Exception {
    try (OtherJvm other = OtherJvm.start("left\u001b-")) {
      ThreadProfile profile = new Jvms().profile(other.pid(), true);

      assertThat(named(profile, "left\u001b-*"))
          .hasSize(Runtime.version().feature() >= 21 ? Waiter.VIRTUAL : 0);
      assertThat(profile.notSeen()).isEmpty();
    }
  }

  /** It would be ended by the signal that asks a JVM to let others attach. */
  @Test
  public void doesNotTouchAProcessThatIsNoJvm() throws Exception {
    Process process = new ProcessBuilder("sleep", "1000").start();
    try {
      CommandException refusal =
          expectThrows(CommandException.class, () -> new Jvms().profile(process.pid(), true));

      assertThat(refusal).hasMessageThat().startsWith("there is no JVM with PID ");
      assertThat(refusal.status()).isEqualTo(3);
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static ImmutableList<ThreadSample> named(ThreadProfile profile, String name) {
    return profile.groups().stream()
        .flatMap(group -> group.threads().stream())
        .filter(thread -> Fingerprint.foldedName(thread.name()).equals(name))
        .collect(toImmutableList());
  }
}
