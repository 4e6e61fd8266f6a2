package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.Door;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Threads;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A resume that comes while the consumer is being suspended, at each step of that. */
@Timeout(120)
class ResumeMeetsSuspendIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "meets", PARTITIONS);

  static Stream<Arguments> underWay() {
    return GroupProtocol.each().stream()
        .flatMap(
            protocol ->
                Stream.of("drain", "onRevoked", "commitSync", "close")
                    .map(step -> Arguments.of(protocol, step)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("underWay")
  void shouldGoOnWhenResumeComesWhileTheSuspendIsUnderWay(GroupProtocol protocol, String step)
      throws Exception {
    Door door = new Door();
    AtomicReference<WatchedConsumer> self = new AtomicReference<>();
    CompletableFuture<CompletableFuture<Outcome>> resumed = new CompletableFuture<>();
    Runnable resume = () -> resumed.complete(self.get().commands().resume());
    RecordHandler<String, String> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<String, String> record, RecordContext context) {
            door.pass();
          }

          @Override
          public void onRevoked(Collection<TopicPartition> partitions) {
            if (step.equals("onRevoked") && !resumed.isDone()) {
              resume.run();
            }
          }
        };
    Journal<String> journal = Journal.around(handler);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = consumer(journal, protocol)) {
      self.set(consumer);
      Clients.fill(brokers, topic, PARTITIONS, 40);
      consumer.join();
      await().atMost(SOON).until(() -> door.inside() == PARTITIONS);
      CompletableFuture<Outcome> suspended = consumer.commands().suspend();
      await("it drains")
          .atMost(SOON)
          .until(() -> Threads.isIn(consumer.clients().user(), "shell.Drain"));
      switch (step) {
        case "drain" -> resume.run();
        case "commitSync", "close" ->
            consumer
                .clients()
                .disturb(
                    step,
                    call -> {
                      consumer.clients().calm(step);
                      resume.run();
                      return call.proceed();
                    });
        default -> {}
      }
      door.open();

      assertThat(resumed.get(30, SECONDS).get(30, SECONDS).applied()).isTrue();
      assertThat(suspended.get(30, SECONDS).result()).isEqualTo(Outcome.Result.SUPERSEDED);
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == 40);
      assertThat(consumer.status().state()).isEqualTo(State.RUNNING);
      assertThat(Consumers.members(admin, group)).isEqualTo(1);
      consumer.closeClean();
    } finally {
      door.open();
    }
    assertThat(journal.distinct()).isEqualTo(40);
    assertThat(journal.duplicates()).isZero();
    assertThat(journal.overlaps()).isEmpty();
  }

  private WatchedConsumer consumer(Journal<String> journal, GroupProtocol protocol) {
    return new WatchedConsumer(brokers, group, journal, topic)
        .with(protocol.settings(0))
        .concurrency(PARTITIONS);
  }
}
