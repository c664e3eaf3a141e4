package dev.leakverifier.monitor;

import dev.leakverifier.report.GroupText;
import java.time.Duration;
import java.util.List;

/**
 * How many more long-lived threads there are than there were, and what they are.
 *
 * <p>A value: immutable, and it keeps no thread and no stack alive.
 *
 * @param growth how many more than at the lowest level since the monitor was started
 * @param over the time in which these were started
 * @param threads how many threads are alive, long-lived or not
 * @param groups what has grown, most grown first; empty if nothing has
 * @param notLookedAt how many are in no group, because their stacks have not been read yet
 */
public record ThreadGrowth(
    int growth, Duration over, int threads, List<GrownGroup> groups, int notLookedAt) {
  private static final int MAX_GROUPS = 3;

  /** Copies {@code groups}. */
  public ThreadGrowth {
    groups = List.copyOf(groups);
  }

  /**
   * One line, as it is logged: {@code +120 in 10 min (168 threads), 118 of them `order-*` parked in
   * com.acme.Orders.await(Orders.java:31), started by com.acme.Orders.submit(Orders.java:12); fix:
   * ...}. Of many groups it has the three that have grown most, and what would end the first.
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder()
            .append(
                "+%s in %s (%s)".formatted(growth, time(over), GroupText.count(threads, "thread")));
    String link = ", %s of them %s";
    for (GrownGroup group : groups.subList(0, Math.min(MAX_GROUPS, groups.size()))) {
      text.append(link.formatted(Math.min(growth, group.growth()), group.text()));
      link = "; %s %s";
    }
    if (groups.size() > MAX_GROUPS) {
      text.append("; and " + GroupText.count(groups.size() - MAX_GROUPS, "more group"));
    }
    if (notLookedAt > 0) {
      text.append("; %s not sampled yet".formatted(notLookedAt));
    }
    groups.stream()
        .findFirst()
        .ifPresent(most -> text.append("; fix: ").append(most.diagnosis().fix()));
    return text.toString();
  }

  /** In the largest unit of which there are at least two. */
  private static String time(Duration time) {
    if (time.toDays() > 1) {
      return time.toDays() + " days";
    }
    if (time.toHours() > 1) {
      return time.toHours() + " h";
    }
    return time.toMinutes() > 1 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
