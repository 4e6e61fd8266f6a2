package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.config.OffsetReset;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * What the loop does when the position is not in the log: never a silent jump. Below the log's
 * start, retention took records: reading goes on at the first one left and the loss is reported
 * with its bounds. Beyond its end, or cut back, it is another log: a new ownership.
 */
final class OutOfRange {
  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final Acquirer acquirer;
  private final Duration wait;
  private final Events events;

  OutOfRange(
      Consumer<byte[], byte[]> client,
      Assignment assignment,
      Acquirer acquirer,
      Duration wait,
      Events events) {
    this.wait = wait;
    this.client = client;
    this.assignment = assignment;
    this.acquirer = acquirer;
    this.events = events;
  }

  /**
   * @throws OffsetOutOfRangeException again, where the policy is none: the caller decides
   */
  void handle(OffsetOutOfRangeException thrown) {
    if (thrown instanceof LogTruncationException truncation) {
      truncation.offsetOutOfRangePartitions().keySet().forEach(p -> cutBack(p, truncation));
      return;
    }
    if (acquirer.policy().kind() == OffsetReset.Kind.NONE) {
      throw thrown;
    }
    Map<TopicPartition, Long> wanted = thrown.offsetOutOfRangePartitions();
    Map<TopicPartition, Long> starts = client.beginningOffsets(wanted.keySet(), wait);
    for (Map.Entry<TopicPartition, Long> entry : wanted.entrySet()) {
      OwnedPartition partition = assignment.get(entry.getKey());
      Long start = starts.get(entry.getKey());
      if (partition == null || start == null || partition.stage() != OwnedPartition.Stage.ACTIVE) {
        continue;
      }
      if (entry.getValue() < start) {
        client.seek(entry.getKey(), start);
        events.emit(
            new SafeConsumerEvent.RecordsLost(
                events.now(), entry.getKey(), entry.getValue(), start));
      } else {
        acquirer.startAgain(
            partition,
            "the log ends before the position "
                + entry.getValue()
                + ": truncated, or created again");
      }
    }
  }

  /**
   * Reading starts again at the cut, or before it at the first record that is not done: what was
   * read before the cut is still the same log, and nothing of it may be left out. Where the cut is
   * not known, it starts at the beginning.
   */
  private void cutBack(TopicPartition topicPartition, LogTruncationException truncation) {
    OwnedPartition partition = assignment.get(topicPartition);
    if (partition == null || partition.stage() != OwnedPartition.Stage.ACTIVE) {
      return;
    }
    OffsetAndMetadata divergence = truncation.divergentOffsets().get(topicPartition);
    if (divergence == null) {
      acquirer.startAgain(
          partition, "the log was truncated by a leader change, nobody knows where");
      return;
    }
    long watermark = partition.watermark();
    acquirer.startAt(
        partition,
        watermark < divergence.offset() ? new OffsetAndMetadata(watermark) : divergence,
        "the log was truncated to " + divergence.offset() + " by a leader change");
  }
}
