package io.github.safeconsumer.examples.migrate;

import io.github.safeconsumer.examples.migrate.member.Journal;
import io.github.safeconsumer.examples.migrate.member.Member;
import io.github.safeconsumer.examples.migrate.member.Spec;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The loop of the tutorials: it commits what a poll has brought once that is done. A rebalance
 * comes only within poll(), when there is nothing left to commit.
 */
public final class PlainMember implements Member {
  private volatile boolean ends;
  private Thread thread;

  /** Made by name. */
  public PlainMember() {}

  @Override
  public void start(Spec spec, Journal journal) {
    thread = new Thread(() -> loop(spec, journal), "plain-loop");
    thread.start();
  }

  private void loop(Spec spec, Journal journal) {
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(spec.kafka())) {
      consumer.subscribe(List.of(spec.topic()));
      while (!ends) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          journal.handle(record);
        }
        consumer.commitSync();
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    ends = true;
    thread.join();
  }
}
