package io.github.safeconsumer.budget;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A member of a group that writes down how long it takes to hand partitions over. */
final class Member implements AutoCloseable {
  /**
   * One hand-over.
   *
   * @param partitions how many left
   * @param drainNanos from the moment the loop was told until nothing of them ran any more
   */
  record HandOver(int partitions, long drainNanos) {}

  /** Nothing of these partitions ran any more, at this moment. */
  private record Drained(int partitions, long at) {}

  private final WatchedConsumer consumer;
  private final ConcurrentLinkedQueue<HandOver> handOvers = new ConcurrentLinkedQueue<>();
  private volatile Drained last = new Drained(0, System.nanoTime());
  private volatile Drained counted = last;

  Member(
      String brokers,
      String group,
      String topic,
      Handled handled,
      Function<ConsumerRecord<String, String>, Duration> latency) {
    consumer =
        new WatchedConsumer(
            brokers,
            group,
            new RecordHandler<>() {
              @Override
              public void handle(ConsumerRecord<String, String> record, RecordContext context) {
                handled.work(record, latency.apply(record));
              }

              @Override
              public void onRevoked(Collection<TopicPartition> partitions) {
                last = new Drained(partitions.size(), System.nanoTime());
              }
            },
            topic);
    consumer
        .clients()
        .disturb(
            "onPartitionsRevoked",
            call -> {
              long told = System.nanoTime();
              Object nothing = call.proceed();
              count(told);
              return nothing;
            });
  }

  /** Counts the hand-over that was drained since then, if there was one. */
  private synchronized void count(long told) {
    Drained now = last;
    if (!now.equals(counted) && now.at() - told >= 0) {
      handOvers.add(new HandOver(now.partitions(), now.at() - told));
      counted = now;
    }
  }

  /** The consumer itself, to be set up and commanded. */
  WatchedConsumer consumer() {
    return consumer;
  }

  /** Leaves until it is resumed. */
  void suspend() throws Exception {
    long told = System.nanoTime();
    consumer.suspend();
    count(told);
  }

  void closeClean() {
    long told = System.nanoTime();
    consumer.closeClean();
    count(told);
  }

  /** Those that a rebalance, a suspend or the close made. */
  List<HandOver> handOvers() {
    return List.copyOf(handOvers);
  }

  List<SafeConsumerEvent> troubles() {
    return Troubles.in(consumer.events());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
