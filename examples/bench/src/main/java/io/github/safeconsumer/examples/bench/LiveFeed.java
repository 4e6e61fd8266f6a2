package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.Stamp;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Produces records at a steady rate; each is sent at once, and stamped with the time. */
final class LiveFeed implements AutoCloseable {
  private final String topic;
  private final TopicPlan plan;
  private final Values values;
  private final KafkaProducer<String, byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  LiveFeed(String bootstrap, String topic, TopicPlan plan) {
    this.topic = topic;
    this.plan = plan;
    values = new Values(plan.valueBytes());
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "key.serializer",
                StringSerializer.class.getName(),
                "value.serializer",
                ByteArraySerializer.class.getName(),
                "linger.ms",
                0,
                "acks",
                "1",
                "enable.idempotence",
                "false"));
  }

  /** One record without a stamp for each partition: a group that has handled them has formed. */
  void prime() {
    for (int partition = 0; partition < plan.partitions(); partition++) {
      send(new ProducerRecord<>(topic, partition, "prime-" + partition, values.at(partition)));
    }
    producer.flush();
  }

  /**
   * The first quarter has no stamps: a group that has just formed, and a producer that has just
   * begun, say nothing about the rate. A late record does not shift those after it.
   */
  void run(int perSecond) throws InterruptedException {
    long lead = plan.records() / 4;
    long start = System.nanoTime();
    for (long i = 0; i < plan.records(); i++) {
      long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(due - now);
      }
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(topic, "key-" + i % plan.keys(), values.at(i));
      if (i >= lead) {
        Stamp.put(record.headers());
      }
      send(record);
    }
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("could not produce to " + topic, failure.get());
    }
  }

  private void send(ProducerRecord<String, byte[]> record) {
    producer.send(record, (sent, error) -> failure.compareAndSet(null, error));
  }

  @Override
  public void close() {
    producer.close();
  }
}
