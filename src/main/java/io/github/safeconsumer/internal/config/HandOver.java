package io.github.safeconsumer.internal.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rebalance has to hold: {@code heartbeat + 0.1 s + drain + commit <= 0.9 x interval}. The
 * broker expels who has not joined again when {@code max.poll.interval.ms} is over. With the
 * classic protocol it starts that clock when the rebalance begins, and a member hears of it with
 * its next heartbeat; with KIP-848 it starts it when it tells the member, so no heartbeat counts.
 *
 * @param interval {@code max.poll.interval.ms}
 * @param heartbeat zero with KIP-848
 */
record HandOver(Duration interval, Duration heartbeat) {
  private static final Duration WAY = Duration.ofMillis(100);
  private static final Duration LONGEST_INTERVAL = Duration.ofMillis(Integer.MAX_VALUE);

  /** What is left for the drain; negative where even none is too much. */
  Duration left() {
    return window().minus(commit()).minus(WAY).minus(heartbeat);
  }

  Duration commit() {
    return KafkaSettings.answerBound(interval);
  }

  /** {@code heartbeat 3 s + 0.1 s + drain 30 s + commit 5 s = 38.1 s}. */
  String sum(Duration drain) {
    List<String> terms = new ArrayList<>();
    if (!heartbeat.isZero()) {
      terms.add("heartbeat " + Human.text(heartbeat));
    }
    terms.add("0.1 s");
    if (!drain.isZero()) {
      terms.add("drain " + Human.text(drain));
    }
    terms.add("commit " + Human.text(commit()));
    String sum = String.join(" + ", terms);
    return drain.compareTo(LONGEST_INTERVAL) > 0
        ? sum
        : sum + " = " + Human.text(heartbeat.plus(WAY).plus(drain).plus(commit()));
  }

  /** {@code 0.9 x 60 s = 54 s}. */
  String bound() {
    return "0.9 x " + Human.text(interval) + " = " + Human.text(window());
  }

  /**
   * {@code max.poll.interval.ms >= 38778}: what leaves this drain, in whole milliseconds. Empty
   * where Kafka has no interval so long.
   */
  String intervalFor(Duration drain) {
    if (drain.compareTo(LONGEST_INTERVAL) > 0) {
      return "";
    }
    Duration rest = heartbeat.plus(WAY).plus(drain);
    long needed = rest.plusNanos(999_999).toMillis();
    // Below 30 s the commit takes a sixth of the interval: 0.9 - 1/6 = 11/15 are left.
    long millis = quotient(needed * 15, 11);
    if (millis > 30_000) {
      millis = quotient((needed + 5_000) * 10, 9);
    }
    return millis > Integer.MAX_VALUE ? "" : "max.poll.interval.ms >= " + millis;
  }

  /** Rounded up. */
  private static long quotient(long dividend, long divisor) {
    return -Math.floorDiv(-dividend, divisor);
  }

  private Duration window() {
    return interval.multipliedBy(9).dividedBy(10);
  }
}
