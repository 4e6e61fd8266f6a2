package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParkerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void shouldLoseNoWakeUpThatCameBeforeTheRest() {
    Parker parker = new SystemExecution().parker();
    parker.own();
    parker.wake();
    long before = System.nanoTime();
    parker.park(LONG.toNanos());
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }
}
