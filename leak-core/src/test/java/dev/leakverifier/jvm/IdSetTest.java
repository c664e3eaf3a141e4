package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;

import org.testng.annotations.Test;

public class IdSetTest {
  private final IdSet set = IdSet.of(7, 3, 9, 3, 5);

  @Test
  public void holdsEachIdOnceInAscendingOrder() {
    assertThat(set.toArray()).isEqualTo(new long[] {3, 5, 7, 9});
    assertThat(set.size()).isEqualTo(4);
    assertThat(set).isEqualTo(IdSet.of(3, 5, 7, 9));
    assertThat(set).isNotEqualTo(IdSet.of(3, 5, 7));
    assertThat(IdSet.of()).isSameInstanceAs(IdSet.NONE);
  }

  @Test
  public void knowsWhatItHolds() {
    assertThat(set.contains(5)).isTrue();
    assertThat(set.contains(4)).isFalse();
    assertThat(set.isEmpty()).isFalse();
    assertThat(IdSet.NONE.contains(0)).isFalse();
    assertThat(IdSet.NONE.isEmpty()).isTrue();
  }

  @Test
  public void isComparedWithAnother() {
    IdSet other = IdSet.of(1, 5, 6, 9, 11);

    assertThat(set.minus(other)).isEqualTo(IdSet.of(3, 7));
    assertThat(other.minus(set)).isEqualTo(IdSet.of(1, 6, 11));
    assertThat(set.and(other)).isEqualTo(IdSet.of(5, 9));
    assertThat(set.plus(other)).isEqualTo(IdSet.of(1, 3, 5, 6, 7, 9, 11));
  }

  @Test
  public void staysTheSameWhereNothingIsTakenAway() {
    assertThat(set.minus(IdSet.NONE)).isSameInstanceAs(set);
    assertThat(set.minus(IdSet.of(4))).isSameInstanceAs(set);
    assertThat(set.minus(set)).isSameInstanceAs(IdSet.NONE);
    assertThat(set.and(IdSet.of(1, 3, 5, 7, 9))).isSameInstanceAs(set);
    assertThat(set.and(IdSet.NONE)).isSameInstanceAs(IdSet.NONE);
  }
}
