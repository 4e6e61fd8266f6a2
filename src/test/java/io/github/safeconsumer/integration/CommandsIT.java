package io.github.safeconsumer.integration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Journal;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import io.github.safeconsumer.support.Work;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands are taken wherever they are given. */
@Timeout(120)
class CommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration WORK = Duration.ofMillis(5);
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 400;

  /** Where the user's code is when it gives the command. */
  enum Place {
    HANDLER,
    STATE_CHANGED,
    PARTITIONS_ASSIGNED,
    ON_ASSIGNED,
    ON_REVOKED
  }

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "commands", PARTITIONS);

  /** Every place by either protocol in turn. */
  static Stream<Arguments> places() {
    List<GroupProtocol> protocols = GroupProtocol.each();
    List<Place> places = List.of(Place.values());
    return IntStream.range(0, places.size())
        .mapToObj(i -> Arguments.of(places.get(i), protocols.get(i % protocols.size())));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("places")
  void shouldSuspendAndResumeFromThere(Place place, GroupProtocol protocol) throws Exception {
    CompletableFuture<Outcome> suspended = new CompletableFuture<>();
    CompletableFuture<Outcome> resumed = new CompletableFuture<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    AtomicReference<WatchedConsumer> self = new AtomicReference<>();
    AtomicBoolean once = new AtomicBoolean();
    Consumer<Place> here =
        at -> {
          if (at == place && once.compareAndSet(false, true)) {
            CompletableFuture<Outcome> answer = self.get().commands().suspend();
            answer.thenAccept(suspended::complete);
            answer
                .thenCompose(done -> self.get().commands().resume())
                .thenAccept(resumed::complete);
            try {
              answer.join();
            } catch (IllegalStateException e) {
              refused.set(e);
            }
          }
        };
    Journal<String> journal = Journal.around(handler(here));
    Journal<String> siblings = new Journal<>((record, context) -> Work.lasting(WORK));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = member(journal, protocol, 0);
        WatchedConsumer sibling = member(siblings, protocol, 1)) {
      self.set(consumer);
      consumer.settings().listener = event -> told(event, here);
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      consumer.begin();
      if (place == Place.ON_REVOKED) {
        await().atMost(SOON).until(() -> !journal.finished().isEmpty());
        sibling.join();
      }
      assertThat(suspended.get(60, SECONDS).applied()).as(suspended.toString()).isTrue();
      assertThat(resumed.get(60, SECONDS).applied()).as(resumed.toString()).isTrue();
      assertThat(refused.get()).as("waiting there").hasMessageContaining("wait for itself");
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
      assertThat(consumer.clients().created()).isEqualTo(2);
    }
    assertThat(journal.distinct() + siblings.distinct()).isEqualTo(RECORDS);
    assertThat(journal.duplicates() + siblings.duplicates()).isZero();
  }

  private static RecordHandler<String, String> handler(Consumer<Place> here) {
    return new RecordHandler<>() {
      @Override
      public void handle(ConsumerRecord<String, String> record, RecordContext context) {
        Work.lasting(WORK);
        here.accept(Place.HANDLER);
      }

      @Override
      public void onAssigned(Collection<TopicPartition> partitions) {
        here.accept(Place.ON_ASSIGNED);
      }

      @Override
      public void onRevoked(Collection<TopicPartition> partitions) {
        here.accept(Place.ON_REVOKED);
      }
    };
  }

  private static void told(SafeConsumerEvent event, Consumer<Place> here) {
    if (event instanceof SafeConsumerEvent.StateChanged) {
      here.accept(Place.STATE_CHANGED);
    } else if (event instanceof SafeConsumerEvent.PartitionsAssigned) {
      here.accept(Place.PARTITIONS_ASSIGNED);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldStartAsItWasToldBeforeTheStart() throws Exception {
    Journal<String> journal = Journal.noOp();
    TopicPartition held = new TopicPartition(topic, 1);
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = member(journal, GroupProtocol.EAGER, 0).prepare()) {
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      consumer.pause(List.of(held));
      consumer.resume();
      consumer.pauseAndDrain();
      consumer.suspend();
      Outcome started = consumer.begin().get(30, SECONDS);

      assertThat(started.result()).isEqualTo(Outcome.Result.SUPERSEDED);
      assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
      assertThat(consumer.clients().created()).isZero();
      consumer.resume();
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS / 4 * 3);
      assertThat(journal.started()).noneMatch(entry -> entry.partition().equals(held));
      consumer.resume(List.of(held));
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
    }
    assertThat(journal.duplicates()).isZero();
  }

  /** What is asked of a consumer whose client failed. */
  enum Asked {
    PAUSE,
    PAUSE_AND_DRAIN,
    PAUSE_PARTITIONS,
    RESUME
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource(Asked.class)
  void shouldComeUpAsItWasToldWhileItsClientWasReplaced(Asked asked) throws Exception {
    Journal<String> journal = new Journal<>((record, context) -> Work.lasting(WORK));
    List<TopicPartition> held = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 2));
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer consumer = member(journal, GroupProtocol.EAGER, 0)) {
      Clients.fill(brokers, topic, PARTITIONS, RECORDS);
      consumer.join();
      await().atMost(SOON).until(() -> journal.finished().size() >= 20);
      if (asked == Asked.RESUME) {
        consumer.pause();
      }
      consumer
          .clients()
          .disturb(
              "poll",
              call -> {
                consumer.clients().calm("poll");
                throw new KafkaException("unexpected");
              });
      await().atMost(SOON).until(() -> consumer.status().state() == State.RESTARTING);
      switch (asked) {
        case PAUSE -> consumer.pause();
        case PAUSE_AND_DRAIN -> consumer.pauseAndDrain();
        case PAUSE_PARTITIONS -> consumer.pause(held);
        case RESUME -> consumer.resume();
      }
      // A start that came before the pause may still be on its way into the handler.
      await()
          .atMost(SOON)
          .until(
              () ->
                  consumer.status().partitions().stream()
                      .noneMatch(p -> p.inFlight() > 0 && isAsked(asked, held, p.partition())));
      long started = startedOf(journal, asked, held);
      await().atMost(SOON).until(() -> consumer.active().size() == PARTITIONS);
      long polls = consumer.clients().polls();
      await().atMost(SOON).until(() -> consumer.clients().polls() >= polls + 5);

      if (asked != Asked.RESUME) {
        assertThat(startedOf(journal, asked, held)).as("started while paused").isEqualTo(started);
        consumer.resume(held);
        consumer.resume();
      }
      await().atMost(SOON).until(() -> Consumers.committedInAll(admin, group) == RECORDS);
      assertThat(consumer.clients().created()).isEqualTo(2);
    }
    assertThat(journal.distinct()).isEqualTo(RECORDS);
    assertThat(journal.duplicates()).isZero();
  }

  private static long startedOf(
      Journal<String> journal, Asked asked, List<TopicPartition> partitions) {
    return journal.started().stream()
        .filter(entry -> isAsked(asked, partitions, entry.partition()))
        .count();
  }

  private static boolean isAsked(
      Asked asked, List<TopicPartition> partitions, TopicPartition partition) {
    return asked == Asked.PAUSE
        || asked == Asked.PAUSE_AND_DRAIN
        || (asked == Asked.PAUSE_PARTITIONS && partitions.contains(partition));
  }

  private WatchedConsumer member(Journal<String> journal, GroupProtocol protocol, int number) {
    return new WatchedConsumer(brokers, group, journal, topic)
        .with(protocol.settings(number))
        .concurrency(PARTITIONS);
  }
}
