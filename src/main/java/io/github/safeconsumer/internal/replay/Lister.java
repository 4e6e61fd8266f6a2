package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.DeadLetters.Listing;
import io.github.safeconsumer.internal.deadletter.DeadLetterDecoder;
import io.github.safeconsumer.internal.replay.Scan.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks through the topic. The order in which partitions are read is chance, so all of it is read
 * before it is known which letters are the first.
 */
final class Lister {
  private static final Comparator<Entry> OLDEST_FIRST =
      Comparator.comparing(Entry::writtenAt)
          .thenComparing(e -> e.at().partition())
          .thenComparing(Entry::offset);

  private final Access access;
  private final Stop stop;
  private long read;
  private long matched;
  private long foreign;

  Lister(Access access, Stop stop) {
    this.access = access;
    this.stop = stop;
  }

  Listing list(Predicate<? super DeadLetter> filter, int limit) {
    // The newest on top, so it is the first to go.
    PriorityQueue<Entry> first = new PriorityQueue<>(OLDEST_FIRST.reversed());
    scan(
        (begins, ends) -> {
          Map<TopicPartition, Span> all = new HashMap<>();
          ends.forEach((p, end) -> all.put(p, new Span(begins.getOrDefault(p, 0L), end)));
          return all;
        },
        record -> {
          read++;
          Optional<Entry> entry = entry(record);
          if (entry.isEmpty()) {
            foreign++;
          } else if (filter.test(entry.get().letter())) {
            matched++;
            first.add(entry.get());
            if (first.size() > limit) {
              first.remove();
            }
          }
        });
    List<Entry> entries = new ArrayList<>(first);
    entries.sort(OLDEST_FIRST);
    return new Listing(entries, matched, read, foreign);
  }

  Optional<Entry> find(int partition, long offset) {
    TopicPartition at = new TopicPartition(access.topic(), partition);
    List<Entry> found = new ArrayList<>();
    scan(
        (begins, ends) -> {
          boolean there =
              offset >= begins.getOrDefault(at, Long.MAX_VALUE)
                  && offset < ends.getOrDefault(at, 0L);
          return there ? Map.of(at, new Span(offset, offset + 1)) : Map.of();
        },
        record -> entry(record).ifPresent(found::add));
    return found.stream().findFirst();
  }

  /** What to read of each partition, given where they begin and end. */
  private interface Choice {
    Map<TopicPartition, Span> of(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends);
  }

  private void scan(
      Choice choice, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    List<TopicPartition> partitions;
    Admin admin = access.admin();
    try {
      partitions = partitions(new Cluster(admin), access.topic());
    } finally {
      Clients.close(admin);
    }
    Consumer<byte[], byte[]> consumer = access.reader(Optional.empty());
    try {
      Map<TopicPartition, Span> spans =
          choice.of(
              consumer.beginningOffsets(partitions, Access.ANSWER),
              consumer.endOffsets(partitions, Access.ANSWER));
      new Scan(consumer, spans, stop, access.platform().time())
          .run(
              batch -> {
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                  stop.check();
                  taker.accept(record);
                }
                return true;
              });
    } finally {
      Clients.close(consumer);
    }
  }

  /** Of the topic, or a failure that says what is wrong with it. */
  static List<TopicPartition> partitions(Cluster cluster, String topic) {
    try {
      Cluster.Topic found =
          cluster
              .topic(topic)
              .orElseThrow(
                  () ->
                      new UnknownTopicOrPartitionException(
                          "topic="
                              + topic
                              + ": there is no such topic in this cluster; check the name and"
                              + " bootstrap.servers"));
      return IntStream.range(0, found.partitions())
          .mapToObj(p -> new TopicPartition(topic, p))
          .toList();
    } catch (AuthorizationException e) {
      throw Clients.explained(e, "topic=" + topic + ": grant READ on it to this user");
    }
  }

  static Optional<Entry> entry(ConsumerRecord<byte[], byte[]> record) {
    return DeadLetterDecoder.decode(record)
        .map(
            letter ->
                new Entry(
                    new TopicPartition(record.topic(), record.partition()),
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    letter));
  }
}
