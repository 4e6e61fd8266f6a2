package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A close whose bound passes says what has not ended, each by its name, its thread and where that
 * stands.
 */
@Timeout(120)
class HangingCloseIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration BOUND = Duration.ofSeconds(6);
  private static final Duration GRACE = Duration.ofMillis(1_500);

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "hanging", 2);
  private final Door handler = new Door();
  private final Door listener = new Door();
  private final Door revoked = new Door();

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldNameAHungHandlerAHungListenerAndAHungCallbackAllAtOnce() throws Exception {
    RecordHandler<String, String> hanging =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            if (record.partition() == 1) {
              handler.pass();
            }
          }

          @Override
          public void onRevoked(Collection<TopicPartition> partitions) {
            revoked.pass();
          }
        };
    try (WatchedConsumer consumer =
        new WatchedConsumer(brokers, group, Journal.around(hanging), topic).concurrency(2)) {
      consumer.settings().listener =
          event -> {
            if (event instanceof SafeConsumerEvent.PartitionsAssigned) {
              listener.pass();
            }
          };
      Clients.fill(brokers, topic, 2, 10);
      consumer.join();
      await().atMost(SOON).until(() -> handler.inside() == 1 && listener.inside() == 1);
      CloseReport report = closeInTime(consumer);

      assertThat(revoked.inside()).isEqualTo(1);
      assertThat(report.clean()).isFalse();
      assertThat(report.state()).isEqualTo(State.CLOSED);
      assertNamed(report, topic + "-1@0", "worker", "handle");
      assertNamed(report, "listener or assignment callback", "-events", "onEvent");
      assertNamed(report, "listener or assignment callback", "-callbacks", "onRevoked");
      assertThat(report.stillRunning()).hasSize(3);
    } finally {
      handler.open();
      listener.open();
      revoked.open();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldEndInTimeThoughTheBrokerOfTheDeadLettersIsSilent() throws Exception {
    try (LocalKafka elsewhere = LocalKafka.start(1)) {
      String deadLetters = Topics.create(elsewhere.bootstrapServers(), "dead", 2);
      Journal<String> journal =
          new Journal<>(
              (record, context) -> {
                if (record.partition() == 1) {
                  throw new IllegalStateException("not this one");
                }
              });
      try (WatchedConsumer consumer =
          new WatchedConsumer(brokers, group, journal, topic).concurrency(2)) {
        consumer.settings().deadLetter =
            DeadLetterPolicy.toTopic(deadLetters)
                .producer(Map.of("bootstrap.servers", elsewhere.bootstrapServers()));
        consumer.join();
        elsewhere.freeze(0);
        Clients.fill(brokers, topic, 2, 10);
        await()
            .atMost(SOON)
            .until(
                () ->
                    consumer.status().partitions().stream().anyMatch(p -> p.deadLettering() > 0)
                        && journal.finished().size() == 5);
        CloseReport report = closeInTime(consumer);

        assertThat(report.state()).as(report.toString()).isEqualTo(State.CLOSED);
        assertThat(report.clean()).as("a dead letter was not acknowledged").isFalse();
        assertThat(report.stillRunning())
            .anySatisfy(
                one -> {
                  assertThat(one.what()).isEqualTo("the dead-letter producer");
                  assertThat(one.thread()).contains("-dead-letter");
                })
            .anySatisfy(one -> assertThat(one.what()).contains(topic + "-1@0"));
      } finally {
        elsewhere.thaw(0);
      }
    }
  }

  private static CloseReport closeInTime(WatchedConsumer consumer) {
    long since = System.nanoTime();
    CloseReport report = consumer.commands().close(BOUND);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(BOUND.plus(GRACE));
    return report;
  }

  private static void assertNamed(CloseReport report, String what, String thread, String method) {
    assertThat(report.stillRunning())
        .as("%s on %s in %s()", what, thread, method)
        .anySatisfy(
            one -> {
              assertThat(one.what()).isEqualTo(what);
              assertThat(one.thread()).contains(thread);
              assertThat(one.stack())
                  .anySatisfy(frame -> assertThat(frame.getClassName()).endsWith("Door"))
                  .anySatisfy(frame -> assertThat(frame.getMethodName()).contains(method));
            });
  }
}
