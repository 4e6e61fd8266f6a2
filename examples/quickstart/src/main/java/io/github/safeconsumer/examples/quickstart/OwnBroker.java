package io.github.safeconsumer.examples.quickstart;

import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Ten orders, one of them bad, and what becomes of them. */
final class OwnBroker {
  static final String TOPIC = "orders";
  private static final int ORDERS = 10;
  private static final int BAD = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final PrintStream out;
  private final CountDownLatch handled = new CountDownLatch(ORDERS - 1);

  OwnBroker(String bootstrapServers, PrintStream out) {
    this.bootstrapServers = bootstrapServers;
    this.out = out;
  }

  private void handle(String order) {
    if (order.endsWith("-" + BAD)) {
      throw new NonRetryableException("no such customer");
    }
    out.println("shipped " + order);
    handled.countDown();
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    produce();
    try (SafeConsumer<String, String> consumer =
        Quickstart.consumer(
            bootstrapServers,
            TOPIC,
            RecordHandler.of((record, context) -> handle(record.value())))) {
      Outcome joined = consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      out.println(joined.reason());
      boolean shipped = handled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String letter = deadLetter();
      out.println("dead letter: " + letter);
      consumer.diagnose().forEach(cause -> out.println(cause.code() + ": " + cause.evidence()));
      return shipped && letter.equals("order-" + BAD);
    }
  }

  private void produce() throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1)))
          .all()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      for (int i = 0; i < ORDERS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, "customer-" + i % 3, "order-" + i));
      }
    }
  }

  /** The first letter in the dead-letter topic, read as anybody would. */
  private String deadLetter() {
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(kafka, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(TOPIC + ".dlt").stream()
              .map(one -> new TopicPartition(one.topic(), one.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() - deadline < 0) {
        for (var letter : reader.poll(Duration.ofMillis(200))) {
          return letter.value();
        }
      }
      return "none";
    }
  }
}
