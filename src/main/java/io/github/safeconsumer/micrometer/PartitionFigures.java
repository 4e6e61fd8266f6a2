package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.PartitionStatus;
import java.util.List;

/**
 * Figures of each partition: of all of them, or of none where there are more than may be shown. A
 * part of them would look like the whole.
 */
final class PartitionFigures {
  private PartitionFigures() {}

  static void write(List<PartitionStatus> partitions, Options options, Sheet sheet) {
    boolean shown = options.perPartition() && partitions.size() <= options.most();
    sheet.put(Figure.HIDDEN_PARTITIONS, shown ? 0 : partitions.size());
    if (shown) {
      partitions.forEach(one -> write(one, sheet));
    }
  }

  private static void write(PartitionStatus one, Sheet sheet) {
    String topic = one.partition().topic();
    String number = String.valueOf(one.partition().partition());
    double lag = one.lag().isPresent() ? one.lag().getAsLong() : Double.NaN;
    sheet.put(Figure.PARTITION_LAG, lag, topic, number);
    sheet.put(Figure.PARTITION_AGE, Seconds.age(one), topic, number);
    sheet.put(Figure.PARTITION_DONE_RATE, one.donePerSecond().orElse(Double.NaN), topic, number);
    sheet.put(
        Figure.PARTITION_ARRIVED_RATE, one.arrivedPerSecond().orElse(Double.NaN), topic, number);
    sheet.put(Figure.PARTITION_DRAIN_TIME, Seconds.of(one.timeToDrain()), topic, number);
    sheet.put(Figure.PARTITION_IN_FLIGHT, one.inFlight(), topic, number);
    sheet.put(Figure.PARTITION_OLDEST_ATTEMPT, Seconds.oldestAttempt(one), topic, number);
    sheet.put(Figure.PARTITION_RETRYING, one.waiting(), topic, number);
    sheet.put(Figure.PARTITION_BLOCKED, one.blocked(), topic, number);
    sheet.put(Figure.PARTITION_BUFFERED, one.buffered(), topic, number);
  }
}
