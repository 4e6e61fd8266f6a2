package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private final StallWatch watch = new StallWatch(Duration.ofSeconds(10), Duration.ofSeconds(3));

  @Test
  void shouldFenceFromTheSessionTimeoutLessOneHeartbeatOn() {
    assertThat(after(6_999, 6_999)).isFalse();
    assertThat(after(7_000, 7_000)).isTrue();
  }

  @Test
  void shouldDoubtForOneHeartbeatFromAGapOfTwoSecondsOn() {
    watch.tick(0, 0);
    watch.tick(1_999, 1_999);
    assertThat(watch.isInDoubt(1_999)).isFalse();
    watch.tick(3_999, 3_999);
    assertThat(watch.isInDoubt(3_999)).isTrue();
    watch.tick(5_000, 5_000);
    assertThat(watch.isInDoubt(6_998)).as("one heartbeat from the end of the gap").isTrue();
    assertThat(watch.isInDoubt(6_999)).isFalse();
    assertThat(watch.isInDoubt(6_999)).as("and not again").isFalse();
  }

  @Test
  void shouldBelieveTheClockThatShowsTheLongerGap() {
    assertThat(after(0, 60_000)).as("a machine that slept").isTrue();
    assertThat(after(60_000, 0)).as("a wall clock that stood").isTrue();
    assertThat(after(60_000, -3_600_000)).as("set back").isTrue();
    assertThat(after(10, -3_600_000)).as("set back, no stall").isFalse();
  }

  @Test
  void shouldNotTakeTheTimeBeforeTheFirstTickForAStall() {
    watch.tick(1_000_000, 1_700_000_000_000L);
    assertThat(watch.isExpelled()).isFalse();
    assertThat(watch.isInDoubt(1_000_000)).isFalse();
  }

  @Test
  void shouldKeepTheLongestGapUntilItIsTaken() {
    watch.tick(0, 0);
    watch.tick(8_000, 8_000);
    watch.tick(8_100, 8_100);
    assertThat(watch.isExpelled()).isTrue();
    assertThat(watch.isExpelled()).as("a look takes nothing").isTrue();
    assertThat(watch.longest()).isEqualTo(Duration.ofSeconds(8));
    watch.take();
    assertThat(watch.isExpelled()).as("once").isFalse();
  }

  @Test
  void shouldFenceNoEarlierThanAfterASecondWhateverTheSessionTimeout() {
    StallWatch tiny = new StallWatch(Duration.ofMillis(10), Duration.ofSeconds(3));
    tiny.tick(0, 0);
    tiny.tick(999, 999);
    assertThat(tiny.isExpelled()).isFalse();
    tiny.tick(1_999, 1_999);
    assertThat(tiny.isExpelled()).isTrue();
  }

  @Test
  void shouldSeeNoStallWhileSomeoneTicks() {
    for (long now = 0; now < 100_000; now += 200) {
      watch.tick(now, now);
    }
    assertThat(watch.isExpelled()).isFalse();
  }

  @Test
  void shouldKnowOfAStallThatNobodyHasNoticedYetUntilItIsSettled() {
    assertThat(watch.mayBeExpelled(50_000)).as("not started").isFalse();
    watch.tick(0, 0);
    assertThat(watch.mayBeExpelled(6_999)).isFalse();
    assertThat(watch.mayBeExpelled(7_000)).as("the first to run after it").isTrue();
    watch.tick(7_000, 7_000);
    assertThat(watch.mayBeExpelled(7_001)).as("noticed, what it cost not settled").isTrue();
    watch.take();
    assertThat(watch.mayBeExpelled(7_001)).isFalse();
  }

  private boolean after(long monoGap, long wallGap) {
    StallWatch fresh = new StallWatch(Duration.ofSeconds(10), Duration.ofSeconds(3));
    fresh.tick(5_000_000, 1_700_000_000_000L);
    fresh.tick(5_000_000 + monoGap, 1_700_000_000_000L + wallGap);
    return fresh.isExpelled();
  }
}
