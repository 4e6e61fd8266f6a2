package io.github.safeconsumer.examples.bench.spring;

import io.github.safeconsumer.examples.bench.subject.OrderDeserializer;
import io.github.safeconsumer.examples.bench.subject.Partitions;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Subject;
import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.serializer.ErrorHandlingDeserializer;

/**
 * Spring Kafka's listener containers, as an application without Spring Boot builds them. The
 * settings and their reasons are in PEERS.md. Order is that of the partition, whatever the run asks
 * for.
 */
public final class Spring implements Subject {
  private final List<ConcurrentMessageListenerContainer<String, Object>> members =
      new ArrayList<>();

  /** Made by name. */
  public Spring() {}

  @Override
  public void start(RunSpec spec, Work work) throws ExecutionException, InterruptedException {
    int containers = containers(spec, Partitions.of(spec));
    for (int member = 0; member < spec.members(); member++) {
      members.add(member(spec, work, containers));
    }
    members.forEach(ConcurrentMessageListenerContainer::start);
  }

  /** One for each partition of the member, for a partition has one thread at most. */
  private static int containers(RunSpec spec, int partitions) {
    int ofMember = (partitions + spec.members() - 1) / spec.members();
    return Math.min(ofMember, spec.concurrency());
  }

  private static ConcurrentMessageListenerContainer<String, Object> member(
      RunSpec spec, Work work, int containers) {
    ConcurrentMessageListenerContainer<String, Object> member =
        new ConcurrentMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<String, Object>(settings(spec)),
            properties(spec, work));
    member.setConcurrency(containers);
    // As by default, but that a record that is given up ends the run: nothing is meant to fail.
    member.setCommonErrorHandler(new DefaultErrorHandler((record, e) -> work.failed(e)));
    return member;
  }

  private static ContainerProperties properties(RunSpec spec, Work work) {
    ContainerProperties properties = new ContainerProperties(spec.topics().toArray(String[]::new));
    properties.setAckMode(ContainerProperties.AckMode.BATCH);
    properties.setSyncCommits(false);
    properties.setMessageListener(
        spec.batchSize() > 0 ? new Listeners.OfBatches(work) : new Listeners.OfRecords(work));
    return properties;
  }

  private static Map<String, Object> settings(RunSpec spec) {
    Map<String, Object> settings = spec.consumerSettings();
    settings.put("key.deserializer", StringDeserializer.class);
    if (spec.json()) {
      settings.put("value.deserializer", ErrorHandlingDeserializer.class);
      settings.put(ErrorHandlingDeserializer.VALUE_DESERIALIZER_CLASS, OrderDeserializer.class);
    } else {
      settings.put("value.deserializer", ByteArrayDeserializer.class);
    }
    if (spec.batchSize() > 0) {
      settings.put("max.poll.records", String.valueOf(spec.batchSize()));
    }
    return settings;
  }

  @Override
  public void close() {
    members.forEach(ConcurrentMessageListenerContainer::stop);
  }
}
