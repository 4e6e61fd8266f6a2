package io.github.safeconsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic of the poll interval is exact, in both directions. */
class PollBudgetTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final PollBudget WELL_KNOWN =
      PollBudget.of(Duration.ofSeconds(30), Duration.ofMillis(120));

  @Test
  void shouldReckonTheWellKnownSettings() {
    assertThat(WELL_KNOWN.window()).isEqualTo(Duration.ofSeconds(21));
    assertThat(WELL_KNOWN.records()).isEqualTo(175);
    assertThat(WELL_KNOWN.allows(175)).isTrue();
    assertThat(WELL_KNOWN.allows(176)).isFalse();
    assertThat(WELL_KNOWN.timeFor(500)).isEqualTo(Duration.ofSeconds(60));
    assertThat(WELL_KNOWN.intervalFor(500)).isEqualTo(Duration.ofMillis(85_715));
    assertThat(WELL_KNOWN.latencyFor(500)).isEqualTo(Duration.ofMillis(42));
  }

  @Test
  void shouldRoundForEachWorkerAndNotOverTheirSum() {
    PollBudget sixteen =
        PollBudget.of(Duration.ofSeconds(6), Duration.ofSeconds(1)).withParallelism(16);

    assertThat(sixteen.recordsPerWorker()).isEqualTo(4);
    assertThat(sixteen.records()).isEqualTo(64);
    assertThat(sixteen.timeFor(65)).isEqualTo(Duration.ofSeconds(5));
    assertThat(sixteen.allows(65)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PARTITION, 16, 3, 3",
    "PARTITION, 2, 3, 2",
    "PARTITION, 2, 0, 1",
    "KEY, 16, 3, 16",
    "KEY, 16, 0, 16",
    "UNORDERED, 16, 3, 16"
  })
  void shouldReckonWithWhatTheOrderingLetsRun(
      Ordering ordering, int concurrency, int partitions, int parallelism) {
    assertThat(WELL_KNOWN.withParallelism(ordering, concurrency, partitions).parallelism())
        .isEqualTo(parallelism);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30000 | 120 | 1 | 500 | 500 records x 120 ms = 60 s, over 0.7 x 30 s = 21 s:"
            + " use max.poll.records <= 175, or max.poll.interval.ms >= 85715",
        "30000 | 120 | 1 | 100 | 100 records x 120 ms = 12 s, within 0.7 x 30 s = 21 s:"
            + " up to 175 records fit",
        "30000 | 120 | 4 | 500 | 500 records x 120 ms / 4 at once = 15 s, within 0.7 x 30 s = 21 s:"
            + " up to 700 records fit",
        "6000 | 120 | 4 | 501 | 501 records / 4 at once = 126 rounds x 120 ms = 15.12 s,"
            + " over 0.7 x 6 s = 4.2 s: use max.poll.records <= 140, or max.poll.interval.ms >= 21600",
        "30000 | 30000 | 1 | 500 | 500 records x 30 s = 4 h 10 min, over 0.7 x 30 s = 21 s:"
            + " not even one record fits: use max.poll.interval.ms >= 42858 (21428572 for 500 records),"
            + " or a handler that takes at most 21 s",
        "30000 | 30000 | 4 | 3 | 3 records / 4 at once = 1 round x 30 s = 30 s,"
            + " over 0.7 x 30 s = 21 s: not even one record fits: use max.poll.interval.ms >= 42858,"
            + " or a handler that takes at most 21 s",
        "30000 | 20000 | 1 | 1 | 1 record x 20 s = 20 s, within 0.7 x 30 s = 21 s: up to 1 record fits",
        "2147483647 | 86400000 | 1 | 500 | 500 records x 1 d = 500 d,"
            + " over 0.7 x 24 d 20 h 31 min 23.647 s = 17 d 9 h 33 min 58.5529 s:"
            + " use max.poll.records <= 17",
      })
  void shouldWriteTheSumAsAPersonWould(
      int interval, int latency, int parallelism, long records, String sum) {
    assertThat(
            PollBudget.of(Duration.ofMillis(interval), Duration.ofMillis(latency))
                .withParallelism(parallelism)
                .sum(records))
        .isEqualTo(sum);
  }

  @Test
  void shouldNameTheMarginThatCounts() {
    assertThat(WELL_KNOWN.withMargin(1).sum(500)).contains("over 1 x 30 s = 30 s");
    assertThat(WELL_KNOWN.withMargin(0.05).sum(500)).contains("over 0.05 x 30 s = 1.5 s");
  }

  @Test
  void shouldLetEverythingFitThatTakesNoTime() {
    PollBudget none = PollBudget.of(Duration.ofMillis(1), Duration.ZERO).withParallelism(7);

    assertThat(none.records()).isEqualTo(Integer.MAX_VALUE);
    assertThat(none.allows(Long.MAX_VALUE)).isTrue();
    assertThat(none.intervalFor(Long.MAX_VALUE)).isEqualTo(Duration.ofMillis(1));
    assertThat(none.fitsOne()).isTrue();
  }

  @Test
  void shouldBeginOneRecordForEachWorkerThoughNoneFits() {
    PollBudget slow = PollBudget.of(Duration.ofSeconds(1), LONGEST).withParallelism(9);

    assertThat(slow.records()).isEqualTo(9);
    assertThat(slow.fitsOne()).isFalse();
    assertThat(slow.allows(1)).isFalse();
    assertThat(slow.allows(0)).isTrue();
  }

  @Test
  void shouldEndAtTheLargestFigureInsteadOfOverflowing() {
    PollBudget most = new PollBudget(LONGEST, Double.MIN_VALUE, LONGEST, Integer.MAX_VALUE);

    assertThat(most.window()).isEqualTo(Duration.ZERO);
    assertThat(most.timeFor(Long.MAX_VALUE)).isEqualTo(LONGEST);
    assertThat(most.intervalFor(Long.MAX_VALUE)).isEqualTo(LONGEST);
    assertThat(most.latencyFor(Long.MAX_VALUE)).isEqualTo(Duration.ZERO);
    assertThat(most.records()).isEqualTo(Integer.MAX_VALUE);
    assertThat(PollBudget.of(LONGEST, Duration.ofNanos(1)).records()).isEqualTo(Integer.MAX_VALUE);
    assertThat(most.sum(Long.MAX_VALUE)).contains("not even one record fits: use a handler");
  }

  @Test
  void shouldRefuseWhatMeansNothing() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PollBudget.of(Duration.ofNanos(999_999), second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PollBudget.of(second, Duration.ofNanos(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.withParallelism(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WELL_KNOWN.withParallelism(Ordering.KEY, 0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WELL_KNOWN.withParallelism(Ordering.KEY, 1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.allows(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.timeFor(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.intervalFor(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.latencyFor(0));
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.sum(0));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.0, -0.1, 1.000001, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE})
  void shouldRefuseAMarginThatIsNoShare(double margin) {
    assertThatIllegalArgumentException().isThrownBy(() -> WELL_KNOWN.withMargin(margin));
  }

  /** Both ways agree to the millisecond, the nanosecond and the record; more never fits better. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldAgreeBothWays(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      PollBudget budget = any(random);
      long records = 1L + random.nextInt(1 << (1 + random.nextInt(29)));
      String where = "seed " + seed + " run " + run + ": " + budget + ", " + records + " records";

      assertThat(budget.allows(records)).as(where).isEqualTo(fits(budget, records));
      checkCount(budget, where);
      checkInterval(budget, records, where);
      checkLatency(budget, records, where);
      if (budget.allows(records + 1)) {
        assertThat(budget.allows(records)).as(where).isTrue();
      }
      assertThat(budget.timeFor(records + 1))
          .as(where)
          .isGreaterThanOrEqualTo(budget.timeFor(records));
      assertThat(budget.withParallelism(budget.parallelism() + 1).timeFor(records))
          .as(where)
          .isLessThanOrEqualTo(budget.timeFor(records));
    }
  }

  private static PollBudget any(Random random) {
    Duration interval = Duration.ofMillis(1 + random.nextInt(1 << (1 + random.nextInt(30))));
    Duration latency = Duration.ofNanos(1 + (random.nextLong() >>> (20 + random.nextInt(43))));
    PollBudget budget = PollBudget.of(interval, latency).withParallelism(1 + random.nextInt(64));
    return random.nextBoolean() ? budget : budget.withMargin(Math.max(0.001, random.nextDouble()));
  }

  /** Reckoned anew, by multiplication alone. */
  private static boolean fits(PollBudget budget, long records) {
    long rounds = Math.floorDiv(records + budget.parallelism() - 1, budget.parallelism());
    BigDecimal work = new BigDecimal(BigInteger.valueOf(rounds)).multiply(nanos(budget.latency()));
    return work.compareTo(
            nanos(budget.maxPollInterval()).multiply(BigDecimal.valueOf(budget.margin())))
        <= 0;
  }

  private static BigDecimal nanos(Duration duration) {
    return new BigDecimal(duration.toNanos());
  }

  private static void checkCount(PollBudget budget, String where) {
    int most = budget.records();
    assertThat(most).as(where).isGreaterThanOrEqualTo(budget.parallelism());
    assertThat(budget.allows(most)).as(where).isEqualTo(budget.fitsOne());
    if (most < Integer.MAX_VALUE) {
      assertThat(budget.allows(most + 1L)).as(where).isFalse();
    }
  }

  private static void checkInterval(PollBudget budget, long records, String where) {
    Duration interval = budget.intervalFor(records);
    assertThat(Duration.ofMillis(interval.toMillis())).as(where).isEqualTo(interval);
    assertThat(with(budget, interval).allows(records)).as(where).isTrue();
    if (interval.toMillis() > 1) {
      assertThat(with(budget, interval.minusMillis(1)).allows(records)).as(where).isFalse();
    }
  }

  private static PollBudget with(PollBudget budget, Duration interval) {
    return new PollBudget(interval, budget.margin(), budget.latency(), budget.parallelism());
  }

  private static void checkLatency(PollBudget budget, long records, String where) {
    Duration latency = budget.latencyFor(records);
    assertThat(slower(budget, latency).allows(records)).as(where).isTrue();
    assertThat(slower(budget, latency.plusNanos(1)).allows(records)).as(where).isFalse();
  }

  private static PollBudget slower(PollBudget budget, Duration latency) {
    return new PollBudget(budget.maxPollInterval(), budget.margin(), latency, budget.parallelism());
  }
}
