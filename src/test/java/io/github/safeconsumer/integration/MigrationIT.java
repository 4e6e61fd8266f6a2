package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group goes from a plain loop to SafeConsumer and back, under its old name: nothing is lost. */
@Timeout(180)
class MigrationIT {
  private static final String SERVERS = SharedKafka.bootstrapServers();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 1_200;

  private final String topic = Topics.create(SERVERS, "migrated", PARTITIONS);
  private final String group = Topics.uniqueName("group");
  private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();

  private void handle(ConsumerRecord<String, String> record) throws InterruptedException {
    Thread.sleep(2); // the work
    handled
        .computeIfAbsent(record.partition() + "@" + record.offset(), first -> new AtomicInteger())
        .incrementAndGet();
  }

  private long twice() {
    return handled.values().stream().filter(times -> times.get() > 1).count();
  }

  private SafeConsumer<String, String> safeConsumer() {
    return Consumers.strings(
            SERVERS, group, topic, RecordHandler.of((record, context) -> handle(record)))
        .ordering(Ordering.KEY)
        .concurrency(4)
        .build();
  }

  /** The loop of the tutorials, in its careful form: it commits each record, and on revocation. */
  private final class PlainLoop {
    private final AtomicBoolean ends = new AtomicBoolean();
    private final Thread thread = new Thread(this::loop, "plain-loop");

    private PlainLoop() {
      thread.setDaemon(true);
      thread.start();
    }

    private void loop() {
      Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers", SERVERS,
                  "group.id", group,
                  "auto.offset.reset", "earliest",
                  "enable.auto.commit", "false",
                  "max.poll.records", "20"),
              new StringDeserializer(),
              new StringDeserializer())) {
        consumer.subscribe(
            List.of(topic),
            new ConsumerRebalanceListener() {
              @Override
              public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                consumer.commitSync(done);
                done.clear();
              }

              @Override
              public void onPartitionsAssigned(Collection<TopicPartition> assigned) {}
            });
        while (!ends.get()) {
          for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
            handle(record);
            done.put(
                new TopicPartition(record.topic(), record.partition()),
                new OffsetAndMetadata(record.offset() + 1));
          }
          consumer.commitSync(done);
          done.clear();
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    void end() {
      ends.set(true);
      await().atMost(SOON).until(() -> !thread.isAlive());
    }
  }

  private void awaitHandled(int records) {
    await().atMost(SOON).until(() -> handled.size() >= records);
  }

  @Test
  void shouldGoOnWhereThePlainLoopStoppedAndThePlainLoopWhereItStopped() throws Exception {
    Clients.fill(SERVERS, topic, PARTITIONS, RECORDS);
    PlainLoop before = new PlainLoop();
    awaitHandled(RECORDS / 3);
    before.end();
    try (SafeConsumer<String, String> consumer = safeConsumer()) {
      consumer.start().get(30, SECONDS);
      awaitHandled(2 * RECORDS / 3);
      assertThat(consumer.close(Duration.ofSeconds(20)).clean()).isTrue();
    }
    PlainLoop after = new PlainLoop();
    awaitHandled(RECORDS);
    after.end();
    System.out.println("FIGURES migration, one after the other: " + twice() + " handled twice");
    assertThat(handled).hasSize(RECORDS);
    assertThat(twice()).isZero();
  }
}
