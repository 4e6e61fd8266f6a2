package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.SpendingPolicy;
import io.github.safeconsumer.SpendingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpendingTest {
  private final List<String> told = new ArrayList<>();
  private long now = 12345;

  private final class Told implements Spending.Latch {
    @Override
    public void close() {
      told.add("close");
    }

    @Override
    public void open() {
      told.add("open");
    }

    @Override
    public void closed(double lastHour, long nanosLeft) {
      told.add("closed at " + lastHour);
    }
  }

  private Spending spending(SpendingPolicy policy) {
    return new Spending(policy, () -> now, new Told());
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void shouldSumWhatAttemptsAndHandlersSay() {
    Spending spending = spending(SpendingPolicy.perAttempt(2));
    spending.attempts(1);
    spending.attempts(3);
    spending.add(0.5);
    spending.prevented(4);
    SpendingStatus status = spending.status(Instant.EPOCH);
    assertThat(status.spent()).isEqualTo(8.5);
    assertThat(status.prevented()).isEqualTo(8);
    assertThat(status.lastHour()).isEqualTo(8.5);
    assertThat(status.limitPerHour()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void shouldPauseAtTheLimitOnceAndGoOnWhenEnoughIsOlderThanAnHour() {
    Spending spending = spending(SpendingPolicy.perAttempt(1).limitPerHour(10));
    spending.attempts(6);
    pass(Duration.ofMinutes(30));
    spending.attempts(3);
    assertThat(told).isEmpty();
    spending.attempts(1);
    spending.attempts(1); // was running
    assertThat(told).containsExactly("close", "closed at 10.0");
    Instant until = spending.status(Instant.EPOCH).pausedUntil().orElseThrow();
    assertThat(until).isBetween(time("PT29M50S"), time("PT30M20S"));
    pass(Duration.ofMinutes(30).minusSeconds(1));
    spending.step();
    assertThat(told).as("not all of an hour is over").hasSize(2);
    pass(Duration.between(Instant.EPOCH, until).minus(Duration.ofMinutes(30).minusSeconds(1)));
    spending.step();
    assertThat(told).containsExactly("close", "closed at 10.0", "open");
    assertThat(spending.status(Instant.EPOCH).lastHour()).isEqualTo(5);
    assertThat(spending.status(Instant.EPOCH).spent()).isEqualTo(11);
    assertThat(spending.status(Instant.EPOCH).pausedUntil()).isEmpty();
  }

  private static Instant time(String duration) {
    return Instant.EPOCH.plus(Duration.parse(duration));
  }

  @Test
  void shouldNeverForgetWithinAnHourWhateverTheTimesOfSpending() {
    Seeds.each(
        50,
        random -> {
          Spending spending = spending(SpendingPolicy.none());
          List<long[]> all = new ArrayList<>();
          for (int i = 0; i < 300; i++) {
            pass(Duration.ofSeconds(random.nextInt(100)));
            int units = 1 + random.nextInt(5);
            spending.add(units);
            all.add(new long[] {now, units});
            long hour = Duration.ofHours(1).toNanos();
            long slack = Duration.ofSeconds(10).toNanos();
            double shown = spending.status(Instant.EPOCH).lastHour();
            assertThat(shown).isBetween(since(all, hour), since(all, hour + slack));
          }
        });
  }

  private double since(List<long[]> all, long nanos) {
    return all.stream().filter(one -> now - one[0] < nanos).mapToLong(one -> one[1]).sum();
  }

  @Test
  void shouldCountNothingWhereNothingCostsAnything() {
    Spending spending = spending(SpendingPolicy.none());
    spending.attempts(1_000);
    spending.prevented(5);
    assertThat(spending.status(Instant.EPOCH).spent()).isZero();
    assertThat(spending.status(Instant.EPOCH).prevented()).isZero();
  }
}
