package io.github.safeconsumer;

import io.github.safeconsumer.internal.config.Human;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Objects;

/**
 * How many records fit into the poll interval, and back: the interval that a batch needs, and the
 * latency that it tolerates. A value: it reads no clock and no consumer.
 *
 * <p>Derivation. A member has to poll again within {@code max.poll.interval.ms}, or its group
 * expels it. Work may fill a share of that, the {@linkplain #margin() margin}; the rest is for the
 * commit, for garbage collection, and for a handler that is slower than thought:
 *
 * <pre>
 * window           = margin x max.poll.interval.ms
 * recordsPerWorker = floor(window / latency), at least 1
 * records          = parallelism x recordsPerWorker
 * </pre>
 *
 * <p>What fits is rounded for each worker and not over their sum: 16 workers at 1 s a record in a
 * window of 4.2 s do 4 each, 64 in all. The 67 of {@code floor(16 x 4.2)} would take 5 s.
 *
 * <p>Exact: times are reckoned in whole nanoseconds, the margin as the decimal number that it is
 * written as, so 0.7 x 30 s is 21 s. A window is rounded down, an interval up to the next whole
 * millisecond, so what is promised to fit does. Nothing overflows: counts end at {@link
 * Integer#MAX_VALUE}, times at the longest {@link Duration}.
 *
 * @param maxPollInterval {@code max.poll.interval.ms}, at least 1 ms
 * @param margin the share of it that work may fill, over 0, at most 1
 * @param latency how long one record takes in the handler, not negative; with zero everything fits
 * @param parallelism records that are handled at the same time, at least 1
 */
