package io.github.safeconsumer.support;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Consumers as tests build them, and what the broker knows of them. */
public final class Consumers {
  private Consumers() {}

  /** Strings, earliest, quick retries, no breaker, no dead-letter topic; each test adds its own. */
  public static SafeConsumer.Builder<String, String> strings(
      String bootstrapServers, String group, String topic, RecordHandler<String, String> handler) {
    return strings(bootstrapServers, group, handler).topics(topic);
  }

  /** The same, without a topic yet. */
  public static SafeConsumer.Builder<String, String> strings(
      String bootstrapServers, String group, RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                group,
                "auto.offset.reset",
                "earliest"))
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .retry(RetryPolicy.fixed(Duration.ofMillis(20)).maxAttempts(3))
        .deadLetter(DeadLetterPolicy.none())
        .shutdownHook(false)
        .circuitBreaker(CircuitBreakerPolicy.off()) // many tests fail record after record
        .handler(handler);
  }

  /** How many members the brokers count in the group; none where they do not know it. */
  public static int members(Admin admin, String group) {
    try {
      return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw new IllegalStateException("members of " + group + " not read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What the group has committed, by partition. */
  public static Map<TopicPartition, Long> committed(Admin admin, String group) {
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return offsets.entrySet().stream()
          .filter(e -> e.getValue() != null)
          .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("offsets of " + group + " not read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** All that the group has committed, summed up: how many records it is done with. */
  public static long committedInAll(Admin admin, String group) {
    return committed(admin, group).values().stream().mapToLong(offset -> offset).sum();
  }
}
