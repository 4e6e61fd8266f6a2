package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The work for one order. All but the {@code fulfil} line is the demo's own book-keeping. */
final class OrderHandler extends RecordHandler<String, Order> {
  private final Fulfilment fulfilment = new Fulfilment();
  private final Journal journal;
  private final Set<Integer> generations = ConcurrentHashMap.newKeySet();
  private final AtomicInteger handovers = new AtomicInteger();

  private final Consumer<String> onHandover;

  /** The other argument is told of each handover of partitions, in words. */
  OrderHandler(Journal journal, Consumer<String> onHandover) {
    this.journal = journal;
    this.onHandover = onHandover;
  }

  @Override
  public void handle(ConsumerRecord<String, Order> record, RecordContext context)
      throws InterruptedException {
    generations.add(context.generation());
    journal.began(record.partition(), record.offset());
    try {
      fulfilment.fulfil(record.value());
    } catch (RuntimeException | InterruptedException e) {
      journal.failed(record.partition(), record.offset());
      throw e;
    }
    journal.completed(record.partition(), record.offset());
  }

  @Override
  public void onAssigned(Collection<TopicPartition> partitions) {
    handover("assigned", partitions);
  }

  @Override
  public void onRevoked(Collection<TopicPartition> partitions) {
    handover("revoked", partitions);
  }

  @Override
  public void onLost(Collection<TopicPartition> partitions) {
    handover("lost", partitions);
  }

  private void handover(String what, Collection<TopicPartition> partitions) {
    handovers.incrementAndGet();
    onHandover.accept(what + " " + partitions);
  }

  /** Calls of onAssigned, onRevoked and onLost so far. */
  int handovers() {
    return handovers.get();
  }

  /** The generations of the group in which records were handled. */
  Set<Integer> generations() {
    return Set.copyOf(generations);
  }
}