public record PollBudget(
    Duration maxPollInterval, double margin, Duration latency, int parallelism) {
  /** The share of the poll interval that work may fill. */
  public static final double MARGIN = 0.7;

  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger NANOS_PER_MILLI = BigInteger.valueOf(1_000_000);

  /** Kafka keeps the interval in an int. */
  private static final Duration LONGEST_INTERVAL = Duration.ofMillis(Integer.MAX_VALUE);

  public PollBudget {
    if (maxPollInterval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "maxPollInterval=" + maxPollInterval + " must be at least 1 ms");
    }
    if (!(margin > 0 && margin <= 1)) {
      throw new IllegalArgumentException("margin=" + margin + " must be over 0 and at most 1");
    }
    if (latency.isNegative()) {
      throw new IllegalArgumentException("latency=" + latency + " must not be negative");
    }
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism=" + parallelism + " must be at least 1");
    }
  }

  /** One record after the other, with the usual {@link #MARGIN}. */
  public static PollBudget of(Duration maxPollInterval, Duration latency) {
    return new PollBudget(maxPollInterval, MARGIN, latency, 1);
  }

  /** The same with another margin. */
  public PollBudget withMargin(double share) {
    return new PollBudget(maxPollInterval, share, latency, parallelism);
  }

  /** The same with so many records at a time. */
  public PollBudget withParallelism(int records) {
    return new PollBudget(maxPollInterval, margin, latency, records);
  }

  /**
   * The same with as many records at a time as the ordering lets run: with {@link
   * Ordering#PARTITION} one for each partition, {@code concurrency} at most; otherwise {@code
   * concurrency}. At least one, where no partition is owned too.
   *
   * @param partitions owned, not negative
   */
  public PollBudget withParallelism(Ordering ordering, int concurrency, int partitions) {
    if (partitions < 0) {
      throw new IllegalArgumentException("partitions=" + partitions + " must not be negative");
    }
    return withParallelism(
        Objects.requireNonNull(ordering, "ordering") == Ordering.PARTITION
            ? Math.min(concurrency, Math.max(1, partitions))
            : concurrency);
  }

  /** The part of the interval that work may fill: margin x interval, rounded down to the ns. */
  public Duration window() {
    return duration(
        new BigDecimal(nanos(maxPollInterval))
            .multiply(exactMargin())
            .setScale(0, RoundingMode.FLOOR)
            .toBigInteger());
  }

  /** How many records one worker handles, one after the other, within the window; at least 1. */
  public int recordsPerWorker() {
    if (latency.isZero()) {
      return Integer.MAX_VALUE;
    }
    BigInteger fitting = nanos(window()).divide(nanos(latency));
    return Math.max(1, saturated(fitting));
  }

  /**
   * How many records may be begun together. Never less than one for each worker, since less would
   * be no work at all: whether those end in time says {@link #fitsOne()}.
   */
  public int records() {
    return saturated(
        BigInteger.valueOf(parallelism).multiply(BigInteger.valueOf(recordsPerWorker())));
  }

  /** Whether one record alone ends within the window. */
  public boolean fitsOne() {
    return latency.compareTo(window()) <= 0;
  }

  /**
   * Whether so many records end within the window.
   *
   * @param records not negative
   */
  public boolean allows(long records) {
    return work(records).compareTo(nanos(window())) <= 0;
  }

  /**
   * How long so many records take: ceil(records / parallelism) x latency.
   *
   * @param records not negative
   */
  public Duration timeFor(long records) {
    return duration(work(records));
  }

  /**
   * The shortest interval, in whole milliseconds, that allows so many records; at least 1 ms.
   * Kafka's own limit, 2147483647 ms, is not applied.
   *
   * @param records not negative
   */
  public Duration intervalFor(long records) {
    BigInteger millis =
        new BigDecimal(work(records))
            .divide(
                exactMargin().multiply(new BigDecimal(NANOS_PER_MILLI)), 0, RoundingMode.CEILING)
            .toBigInteger();
    return duration(millis.max(BigInteger.ONE).multiply(NANOS_PER_MILLI));
  }

  /**
   * The largest latency at which so many records end within the window.
   *
   * @param records at least 1
   */
  public Duration latencyFor(long records) {
    requireSome(records);
    return duration(nanos(window()).divide(rounds(records)));
  }

  /**
   * The reckoning as a person would write it, with what to change where the records do not fit:
   * {@code 500 records x 120 ms = 60 s, over 0.7 x 30 s = 21 s: use max.poll.records <= 175, or
   * max.poll.interval.ms >= 85715}.
   *
   * @param records at least 1
   */
  public String sum(long records) {
    requireSome(records);
    String work = product(records) + " = " + Human.text(timeFor(records));
    String bound =
        exactMargin().stripTrailingZeros().toPlainString()
            + " x "
            + Human.text(maxPollInterval)
            + " = "
            + Human.text(window());
    if (allows(records)) {
      return work + ", within " + bound + ": up to " + records(records()) + " fit" + ending();
    }
    return work + ", over " + bound + ": " + (fitsOne() ? remedy(records) : hopeless(records));
  }

  private String ending() {
    return records() == 1 ? "s" : "";
  }

  private String product(long records) {
    String each = " x " + Human.text(latency);
    if (parallelism == 1) {
      return records(records) + each;
    }
    String together = " / " + parallelism + " at once";
    if (records % parallelism == 0) {
      return records(records) + each + together;
    }
    BigInteger rounds = rounds(records);
    return records(records)
        + together
        + " = "
        + rounds
        + (rounds.equals(BigInteger.ONE) ? " round" : " rounds")
        + each;
  }

  private String remedy(long records) {
    String fewer = "use max.poll.records <= " + records();
    Duration interval = intervalFor(records);
    return interval.compareTo(LONGEST_INTERVAL) > 0
        ? fewer
        : fewer + ", or max.poll.interval.ms >= " + interval.toMillis();
  }

  private String hopeless(long records) {
    String text = "not even one record fits: use ";
    Duration one = intervalFor(1);
    if (one.compareTo(LONGEST_INTERVAL) <= 0) {
      text += "max.poll.interval.ms >= " + one.toMillis();
      Duration all = intervalFor(records);
      if (all.compareTo(one) > 0 && all.compareTo(LONGEST_INTERVAL) <= 0) {
        text += " (" + all.toMillis() + " for " + records(records) + ")";
      }
      text += ", or ";
    }
    return text + "a handler that takes at most " + Human.text(window());
  }

  private static String records(long count) {
    return count + (count == 1 ? " record" : " records");
  }

  private static void requireSome(long records) {
    if (records < 1) {
      throw new IllegalArgumentException("records=" + records + " must be at least 1");
    }
  }

  private BigInteger work(long records) {
    return rounds(records).multiply(nanos(latency));
  }

  /** How many records the busiest worker handles. */
  private BigInteger rounds(long records) {
    if (records < 0) {
      throw new IllegalArgumentException("records=" + records + " must not be negative");
    }
    long whole = records / parallelism;
    return BigInteger.valueOf(records % parallelism == 0 ? whole : whole + 1);
  }

  private BigDecimal exactMargin() {
    return BigDecimal.valueOf(margin);
  }

  private static BigInteger nanos(Duration duration) {
    return BigInteger.valueOf(duration.getSeconds())
        .multiply(NANOS_PER_SECOND)
        .add(BigInteger.valueOf(duration.getNano()));
  }

  private static Duration duration(BigInteger nanos) {
    if (nanos.compareTo(nanos(LONGEST)) >= 0) {
      return LONGEST;
    }
    BigInteger[] parts = nanos.divideAndRemainder(NANOS_PER_SECOND);
    return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
  }

  private static int saturated(BigInteger count) {
    return count.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact();
  }
}
