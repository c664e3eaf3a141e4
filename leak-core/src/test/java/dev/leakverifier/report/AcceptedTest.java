package dev.leakverifier.report;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.Golden.assertGolden;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.check.Accepted;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class AcceptedTest {
  private static final Watched MOVES =
      new Watched(Duration.ofSeconds(1), 5, 2, /* moved= */ true, Optional.empty());

  @Test
  public void countsInALineWhatIsAccepted() {
    Findings findings = findings(poller("feed-1", "poll"), poller("mail-1", "poll"));
    List<LeakGroup> groups = LeakGroup.of(findings.leaked());

    assertGolden(
        getClass(),
        "accepted.txt",
        text(findings.accepting(accepted(groups.get(0))))
            + "\n=====\n"
            + text(findings.accepting(accepted(groups.get(0), groups.get(1))))
            + "\n=====\n"
            + text(
                findings.accepting(
                    new Accepted(
                        "/shop/leaks.txt",
                        ImmutableList.of(),
                        ImmutableList.of(),
                        Optional.of("there is no file /shop/leaks.txt"))))
            + "\n=====\n"
            + text(
                findings.accepting(
                    new Accepted(
                        "/shop/leaks.txt",
                        ImmutableList.of(groups.get(0)),
                        ImmutableList.of(
                            "sleeping loop \"mail-*\": accepted for OldTest, not for ShopTest;"
                                + " \"in *\" accepts it anywhere"),
                        Optional.empty()))));
  }

  @Test
  public void saysInOneLineWhatALeakIs() {
    LeakGroup group = LeakGroup.of(findings(poller("feed-\n7", "lambda$poll$3")).leaked()).get(0);

    assertThat(GroupText.summary(group))
        .isEqualTo("sleeping loop \"feed-\\n*\", in com.acme.Poller.lambda$poll");
  }

  @Test
  public void knowsAThreadAgainWhetherItWasSeenToMoveOrNot() {
    ThreadSample thread = poller("feed-1", "poll");
    LeakGroup still = LeakGroup.of(List.of(Observation.of(thread))).get(0);
    LeakGroup moving = LeakGroup.of(List.of(observation(thread, MOVES))).get(0);

    assertThat(still.fingerprint().toString()).isEqualTo(moving.fingerprint().toString());
    assertThat(still.key()).isNotEqualTo(moving.key());
  }

  @Test
  public void doesNotTakeOneLeakForAnother() {
    LeakGroup feed = LeakGroup.of(findings(poller("feed-1", "poll")).leaked()).get(0);
    LeakGroup mail = LeakGroup.of(findings(poller("mail-1", "poll")).leaked()).get(0);

    assertThat(feed.fingerprint().matches(mail.fingerprint())).isFalse();
    assertThat(feed.knownAs().stream().filter(mail.knownAs()::contains).toList()).isEmpty();
  }

  @Test
  public void readsAFingerprintAsItIsWritten() {
    Fingerprint fingerprint = new Fingerprint("9f86d081884c", "7d65");

    assertThat(Fingerprint.parse(fingerprint.toString())).isEqualTo(Optional.of(fingerprint));
    Fingerprint called = new Fingerprint("9f86d081884c", "7d65", "03ab", "");
    assertThat(called.toString()).isEqualTo("9f86d081884c-7d65-03ab");
    assertThat(Fingerprint.parse(called.toString())).isEqualTo(Optional.of(called));
    assertThat(Fingerprint.parse("9f86d081884c-7d6")).isEqualTo(Optional.empty());
  }

  private static ThreadSample poller(String name, String method) {
    return Samples.of(
        name,
        Thread.State.TIMED_WAITING,
        "java.base/java.lang.Thread.sleep",
        "com.acme.Poller." + method + ":31",
        "com.acme.Poller.run:22",
        "java.base/java.lang.Thread.run:840");
  }

  private static Accepted accepted(LeakGroup... groups) {
    return new Accepted("/shop/leaks.txt", List.of(groups), List.of(), Optional.empty());
  }

  private static Findings findings(ThreadSample... threads) {
    return new Findings(
        Stream.of(threads).map(Observation::of).toList(),
        List.of(),
        Map.of(),
        Duration.ZERO,
        /* collected= */ false,
        Set.of());
  }

  private static Observation observation(ThreadSample thread, Watched watched) {
    return new Observation(thread, watched, List.of(), Optional.empty());
  }

  private static String text(Findings findings) {
    return ReportText.of(
        "ShopTest.pays", findings, LeakGroup.of(findings.leaked()), IgnoreLine.Place.JAVA);
  }
}
