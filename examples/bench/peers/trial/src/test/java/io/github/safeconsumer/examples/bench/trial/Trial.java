package io.github.safeconsumer.examples.bench.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.safeconsumer.examples.bench.subject.Order;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Subject;
import io.github.safeconsumer.localkafka.LocalKafka;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Runs subjects on a real broker, with few records, and checks that they handle them all. */
public final class Trial implements AutoCloseable {
  public static final int RECORDS = 3_000;
  public static final int PARTITIONS = 4;
  private static final int KEYS = 100;

  private final LocalKafka kafka = LocalKafka.start(1);
  private final Map<String, Object> address = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final String plain = "plain";
  private final String orders = "orders";

  /** Starts a broker and fills its topics. */
  public Trial() throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(plain, Optional.of(PARTITIONS), Optional.empty()),
                  new NewTopic(orders, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
    byte[] order =
        JsonMapper.builder()
            .build()
            .writeValueAsBytes(new Order("1", "Ada", "nail", 3, 299, "EUR", true, "soon"));
    fill(plain, "value".getBytes(StandardCharsets.UTF_8));
    fill(orders, order);
  }

  private void fill(String topic, byte[] value) throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(address, new StringSerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent =
          IntStream.range(0, RECORDS)
              .mapToObj(i -> producer.send(new ProducerRecord<>(topic, "key-" + i % KEYS, value)))
              .toList();
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    }
  }

  /** A client of the broker. */
  public Admin admin() {
    return Admin.create(address);
  }

  /** A run of a new group over one of the topics. */
  public RunSpec complete(Run run) {
    return new RunSpec(
        "by instance",
        kafka.bootstrapServers(),
        List.of(run.json() ? orders : plain),
        "trial-" + UUID.randomUUID(),
        0,
        RECORDS,
        run.ordering(),
        run.concurrency(),
        run.batchSize(),
        run.json(),
        run.members(),
        60_000,
        run.work(),
        Map.of());
  }

  /** Runs a subject until it has handled each record, ends it, and returns what it has seen. */
  public Seen run(Subject subject, RunSpec spec) throws Exception {
    Seen seen = new Seen(spec);
    try (subject) {
      subject.start(spec, seen);
      seen.await(RECORDS);
    }
    seen.rethrow();
    return seen;
  }

  /** Fails unless the consumer group has committed every record. */
  public void assertCommitted(RunSpec spec) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      long committed =
          admin
              .listConsumerGroupOffsets(spec.group())
              .partitionsToOffsetAndMetadata()
              .get()
              .values()
              .stream()
              .mapToLong(offset -> offset.offset())
              .sum();
      assertThat(committed).isEqualTo(RECORDS);
    }
  }

  @Override
  public void close() {
    kafka.close();
  }
}
