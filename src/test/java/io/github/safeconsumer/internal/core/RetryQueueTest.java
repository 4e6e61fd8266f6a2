package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryQueueTest {
  private final RetryQueue queue = new RetryQueue();

  @Test
  void shouldHandOutTheSoonestFirstAcrossTheOverflowOfTheClock() {
    Seeds.each(
        50,
        random -> {
          RetryQueue waiting = new RetryQueue();
          long origin = Long.MAX_VALUE - 50;
          List<Integer> delays = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            delays.add(i);
          }
          Collections.shuffle(delays, random);
          Lane[] lanes = new Lane[100];
          for (int delay : delays) {
            lanes[delay] = lane();
            waiting.add(lanes[delay], origin + delay);
          }
          for (int delay = 0; delay < 100; delay++) {
            if (delay > 0) {
              assertThat(waiting.takeDue(origin + delay - 1)).as("too early").isNull();
              assertThat(waiting.nanosToNext(origin + delay - 1, 1_000)).isEqualTo(1);
            }
            assertThat(waiting.takeDue(origin + delay)).isSameAs(lanes[delay]);
          }
          assertThat(waiting.takeDue(origin + 1_000)).isNull();
        });
  }

  @Test
  void shouldNeverAskForALongerRestThanTheLimitNorForANegativeOne() {
    assertThat(queue.nanosToNext(0, 100)).isEqualTo(100);
    queue.add(lane(), 1_000);
    assertThat(queue.nanosToNext(0, 100)).isEqualTo(100);
    assertThat(queue.nanosToNext(950, 100)).isEqualTo(50);
    assertThat(queue.nanosToNext(2_000, 100)).isZero();
  }

  @Test
  void shouldForgetOnlyLanesWhoseOwnershipEnded() {
    Lane ended = lane();
    Lane alive = lane();
    queue.add(ended, 1);
    queue.add(alive, 2);
    ended.partition().end();

    queue.forgetEnded();

    assertThat(queue.takeDue(10)).isSameAs(alive);
    assertThat(queue.takeDue(10)).isNull();
  }

  private static Lane lane() {
    return new Lane(Records.active(new PauseGate(), 0), null, 0);
  }
}
