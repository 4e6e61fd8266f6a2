package io.github.safeconsumer.examples.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Creates topics and fills them once, with full batches. */
final class Topics {
  private static final String SEGMENT_BYTES = String.valueOf(64 << 20);

  private final String bootstrap;
  private final Admin admin;
  private final Set<String> filled = new HashSet<>();

  Topics(String bootstrap, Admin admin) {
    this.bootstrap = bootstrap;
    this.admin = admin;
  }

  void create(String name, int partitions) throws InterruptedException {
    NewTopic topic =
        new NewTopic(name, partitions, (short) 1).configs(Map.of("segment.bytes", SEGMENT_BYTES));
    done(admin.createTopics(List.of(topic)).all(), "create " + name);
  }

  void delete(String name) throws InterruptedException {
    done(admin.deleteTopics(List.of(name)).all(), "delete " + name);
  }

  private static void done(KafkaFuture<Void> answer, String what) throws InterruptedException {
    try {
      answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not " + what, e.getCause());
    }
  }

  /** Does nothing when the topic was filled before. */
  String filled(TopicPlan plan) throws InterruptedException {
    String name = plan.name();
    if (filled.add(name)) {
      create(name, plan.partitions());
      fill(name, plan);
    }
    return name;
  }

  /**
   * One partition after the other, so that batches are full however many partitions there are. Each
   * key has its partition, and keys take turns within it.
   */
  private void fill(String topic, TopicPlan plan) {
    Values values = new Values(plan.valueBytes());
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(fillerSettings())) {
      for (int partition = 0; partition < plan.partitions(); partition++) {
        long count = recordsOf(plan, partition);
        int keys = Math.max(1, (plan.keys() - partition - 1) / plan.partitions() + 1);
        for (long i = 0; i < count; i++) {
          String key = "key-" + (partition + plan.partitions() * (i % keys));
          producer.send(
              new ProducerRecord<>(topic, partition, key, values.at(i)),
              (sent, error) -> failure.compareAndSet(null, error));
        }
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("could not fill " + topic, failure.get());
    }
  }

  /** An even share; the first partitions take what is over. */
  static long recordsOf(TopicPlan plan, int partition) {
    long share = plan.records() / plan.partitions();
    return share + (partition < plan.records() % plan.partitions() ? 1 : 0);
  }

  private Map<String, Object> fillerSettings() {
    return Map.of(
        "bootstrap.servers",
        bootstrap,
        "key.serializer",
        StringSerializer.class.getName(),
        "value.serializer",
        ByteArraySerializer.class.getName(),
        "batch.size",
        512 << 10,
        "linger.ms",
        1_000,
        "buffer.memory",
        256L << 20,
        "compression.type",
        "none",
        "enable.idempotence",
        "false",
        "acks",
        "1");
  }
}
