package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Sample.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

  /**
   * Over how long commits of it were seen: the first one says where it began, not how far it came.
   */
  Duration committedFor(TopicPartition partition) {
    return samples.stream()
        .filter(one -> isCommitted(one, partition))
        .findFirst()
        .map(earliest -> Duration.between(earliest.at(), now().at()))
        .filter(time -> !time.isNegative() && isCommitted(now(), partition))
        .orElse(Duration.ZERO);
  }

  private static boolean isCommitted(Sample sample, TopicPartition partition) {
    Log log = sample.logs().get(partition);
    return log != null && log.committed().isPresent();
  }

  /** Empty where commits were seen at no two looks. */
  OptionalDouble committedPerSecond(TopicPartition partition) {
    return perSecond(steps(partition).sum(), committedFor(partition));
  }

  OptionalDouble arrivedPerSecond(TopicPartition partition) {
    Log earlier = first().logs().get(partition);
    Log today = now().logs().get(partition);
    return earlier == null || today == null
        ? OptionalDouble.empty()
        : perSecond(Math.max(0, today.end() - earlier.end()), span());
  }

  /**
   * What may have been done a second at most: members commit now and then, and one more commit may
   * be due at any moment.
   */
  double doneAtMost(TopicPartition partition) {
    long largest = steps(partition).max().orElse(0);
    return perSecond(steps(partition).sum() + largest, committedFor(partition)).orElse(0);
  }

  /** How far it came from look to look. */
  private LongStream steps(TopicPartition partition) {
    return IntStream.range(1, samples.size())
        .mapToLong(i -> step(samples.get(i - 1), samples.get(i), partition));
  }

  private static long step(Sample from, Sample to, TopicPartition partition) {
    return isCommitted(from, partition) && isCommitted(to, partition)
        ? Math.max(0, to.log(partition).position() - from.log(partition).position())
        : 0;
  }

  private static OptionalDouble perSecond(long records, Duration time) {
    double seconds = time.toMillis() / SECOND;
    return seconds <= 0 ? OptionalDouble.empty() : OptionalDouble.of(records / seconds);
  }
}
