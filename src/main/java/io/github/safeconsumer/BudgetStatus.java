package io.github.safeconsumer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much work fits into the poll interval, and how much there is, at one moment. The handler's
 * own time counts only: not waiting, reading or retry delays.
 *
 * @param window the part of {@code max.poll.interval.ms} that admitted work may fill: {@link
 *     PollBudget#MARGIN} of it
 * @param parallelism attempts that can run at once, as {@code concurrency}, the ordering and the
 *     partitions owned now allow; 0 without partitions
 * @param records how many records may be admitted at the latency now observed; of several topics,
 *     at that of the slowest
 * @param admitted records handed to lanes that can run, and not done
 * @param buffered records polled and not started
 * @param utilisation share of {@code concurrency} that was busy over the last seconds, 0 to 1
 * @param maxRecordsPerSecond the rate limit in force, where there is one
 * @param latencies what was observed, by topic
 * @param maxPollRecords {@code max.poll.records} as it is in force
 * @param recommendedMaxPollRecords what a loop without this library could take in one poll, at the
 *     latency now observed and this parallelism; of several topics, at that of the slowest that has
 *     records; {@code maxPollRecords} where {@code sum} is empty
 * @param recommendedInterval the {@code max.poll.interval.ms} that such a loop would need for
 *     {@code maxPollRecords}; the one in force where {@code sum} is empty
 * @param sum the reckoning behind both, as a person would write it; empty while nothing was
 *     observed or declared, and without partitions
 * @param timeToDrain how long the present lag takes at the rate of the last seconds, what arrives
 *     meanwhile aside; zero without a lag, empty where lag or rate are not known
 */
public record BudgetStatus(
    Duration window,
    int parallelism,
    int records,
    int admitted,
    int buffered,
    double utilisation,
    OptionalDouble maxRecordsPerSecond,
    List<TopicLatency> latencies,
    int maxPollRecords,
    int recommendedMaxPollRecords,
    Duration recommendedInterval,
    String sum,
    Optional<Duration> timeToDrain) {
  public BudgetStatus {
    latencies = List.copyOf(latencies);
  }

  /**
   * How long the handler takes for one record of a topic, over the last seconds in which there were
   * any; of a batch, its time divided by its records.
   *
   * @param samples records that this rests on
   * @param p50 half of the records took no longer
   * @param p95 95 of 100 took no longer
   * @param p99 99 of 100 took no longer
   * @param assumed what admission reckons with: a cautious figure, at least p95
   */
  public record TopicLatency(
      String topic, long samples, Duration p50, Duration p95, Duration p99, Duration assumed) {}
}
