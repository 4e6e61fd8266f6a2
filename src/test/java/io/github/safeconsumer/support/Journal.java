package io.github.safeconsumer.support;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A handler that writes down what it was given and what it finished, and then does what the test
 * says. Thread-safe.
 */
public final class Journal<V> extends RecordHandler<String, V> {
  /** One line of the journal. */
  public record Entry(TopicPartition partition, long offset, int attempt, Object value) {}

  private final Function<ConsumerRecord<String, V>, String> note;
  private final RecordHandler.Handle<String, V> work;
  private RecordHandler<String, V> callbacks;
  private final ConcurrentLinkedQueue<Entry> started = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Entry> finished = new ConcurrentLinkedQueue<>();
  private final Map<TopicPartition, AtomicInteger> inside = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

  public Journal(RecordHandler.Handle<String, V> work) {
    this(record -> String.valueOf(record.value()), work);
  }

  private Journal(
      Function<ConsumerRecord<String, V>, String> note, RecordHandler.Handle<String, V> work) {
    this.note = note;
    this.work = work;
  }

  /** Writes down something else than the value, for values that are too big to keep. */
  public static <V> Journal<V> noting(
      Function<ConsumerRecord<String, V>, String> note, RecordHandler.Handle<String, V> work) {
    return new Journal<>(note, work);
  }

  /** Does what the handler does, its callbacks included. */
  public static <V> Journal<V> around(RecordHandler<String, V> handler) {
    Journal<V> journal = new Journal<>(handler::handle);
    journal.callbacks = handler;
    return journal;
  }

  /** Does nothing more. */
  public static <V> Journal<V> noOp() {
    return new Journal<>((record, context) -> {});
  }

  @Override
  public void handle(ConsumerRecord<String, V> record, RecordContext context) throws Exception {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Entry entry = new Entry(partition, record.offset(), context.attempt(), note.apply(record));
    AtomicInteger here = inside.computeIfAbsent(partition, p -> new AtomicInteger());
    if (here.incrementAndGet() > 1) {
      overlaps.add(entry.toString());
    }
    try {
      started.add(entry);
      work.handle(record, context);
      finished.add(entry);
    } finally {
      here.decrementAndGet();
    }
  }

  @Override
  public void onAssigned(Collection<TopicPartition> partitions) throws Exception {
    if (callbacks != null) {
      callbacks.onAssigned(partitions);
    }
  }

  @Override
  public void onRevoked(Collection<TopicPartition> partitions) throws Exception {
    if (callbacks != null) {
      callbacks.onRevoked(partitions);
    }
  }

  @Override
  public void onLost(Collection<TopicPartition> partitions) throws Exception {
    if (callbacks != null) {
      callbacks.onLost(partitions);
    }
  }

  public List<Entry> started() {
    return new ArrayList<>(started);
  }

  public List<Entry> finished() {
    return new ArrayList<>(finished);
  }

  /** Records of one partition that were handled at the same time. */
  public List<String> overlaps() {
    return List.copyOf(overlaps);
  }

  /** Records finished more than once. */
  public long duplicates() {
    List<Entry> all = finished();
    return all.size() - all.stream().map(e -> e.partition() + "@" + e.offset()).distinct().count();
  }

  /** Distinct records finished. */
  public long distinct() {
    return finished().stream().map(e -> e.partition() + "@" + e.offset()).distinct().count();
  }
}
