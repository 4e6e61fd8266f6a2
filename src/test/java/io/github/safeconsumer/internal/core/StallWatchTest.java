package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.core.StallWatch.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private final StallWatch watch = new StallWatch(Duration.ofSeconds(10), Duration.ofSeconds(3));

  @Test
  void shouldFenceFromTheSessionTimeoutLessOneHeartbeatOn() {
    assertThat(after(6_999, 6_999)).isEqualTo(Verdict.CAUTION);
    assertThat(after(7_000, 7_000)).isEqualTo(Verdict.FENCE);
  }

  @Test
  void shouldBeCautiousFromTwoSecondsOn() {
    assertThat(after(1_999, 1_999)).isEqualTo(Verdict.NONE);
    assertThat(after(2_000, 2_000)).isEqualTo(Verdict.CAUTION);
  }

  @Test
  void shouldBelieveTheClockThatShowsTheLongerGap() {
    assertThat(after(0, 60_000)).as("a machine that slept").isEqualTo(Verdict.FENCE);
    assertThat(after(60_000, 0)).as("a wall clock that stood").isEqualTo(Verdict.FENCE);
    assertThat(after(60_000, -3_600_000)).as("set back").isEqualTo(Verdict.FENCE);
    assertThat(after(10, -3_600_000)).as("set back, no stall").isEqualTo(Verdict.NONE);
  }

  @Test
  void shouldNotTakeTheTimeBeforeTheFirstTickForAStall() {
    watch.tick(1_000_000, 1_700_000_000_000L);
    assertThat(watch.take().verdict()).isEqualTo(Verdict.NONE);
  }

  @Test
  void shouldKeepTheLongestGapUntilItIsTaken() {
    watch.tick(0, 0);
    watch.tick(8_000, 8_000);
    watch.tick(8_100, 8_100);
    assertThat(watch.peek()).isEqualTo(Verdict.FENCE);
    assertThat(watch.peek()).as("a look takes nothing").isEqualTo(Verdict.FENCE);
    StallWatch.Stall stall = watch.take();
    assertThat(stall.gap()).isEqualTo(Duration.ofSeconds(8));
    assertThat(watch.take().verdict()).as("once").isEqualTo(Verdict.NONE);
  }

  @Test
  void shouldFenceNoEarlierThanAfterASecondWhateverTheSessionTimeout() {
    StallWatch tiny = new StallWatch(Duration.ofMillis(10), Duration.ofSeconds(3));
    tiny.tick(0, 0);
    tiny.tick(999, 999);
    assertThat(tiny.take().verdict()).isEqualTo(Verdict.NONE);
    tiny.tick(1_999, 1_999);
    assertThat(tiny.take().verdict()).isEqualTo(Verdict.FENCE);
  }

  @Test
  void shouldSeeNoStallWhileSomeoneTicks() {
    for (long now = 0; now < 100_000; now += 200) {
      watch.tick(now, now);
    }
    assertThat(watch.take().verdict()).isEqualTo(Verdict.NONE);
  }

  private Verdict after(long monoGap, long wallGap) {
    StallWatch fresh = new StallWatch(Duration.ofSeconds(10), Duration.ofSeconds(3));
    fresh.tick(5_000_000, 1_700_000_000_000L);
    fresh.tick(5_000_000 + monoGap, 1_700_000_000_000L + wallGap);
    return fresh.take().verdict();
  }
}
