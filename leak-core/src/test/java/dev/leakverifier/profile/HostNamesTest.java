package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.testng.Assert.expectThrows;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class HostNamesTest {
  @DataProvider
  Object[][] loopback() {
    return new String[][] {
      {"localhost"},
      {"LocalHost:6060"},
      {"127.0.0.1"},
      {"127.9.8.7:80"},
      {"[::1]"},
      {"[::1]:6060"},
      {"[0:0:0:0:0:0:0:1]:1"},
    };
  }

  @Test(dataProvider = "loopback")
  public void containsWhatOnlyThisMachineIsCalled(String host) {
    assertThat(new HostNames().contains(host)).isTrue();
  }

  @DataProvider
  Object[][] others() {
    return new String[][] {
      {null},
      {""},
      {"evil.example"},
      {"evil.example:6060"},
      {"localhost.evil.example"},
      {"127.0.0.1.evil.example"},
      {"evil.example@localhost"},
      {"localhost@evil.example"},
      {"192.168.1.7:6060"},
      {"0.0.0.0"},
      {"[::]"},
      {"2130706433"}, // 127.0.0.1 as one number
      {"localhost:6060:1"},
      {"localhost:port"},
      {"[::1"},
      {"local host"},
    };
  }

  @Test(dataProvider = "others")
  public void containsNothingElse(String host) {
    assertThat(new HostNames().contains(host)).isFalse();
    assertThat(new HostNames("threads.acme.com").contains(host)).isFalse();
  }

  @Test
  public void containsTheNamesThatItWasGiven() {
    HostNames hosts = new HostNames("Threads.acme.com", "build-7");

    for (String host : new String[] {"threads.acme.com", "THREADS.acme.com:443", "build-7"}) {
      assertWithMessage(host).that(hosts.contains(host)).isTrue();
    }
    assertThat(hosts.contains("localhost")).isTrue();
    assertThat(hosts.contains("acme.com")).isFalse();
  }

  @DataProvider
  Object[][] nonsense() {
    return new String[][] {
      {"", "(no name)"},
      {"https://acme.com", "\"https://acme.com\""},
      {"acme.com:6060", "\"acme.com:6060\""},
      {"*", "\"*\""},
      {"a\nb", "\"a\\nb\""},
    };
  }

  @Test(dataProvider = "nonsense")
  public void refusesWhatIsNoName(String name, String shown) {
    assertThat(
            expectThrows(IllegalArgumentException.class, () -> new ThreadProfileHandler("a", name)))
        .hasMessageThat()
        .isEqualTo(
            "hostNames (%s) must be names as in a URL, without scheme and port: threads.acme.com"
                .formatted(shown));
  }

  @Test
  public void refusesNoNameAtAll() {
    String[] names = {"a", null};
    assertThat(expectThrows(NullPointerException.class, () -> new ThreadProfileHandler(names)))
        .hasMessageThat()
        .isEqualTo("hostNames must not contain null");
  }
}
