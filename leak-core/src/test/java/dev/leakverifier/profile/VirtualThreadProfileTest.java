package dev.leakverifier.profile;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import org.testng.annotations.Test;

public class VirtualThreadProfileTest extends VirtualThreadTests {
  @Test
  public void seesVirtualThreads() {
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
