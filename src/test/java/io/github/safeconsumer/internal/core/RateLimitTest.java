package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  @Test
  void shouldNotGiveTheSameTimeTwiceWhenAThreadIsBehindAnother() {
    RateLimit limit = new RateLimit(1);
    limit.perSecond(100, 0);
    limit.take(limit.available(100, millis(100)));
    assertThat(limit.available(1, millis(100))).as("just taken").isZero();

    assertThat(limit.available(1, millis(40))).as("read the clock earlier").isZero();
    assertThat(limit.available(1, millis(100))).as("no time has passed").isZero();
    assertThat(limit.available(5, millis(120))).as("20 ms at 100 a second").isEqualTo(2);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
