package io.github.safeconsumer.internal.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.internal.shell.Parker;
import io.github.safeconsumer.internal.shell.Time;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time: parking is what moves the clock. */
class PaceTest {
  private final VirtualTime time = new VirtualTime();
  private final Stop stop = new Stop(time);

  private static final class VirtualTime implements Time, Parker {
    private long nanos = 42;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long millis() {
      return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    @Override
    public void own() {}

    @Override
    public void park(long forNanos) {
      assertThat(forNanos).isPositive();
      nanos += forNanos;
    }

    @Override
    public void wake() {}
  }

  @Test
  void shouldKeepTheRateWhateverItIs() {
    for (double rate : new double[] {0.1, 1, 7, 100, 5_000}) {
      Pace pace = new Pace(rate, time, stop);
      long start = time.nanos();
      int sent = 0;
      while (sent < rate * 20) {
        sent += pace.take(500);
      }
      double seconds = (time.nanos() - start) / 1e9;
      assertThat(sent / rate - seconds)
          .as("seconds ahead of %s a second", rate)
          .isBetween(0.0, Math.max(0.26, 1.01 / rate));
    }
  }

  @Test
  void shouldNotSaveUpWhileNothingIsSent() {
    Pace pace = new Pace(100, time, stop);
    time.nanos += TimeUnit.HOURS.toNanos(1);

    assertThat(pace.take(500)).isEqualTo(25);
  }

  @Test
  void shouldNotWaitWithoutALimit() {
    long before = time.nanos();

    assertThat(new Pace(Double.POSITIVE_INFINITY, time, stop).take(500)).isEqualTo(500);
    assertThat(time.nanos()).isEqualTo(before);
  }

  @Test
  void shouldStopWhileItWaits() {
    Pace pace = new Pace(0.001, time, stop);
    pace.take(1);
    stop.ask();

    assertThatThrownBy(() -> pace.take(1)).isInstanceOf(Stop.Stopped.class);
  }
}
