package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.shell.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first record from an offset on, of each partition: how old it is, and whether there is
 * one at all. With a reader of its own, which is in no group and commits nothing.
 */
final class OldestRecords implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  /** Beyond these only the ones that are furthest behind are read. */
  private static final int MOST = 50;

  private final Supplier<Consumer<byte[], byte[]>> readers;
  private final Time time;
  private final Map<TopicPartition, Known> known = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> reader;

  /**
   * What was found.
   *
   * @param timestamp of the first record, where it has one
   * @param nothing whether there is no record up to the end
   */
  record Found(Optional<Instant> timestamp, boolean nothing) {}

  /** What stands still is not read again at each look. */
  private record Known(long offset, Found found) {}

  OldestRecords(Supplier<Consumer<byte[], byte[]>> readers, Time time) {
    this.readers = readers;
    this.time = time;
  }

  /**
   * Looks from these offsets on; what is not found in five seconds is not known.
   *
   * @param ends of the logs
   */
  Map<TopicPartition, Found> from(
      Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> ends, List<String> unseen) {
    Map<TopicPartition, Found> found = recalled(offsets);
    int unknown = offsets.size() - found.size();
    Set<TopicPartition> wanted =
        offsets.keySet().stream()
            .filter(one -> !found.containsKey(one))
            .sorted(
                Comparator.comparingLong(
                    (TopicPartition one) -> known(offsets, one) - known(ends, one)))
            .limit(MOST)
            .collect(Collectors.toSet());
    if (wanted.size() < unknown) {
      unseen.add(
          "the age of the oldest record of "
              + (unknown - wanted.size())
              + " partitions: only those of the "
              + MOST
              + " that are furthest behind are read");
    }
    if (wanted.isEmpty()) {
      return found;
    }
    try {
      read(wanted, offsets, ends, found);
      remember(offsets, found);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      unseen.add(
          "the age of the oldest records ("
              + SafeThrowables.className(e)
              + "): grant READ on the topics to be told");
    }
    return found;
  }

  private Map<TopicPartition, Found> recalled(Map<TopicPartition, Long> offsets) {
    known.keySet().retainAll(offsets.keySet());
    Map<TopicPartition, Found> found = new HashMap<>();
    known.forEach(
        (partition, one) -> {
          if (one.offset() == known(offsets, partition)) {
            found.put(partition, one.found());
          }
        });
    return found;
  }

  /** That there is nothing holds only up to the end of this moment. */
  private void remember(Map<TopicPartition, Long> offsets, Map<TopicPartition, Found> found) {
    found.forEach(
        (partition, one) -> {
          if (!one.nothing()) {
            known.put(partition, new Known(known(offsets, partition), one));
          }
        });
  }

  private void read(
      Set<TopicPartition> wanted,
      Map<TopicPartition, Long> offsets,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Found> found) {
    Consumer<byte[], byte[]> client = reader();
    client.assign(wanted);
    wanted.forEach(one -> client.seek(one, known(offsets, one)));
    long until = time.nanos() + BOUND.toNanos();
    while (!found.keySet().containsAll(wanted) && time.nanos() - until < 0) {
      ConsumerRecords<byte[], byte[]> records = client.poll(POLL);
      for (TopicPartition one : records.partitions()) {
        ConsumerRecord<byte[], byte[]> first = records.records(one).get(0);
        found.putIfAbsent(one, found(first, known(ends, one)));
      }
      for (TopicPartition one : wanted) {
        if (!found.containsKey(one) && client.position(one, POLL) >= known(ends, one)) {
          found.put(one, new Found(Optional.empty(), true));
        }
      }
      client.pause(wanted.stream().filter(found::containsKey).toList());
    }
    client.unsubscribe();
  }

  private static long known(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Objects.requireNonNull(offsets.get(partition));
  }

  private static Found found(ConsumerRecord<byte[], byte[]> first, long end) {
    if (first.offset() >= end) {
      return new Found(Optional.empty(), true); // it came after the look at the end
    }
    return new Found(
        first.timestamp() < 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(first.timestamp())),
        false);
  }

  private Consumer<byte[], byte[]> reader() {
    Consumer<byte[], byte[]> open = reader;
    if (open == null) {
      open = readers.get();
      reader = open;
    }
    return open;
  }

  @Override
  @SuppressWarnings("deprecation") // its successor is missing in 3.9
  public void close() {
    if (reader != null) {
      reader.close(CLOSE);
    }
  }
}
