package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {
  private final RestartBackoff backoff = new RestartBackoff();

  @Test
  void shouldDoubleFromOneSecondToThirty() {
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      seconds.add(backoff.failed(0, false).toSeconds());
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
  }

  @Test
  void shouldStartAgainAfterAMinuteOfHealthEvenWhenTheClockOverflows() {
    backoff.failed(0, false);
    backoff.failed(0, false);
    long created = Long.MAX_VALUE - 5;
    backoff.created(created);
    long minute = TimeUnit.MINUTES.toNanos(1);
    assertThat(backoff.failed(created + minute - 1, true))
        .as("a moment short")
        .isEqualTo(Duration.ofSeconds(4));
    backoff.created(created);
    assertThat(backoff.failed(created + minute, true)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void shouldNotTakeTheTimeWithoutAClientForHealth() {
    backoff.created(0);
    backoff.failed(0, true);
    assertThat(backoff.failed(TimeUnit.HOURS.toNanos(1), false)).isEqualTo(Duration.ofSeconds(2));
  }
}
