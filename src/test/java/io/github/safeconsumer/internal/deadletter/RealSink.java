package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.KafkaSettings;
import io.github.safeconsumer.internal.config.OffsetReset;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A sink as in production, on a real broker. */
final class RealSink implements AutoCloseable {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  final ProducerDeadLetterSink sink;

  RealSink(Map<String, Object> user, DeadLetterPolicy policy) {
    sink =
        new ProducerDeadLetterSink(
            policy,
            new Subscription(List.of("orders"), null),
            DeadLetterProducerSettings.producer(kafka(user), policy),
            KafkaProducer::new,
            new ProducerDeadLetterSink.Surroundings(
                executor,
                Clock.systemUTC(),
                System::nanoTime,
                () -> 0.5,
                task -> new Thread(task, "closer").start(),
                Platform.system().execution()::await));
  }

  static KafkaSettings kafka(Map<String, Object> user) {
    return new KafkaSettings(
        Map.of(),
        user,
        "billing",
        Optional.empty(),
        "billing-1",
        false,
        Duration.ofMinutes(5),
        Duration.ofSeconds(45),
        Duration.ofSeconds(3),
        500,
        new OffsetReset(OffsetReset.Kind.EARLIEST, Duration.ZERO, true));
  }

  Told send(DeadLetter letter) {
    Told told = new Told();
    told.sending = sink.send(letter, told);
    return told;
  }

  /** All letters of a topic, partition by partition. */
  static List<List<ConsumerRecord<byte[], byte[]>>> read(
      String bootstrapServers, String topic, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
    List<List<ConsumerRecord<byte[], byte[]>>> partitions = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo info : consumer.partitionsFor(topic)) {
        all.add(new TopicPartition(topic, info.partition()));
        partitions.add(new ArrayList<>());
      }
      consumer.assign(all);
      long start = System.nanoTime();
      int read = 0;
      while (read < count) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          partitions.get(record.partition()).add(record);
          read++;
        }
        if (System.nanoTime() - start > Duration.ofSeconds(30).toNanos()) {
          throw new AssertionError("read " + read + " of " + count + " dead letters of " + topic);
        }
      }
    }
    return partitions;
  }

  @Override
  public void close() {
    sink.close(Duration.ofSeconds(1));
    executor.shutdownNow();
  }

  /** What a letter's owner was told, from whatever thread. */
  static final class Told implements DeadLetterSink.Progress {
    final List<String> all = new CopyOnWriteArrayList<>();
    DeadLetterSink.Sending sending;

    @Override
    public void acknowledged(String topic) {
      all.add("acknowledged " + topic);
    }

    @Override
    public void failed(String topic, String exceptionClass, Duration delay) {
      all.add("failed " + exceptionClass.substring(exceptionClass.lastIndexOf('.') + 1));
    }

    @Override
    public void blocked(String reason, String remedy) {
      all.add("blocked " + reason);
    }

    boolean isAcknowledged() {
      return !all.isEmpty() && all.get(all.size() - 1).startsWith("acknowledged");
    }
  }
}
