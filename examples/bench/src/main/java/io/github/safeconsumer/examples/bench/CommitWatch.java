package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.Latencies;
import io.github.safeconsumer.examples.bench.subject.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches from outside what a group has committed, so that the measured process has no part in it.
 * A time that it gives is late by its interval and the answer of the broker, a few milliseconds.
 */
final class CommitWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 2;

  private final Admin admin;
  private final String group;
  private final List<Sight> sights = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closing;

  /** What was committed at a time. */
  record Sight(long micros, Map<Integer, Long> offsets) {}

  CommitWatch(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
    thread = new Thread(this::watch, "commits of " + group);
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!closing) {
        Map<Integer, Long> offsets = committed(admin, group);
        if (sights.isEmpty() || !sights.get(sights.size() - 1).offsets().equals(offsets)) {
          sights.add(new Sight(Stamp.now(), offsets));
        }
        TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Committed offsets by partition; the group reads one topic. */
  static Map<Integer, Long> committed(Admin admin, String group) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> all;
    try {
      all = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not read the offsets of " + group, e.getCause());
    }
    Map<Integer, Long> offsets = new HashMap<>();
    all.forEach(
        (partition, offset) -> {
          if (Objects.nonNull(offset)) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  /**
   * From handled to committed, in microseconds.
   *
   * @param handled of each record its partition, its offset and when it was handled
   */
  Latencies latencies(List<long[]> handled) throws InterruptedException {
    close();
    return latencies(sights, handled);
  }

  static Latencies latencies(List<Sight> sights, List<long[]> handled) {
    Histogram micros = new Histogram(3);
    for (long[] row : handled) {
      sights.stream()
          .filter(sight -> sight.offsets().getOrDefault((int) row[0], 0L) > row[1])
          .findFirst()
          .ifPresent(sight -> micros.recordValue(Math.max(0, sight.micros() - row[2])));
    }
    return Latencies.of(micros);
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
