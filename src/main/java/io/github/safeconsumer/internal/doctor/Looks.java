package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Sample.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.common.TopicPartition;

/**
 * The looks at a group of the last half minute, and since when what stands still does.
 *
 * @param samples the earliest first; never empty
 * @param standing by partition: since when nothing was committed of it while records waited and its
 *     owner was the same
 */
record Looks(List<Sample> samples, Map<TopicPartition, Instant> standing) {
  private static final double SECOND = 1_000;

  Sample now() {
    return samples.get(samples.size() - 1);
  }

  /** The earliest; the present one where there is no other. */
  Sample first() {
    return samples.get(0);
  }

  /** The latest of those that are at least so long ago. */
  Optional<Sample> ago(Duration time) {
    return samples.stream()
        .filter(one -> !one.at().plus(time).isAfter(now().at()))
        .reduce((earlier, later) -> later);
  }

  boolean isFirst() {
    return samples.size() == 1;
  }

  /** Between the earliest and the present one. */
  Duration span() {
    Duration span = Duration.between(first().at(), now().at());
    return span.isNegative() ? Duration.ZERO : span;
  }

  /** For how long nothing was committed of it though records wait. */
  Duration stands(TopicPartition partition) {
    Instant since = standing.get(partition);
    return since == null || since.isAfter(now().at())
        ? Duration.ZERO
        : Duration.between(since, now().at());
  }

  OptionalDouble committedPerSecond(TopicPartition partition) {
    return perSecond(moved(partition).orElse(-1L));
  }

  OptionalDouble arrivedPerSecond(TopicPartition partition) {
    Log earlier = first().logs().get(partition);
    Log today = now().logs().get(partition);
    return perSecond(
        earlier == null || today == null ? -1 : Math.max(0, today.end() - earlier.end()));
  }

  /**
   * What may have been done a second at most: members commit now and then, and one more commit may
   * be due at any moment.
   */
  double doneAtMost(TopicPartition partition) {
    long largest = 0;
    for (int i = 1; i < samples.size(); i++) {
      largest = Math.max(largest, step(samples.get(i - 1), samples.get(i), partition));
    }
    return perSecond(moved(partition).orElse(0L) + largest).orElse(0);
  }

  private Optional<Long> moved(TopicPartition partition) {
    Log earlier = first().logs().get(partition);
    Log today = now().logs().get(partition);
    return earlier == null || today == null
        ? Optional.empty()
        : Optional.of(step(first(), now(), partition));
  }

  private static long step(Sample from, Sample to, TopicPartition partition) {
    Log earlier = from.logs().get(partition);
    Log later = to.logs().get(partition);
    // The first commit says where it began, not how far it came.
    return earlier == null || later == null || earlier.committed().isEmpty()
        ? 0
        : Math.max(0, later.position() - earlier.position());
  }

  private OptionalDouble perSecond(long records) {
    double seconds = span().toMillis() / SECOND;
    return records < 0 || seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(records / seconds);
  }
}
