package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Operator;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker and real clients. */
final class RealGround implements Ground {
  private final String brokers = SharedKafka.bootstrapServers();
  private final Operator operator = new Operator(brokers);
  private final Admin admin = Clients.admin(brokers);

  @Override
  public Consumer<byte[], byte[]> client(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put("bootstrap.servers", brokers);
    all.put("enable.auto.commit", false);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void createTopic(String name, int partitions) {
    Topics.createNamed(brokers, name, partitions, Map.of());
  }

  @Override
  public void growTopic(String name, int partitions) {
    operator.growTo(name, partitions);
  }

  @Override
  public void deleteTopic(String name) {
    operator.delete(name);
  }

  @Override
  public void append(TopicPartition partition, int records) {
    write(partition, records, Map.of());
  }

  @Override
  public void appendTransaction(TopicPartition partition, int records) {
    long end = end(partition, IsolationLevel.READ_UNCOMMITTED);
    write(partition, records, Map.of("transactional.id", Topics.uniqueName("tx")));
    // The marker is written after the commit has returned.
    while (end(partition, IsolationLevel.READ_COMMITTED) < end + records + 1) {
      Thread.onSpinWait();
    }
  }

  private long end(TopicPartition partition, IsolationLevel isolation) {
    return operator.ends(List.of(partition), isolation).get(partition);
  }

  private void write(TopicPartition partition, int records, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", brokers);
    config.put("max.in.flight.requests.per.connection", 1);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      if (!more.isEmpty()) {
        producer.initTransactions();
        producer.beginTransaction();
      }
      for (int i = 0; i < records; i++) {
        producer
            .send(
                new ProducerRecord<>(
                    partition.topic(), partition.partition(), null, new byte[] {1}))
            .get(30, TimeUnit.SECONDS);
      }
      if (!more.isEmpty()) {
        producer.commitTransaction();
      }
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("could not write to " + partition, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void deleteRecordsBefore(TopicPartition partition, long offset) {
    operator.deleteRecords(partition, offset);
  }

  @Override
  public long committed(String group, TopicPartition partition) {
    return operator.committed(group, partition);
  }

  @Override
  public int members(String group) {
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get(30, TimeUnit.SECONDS)
          .get(group)
          .members()
          .size();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("group " + group + " not described", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void idle() {
    Thread.onSpinWait();
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void close() {
    admin.close();
    operator.close();
  }
}
