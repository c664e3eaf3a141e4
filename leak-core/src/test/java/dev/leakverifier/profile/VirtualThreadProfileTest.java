package dev.leakverifier.profile;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import org.testng.SkipException;
import org.testng.annotations.Test;

public class VirtualThreadProfileTest extends VirtualThreadTests {
  @Test
  public void saysThatItDoesNotSeeThemWhereThatCouldCrashTheJvm() {
    if (!ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("the thread dump is safe but on JDK 25");
    }
    try (BlockedThread unseen = ThreadForm.VIRTUAL.startBlocked("unseen")) {
      ThreadProfile profile = ThreadProfile.capture();

      assertThat(profile.groups().stream().map(ProfileGroup::name).toList())
          .doesNotContain("unseen");
      assertThat(profile.notSeen())
          .contains(
              "virtual threads: no thread dump could be read (it can crash a JVM of JDK 25, see"
                  + " JDK-8364343)");
    }
  }

  @Test
  public void seesVirtualThreads() {
    if (ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("it does not on JDK 25");
    }
    try (BlockedThread one = ThreadForm.VIRTUAL.startBlocked("profiled-virtual-1");
        BlockedThread two = ThreadForm.VIRTUAL.startBlocked("profiled-virtual-2")) {
      ProfileGroup group =
          ThreadProfile.capture().groups().stream()
              .filter(each -> each.name().equals("profiled-virtual-*"))
              .collect(onlyElement());

      assertThat(group.count()).isEqualTo(2);
      assertThat(group.threads().get(0).isVirtual()).isTrue();
      assertThat(group.threads().get(0).hasFunction(BlockedThread.FUNCTION)).isTrue();
    }
  }
}
