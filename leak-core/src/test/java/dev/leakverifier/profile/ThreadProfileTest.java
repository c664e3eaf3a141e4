package dev.leakverifier.profile;

import static com.google.common.collect.MoreCollectors.onlyElement;
import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.Golden.assertGolden;
import static dev.leakverifier.testing.Golden.assertGoldenJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class ThreadProfileTest {
  private static final Instant LATER = Profiles.NOON.plusSeconds(60);

  @Test
  public void showsTheBiggestGroupFirstAndTheJvmsOwnLast() {
    ThreadProfile shop = Profiles.shop();

    assertThat(shop.total()).isEqualTo(10);
    assertThat(shop.groups().stream().map(ProfileGroup::count).toList())
        .containsExactly(5, 2, 1, 1, 1)
        .inOrder();
    assertGolden(getClass(), "profile.txt", shop.toText());
  }

  @Test
  public void showsEveryThread() {
    assertGolden(
        getClass(), "profile-threads.txt", Profiles.withoutIds(Profiles.shop().toThreadText()));
  }

  @Test
  public void showsStacksAsFlameGraphToolsTakeThem() {
    assertGolden(getClass(), "profile-collapsed.txt", Profiles.shop().toCollapsed());
  }

  @Test
  public void showsAllOfItToPrograms() {
    assertGoldenJson(
        getClass(),
        "profile.json",
        Profiles.withoutIds(Profiles.shop().toJson()).replace(Runtime.version().toString(), "17"));
  }

  @Test
  public void showsWhatHasGrownAndShrunk() {
    List<ThreadSample> orders = Profiles.orders(12);
    ThreadProfile growth =
        Profiles.of(
                LATER,
                Profiles.all(List.of(orders, List.of(Profiles.poller(90), Profiles.price(72)))))
            .minus(
                Profiles.of(
                    Profiles.NOON,
                    Profiles.all(
                        List.of(
                            orders.subList(0, 2),
                            List.of(
                                Profiles.worker("pool-1-thread-1"),
                                Profiles.worker("pool-1-thread-2"),
                                Profiles.price(71))))));

    assertThat(growth.total()).isEqualTo(9);
    assertThat(growth.since()).isEqualTo(Optional.of(Profiles.NOON));
    assertGolden(getClass(), "difference.txt", growth.toText());
    assertGolden(getClass(), "difference-threads.txt", Profiles.withoutIds(growth.toThreadText()));
    assertGolden(getClass(), "difference-collapsed.txt", growth.toCollapsed());
    assertThat(growth.toJson()).contains("\"since\":\"2026-01-02T12:00:00Z\"");
  }

  @Test
  public void takesAnotherThreadOfTheSameKindForNoChange() {
    ThreadProfile before = Profiles.of(Profiles.NOON, Profiles.orders(3));
    ThreadProfile growth = Profiles.of(LATER, Profiles.orders(3)).minus(before);

    assertThat(growth.groups()).isEmpty();
    assertThat(growth.total()).isEqualTo(0);
    assertThat(growth.toText())
        .isEqualTo(
            "thread profile: +0 threads in 0 changed groups,"
                + " from 2026-01-02T12:00:00Z to 2026-01-02T12:01:00Z\n");
    assertThat(growth.toCollapsed()).isEmpty();
  }

  @Test
  public void tellsWhichThreadsCameAndWhichWent() {
    List<ThreadSample> orders = Profiles.orders(4);
    ThreadProfile all = Profiles.of(LATER, orders);
    ThreadProfile few = Profiles.of(Profiles.NOON, orders.subList(0, 1));

    ProfileGroup grown = all.minus(few).groups().get(0);
    assertThat(grown.threads()).containsExactlyElementsIn(orders.subList(1, 4));
    assertThat(grown.gone()).isEmpty();
    ProfileGroup shrunk = few.minus(all).groups().get(0);
    assertThat(shrunk.count()).isEqualTo(-3);
    assertThat(shrunk.gone()).containsExactlyElementsIn(orders.subList(1, 4));
  }

  @Test
  public void refusesTheDifferenceOfDifferences() {
    ThreadProfile shop = Profiles.shop();
    ThreadProfile growth = shop.minus(shop);

    assertThat(expectThrows(IllegalArgumentException.class, () -> shop.minus(growth)))
        .hasMessageThat()
        .startsWith("earlier (thread profile: +0 threads in 0 changed groups, from ");
    expectThrows(IllegalArgumentException.class, () -> growth.minus(shop));
  }

  @Test
  public void leavesTheJvmsThreadsOutOnRequest() {
    ThreadProfile own = Profiles.shop().withoutJvmThreads();

    assertThat(own.total()).isEqualTo(9);
    assertThat(own.toText()).doesNotContain("Poller");
  }

  @Test
  public void findsDeadlocks() {
    Thread one = new Thread("one");
    Thread two = new Thread("two");
    Thread third = new Thread("third");
    ThreadProfile profile =
        Profiles.of(
            Profiles.NOON,
            List.of(
                Samples.blocked(one, two, "com.acme.Account.transfer:31"),
                Samples.blocked(two, one, "com.acme.Account.transfer:31"),
                Samples.blocked(third, one, "com.acme.Account.balance:7")));

    assertThat(
            profile.groups().stream()
                .collect(Collectors.toMap(ProfileGroup::name, group -> group.diagnosis().kind())))
        .containsExactly(
            "one",
            LeakKind.DEADLOCK,
            "two",
            LeakKind.DEADLOCK,
            "third",
            LeakKind.LOCK_NOT_RELEASED);
    assertThat(profile.toThreadText())
        .contains("- waiting for <com.acme.Account@1b2c3d> held by #");
  }

  @Test
  public void letsNoNameBreakALineOrTheEncoding() {
    ThreadSample hostile =
        Samples.of(
            "a\n120 @ \"b\" \u202e\ud800",
            Thread.State.WAITING,
            "com.acme.\u00dcber\nrun:7",
            "com.acme.With space;and 9.run:8");
    ThreadProfile profile = Profiles.of(Profiles.NOON, List.of(hostile));

    assertThat(profile.toCollapsed())
        .isEqualTo("com.acme.With space:and 9.run;com.acme.\u00dcber\\nrun 1\n");
    for (String text :
        List.of(
            profile.toText(), profile.toThreadText(), profile.toCollapsed(), profile.toJson())) {
      assertThat(UTF_8.newEncoder().canEncode(text)).isTrue();
      assertThat(text).endsWith("\n");
    }
    assertThat(profile.toText().lines().filter(line -> line.startsWith("120"))).isEmpty();
    assertThat(profile.toText()).contains("1 @ \"a\\n* @ \\\"b\\\" \\u202e\\ud800\"   WAITING\n");
  }

  @Test
  public void cutsStacksThatCallThemselvesAndTextsThatNobodyReads() {
    String[] frames =
        Stream.generate(() -> "com.acme.Loop.run:1").limit(500).toArray(String[]::new);
    List<ThreadSample> threads =
        IntStream.range(0, 10)
            .mapToObj(i -> Samples.of("loop-" + i, Thread.State.RUNNABLE, frames))
            .toList();
    ThreadProfile profile = Profiles.of(Profiles.NOON, threads);

    assertThat(profile.toText()).endsWith("#\t... 300 more frames\n");
    assertThat(ProfileThreadText.of(profile, 50_000)).endsWith("\ncut here: 7 more\n");
    assertThat(profile.toThreadText().lines().filter(line -> line.contains("Loop.run")).count())
        .isEqualTo(5_000);
  }

  @Test
  public void capturesThisJvm() {
    try (BlockedThread order = BlockedThread.start("profiled-order-7")) {
      ThreadProfile profile =
          ThreadProfile.capture(LiveThreads.JVM, Clock.fixed(Profiles.NOON, ZoneOffset.UTC));
      ProfileGroup group = groupOf(profile, "profiled-order-*");

      assertThat(group.count()).isEqualTo(1);
      assertThat(group.jvm()).isEqualTo(Optional.empty());
      assertThat(group.threads().get(0).id()).isEqualTo(order.thread().getId());
      assertThat(group.threads().get(0).hasFunction(BlockedThread.FUNCTION)).isTrue();
      assertThat(groupOf(profile, "Reference Handler").jvm())
          .isEqualTo(Optional.of("enqueues the references that the garbage collector cleared"));
      assertThat(groupOf(profile, "main").jvm()).isEqualTo(Optional.empty());
      assertThat(profile.time()).isEqualTo(Profiles.NOON);
    }
  }

  @Test
  public void holdsWhatWasThereAfterTheThreadsHaveEnded() {
    ThreadProfile before = ThreadProfile.capture();
    ThreadProfile during;
    try (BlockedThread order = BlockedThread.start("profiled-order-8")) {
      during = ThreadProfile.capture();
    }
    ThreadProfile after = ThreadProfile.capture();

    assertThat(groupOf(during.minus(before), "profiled-order-*").count()).isEqualTo(1);
    assertThat(groupOf(after.minus(during), "profiled-order-*").count()).isEqualTo(-1);
  }

  private static ProfileGroup groupOf(ThreadProfile profile, String name) {
    return profile.groups().stream()
        .filter(group -> group.name().equals(name))
        .collect(onlyElement());
  }
}
