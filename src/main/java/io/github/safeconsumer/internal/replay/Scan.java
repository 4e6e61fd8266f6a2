package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.shell.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads partitions up to ends that were set before, however fast others write behind them.
 *
 * @param spans what to read of each partition
 */
record Scan(
    Consumer<byte[], byte[]> consumer, Map<TopicPartition, Span> spans, Stop stop, Time time) {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Without any progress for so long, the cluster counts as silent. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** Offsets from the first to the one before the end. */
  record Span(long from, long end) {
    boolean isEmpty() {
      return from >= end;
    }
  }

  /**
   * Hands on what each poll brings.
   *
   * @param batch answers whether to go on
   */
  void run(Predicate<List<ConsumerRecord<byte[], byte[]>>> batch) {
    Map<TopicPartition, Long> left = new HashMap<>();
    spans.forEach(
        (partition, span) -> {
          if (!span.isEmpty()) {
            left.put(partition, span.from());
          }
        });
    consumer.assign(left.keySet());
    left.forEach(consumer::seek);
    long progressAt = time.nanos();
    while (!left.isEmpty()) {
      stop.check();
      List<ConsumerRecord<byte[], byte[]>> within = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < span(record).end()) {
          within.add(record);
        }
      }
      if (!within.isEmpty() && !batch.test(within)) {
        return;
      }
      if (advance(left)) {
        progressAt = time.nanos();
      } else if (time.nanos() - progressAt > SILENCE.toNanos()) {
        throw new TimeoutException(
            "nothing of " + left.keySet() + " could be read for " + SILENCE.toSeconds() + " s");
      }
    }
  }

  private Span span(ConsumerRecord<byte[], byte[]> record) {
    Span span = spans.get(new TopicPartition(record.topic(), record.partition()));
    return span == null ? new Span(0, 0) : span;
  }

  /** Takes out what is read to its end; true where anything moved. */
  private boolean advance(Map<TopicPartition, Long> left) {
    boolean moved = false;
    for (TopicPartition partition : List.copyOf(left.keySet())) {
      long position = consumer.position(partition, Access.ANSWER);
      Long before = left.put(partition, position);
      moved |= before == null || before != position;
      Span span = spans.get(partition);
      if (span == null || position >= span.end()) {
        left.remove(partition);
        consumer.pause(List.of(partition));
      }
    }
    return moved;
  }
}
