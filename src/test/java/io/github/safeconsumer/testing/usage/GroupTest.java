package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Crashes, rebalances, commands, commits. */
class GroupTest {
  private final Setup.Recorder handler = new Setup.Recorder();

  private HandlerTestDriver<String, String> driver() {
    return HandlerTestDriver.of(Setup.builder(handler));
  }

  private static Outcome.Result result(CompletableFuture<Outcome> future) {
    assertThat(future).as("completed before the command returned").isDone();
    return future.join().result();
  }

  @Test
  void shouldRepeatAfterACrashOnlyWhatWasNotCommittedAndGoOnWithItsCountOfAttempts() {
    handler.failures.put("bad", new IllegalStateException("not yet"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "good");
      driver.pipe("orders", "k", "bad");
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(handler.seen).containsExactly("good#1", "bad#1", "bad#2");
      handler.callbacks.clear();

      driver.crashAndRestart();
      driver.advanceTime(Duration.ofSeconds(2));

      assertThat(handler.seen).containsExactly("good#1", "bad#1", "bad#2", "bad#3");
      assertThat(handler.callbacks).as("the killed one says nothing").hasSize(1);
    }
  }

  @Test
  void shouldRepeatWhatWasDoneWhenItsCommitFailedBeforeACrash() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.commitsFail(true);
      driver.pipe("orders", "k", "one");
      driver.pipe("orders", "k", "two");
      driver.advanceTime(Duration.ofSeconds(10));
      assertThat(driver.committed("orders", 0)).hasValue(0);
      assertThat(driver.status().commitsFailed()).isBetween(1L, 100L);

      driver.crashAndRestart();
      assertThat(handler.seen)
          .as("nothing starts before the takeover is committed")
          .containsExactly("one#1", "two#1");

      driver.commitsFail(false);
      driver.advanceTime(Duration.ofMillis(200));
      assertThat(handler.seen).containsExactly("one#1", "two#1", "one#1", "two#1");
      assertThat(driver.committed("orders", 0)).hasValue(2);
    }
  }

  @Test
  void shouldGiveTheNewInstanceANewHandlerWhenBuildersAreSupplied() {
    List<Setup.Recorder> handlers = new ArrayList<>();
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            () -> {
              handlers.add(new Setup.Recorder());
              return Setup.builder(handlers.get(handlers.size() - 1));
            });
    try (driver) {
      driver.pipe("orders", "k", "one");
      driver.crashAndRestart();
      driver.pipe("orders", "k", "two");
    }
    assertThat(handlers).hasSize(2);
    assertThat(handlers.get(0).seen).containsExactly("one#1");
    assertThat(handlers.get(1).seen).containsExactly("two#1");
  }

  @Test
  void shouldHandOverAndTakeOverInARebalance() {
    handler.failures.put("bad", new IllegalStateException("not yet"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "good");
      driver.pipe("orders", "k", "bad");
      driver.rebalance();
      driver.advanceTime(Duration.ofSeconds(1));

      assertThat(handler.callbacks)
          .containsExactly("assigned [orders-0]", "revoked [orders-0]", "assigned [orders-0]");
      assertThat(handler.seen)
          .as("what waits for a retry comes again, what is done does not")
          .containsExactly("good#1", "bad#1", "bad#2");
      assertThat(driver.status().generation()).isEqualTo(2);
    }
  }

  @Test
  void shouldCommitAtTheHandOverWhatCouldNotBeCommittedBefore() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.commitsFail(true);
      driver.pipe("orders", "k", "one");
      driver.commitsFail(false);
      driver.rebalance();

      assertThat(handler.seen).containsExactly("one#1");
      assertThat(driver.committed("orders", 0)).hasValue(1);
    }
  }

  @Test
  void shouldRepeatWhatWasNotCommittedWhenPartitionsAreLost() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.commitsFail(true);
      driver.pipe("orders", "k", "one");
      driver.commitsFail(false);
      driver.losePartitions();

      assertThat(handler.seen).containsExactly("one#1", "one#1");
      assertThat(handler.callbacks)
          .containsExactly("assigned [orders-0]", "lost [orders-0]", "assigned [orders-0]");
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.safeconsumer.support.GroupProtocol#names")
  void shouldStartNothingWhilePaused(String protocol) {
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(handler).kafka("group.protocol", protocol));
    try (driver) {
      assertThat(result(driver.consumer().pause())).isEqualTo(Outcome.Result.APPLIED);
      driver.pipe("orders", "k", "one");
      driver.advanceTime(Duration.ofMinutes(10));
      assertThat(handler.seen).isEmpty();
      assertThat(driver.status().state()).isEqualTo(State.PAUSED);
      assertThat(driver.status().pauseReasons()).containsExactly(PauseReason.USER);

      assertThat(result(driver.consumer().resume())).isEqualTo(Outcome.Result.APPLIED);
      assertThat(handler.seen).containsExactly("one#1");
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void shouldLeaveTheGroupWhileSuspendedAndGoOnWhereItWas() {
    handler.failures.put("bad", new IllegalStateException("not yet"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "one");
      driver.pipe("orders", "k", "bad");
      assertThat(result(driver.consumer().suspend())).isEqualTo(Outcome.Result.APPLIED);
      assertThat(driver.status().state()).isEqualTo(State.SUSPENDED);
      assertThat(driver.committed("orders", 0)).hasValue(1);
      assertThat(handler.callbacks).containsExactly("assigned [orders-0]", "revoked [orders-0]");

      driver.pipe("orders", "k", "two");
      driver.rebalance();
      driver.advanceTime(Duration.ofDays(7));
      assertThat(handler.seen).containsExactly("one#1", "bad#1");

      handler.failures.clear();
      assertThat(result(driver.consumer().resume())).isEqualTo(Outcome.Result.APPLIED);
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(handler.seen).containsExactly("one#1", "bad#1", "bad#2", "two#1");
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
      assertThat(driver.committed("orders", 0)).hasValue(3);
    }
  }

  @Test
  void shouldHaveCommittedEverythingOncePausedAndDrained() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.commitsFail(true);
      driver.pipe("orders", "k", "one");
      CompletableFuture<Outcome> drained = driver.consumer().pauseAndDrain();
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(drained).as("it waits for the commit, which fails").isNotDone();

      driver.commitsFail(false);
      driver.advanceTime(Duration.ofMillis(200));
      assertThat(result(drained)).isEqualTo(Outcome.Result.APPLIED);
      assertThat(driver.committed("orders", 0)).hasValue(1);
    }
  }

  @Test
  void shouldPauseFromInsideTheHandler() {
    List<String> seen = new ArrayList<>();
    List<HandlerTestDriver<String, String>> self = new ArrayList<>();
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(
                io.github.safeconsumer.RecordHandler.of(
                    (record, context) -> {
                      seen.add(record.value());
                      self.get(0).consumer().pause();
                    })));
    self.add(driver);
    try (driver) {
      driver.pipeAll(
          List.of(
              new ProducerRecord<>("orders", "k", "one"),
              new ProducerRecord<>("orders", "k", "two")));
      assertThat(seen).containsExactly("one");
      driver.consumer().resume().join();
      assertThat(seen).containsExactly("one", "two");
    }
  }

  @Test
  void shouldPauseOnePartitionAndLetTheOthersGoOn() {
    TopicPartition first = new TopicPartition("orders", 0);
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.partitions("orders", 2);
      driver.consumer().pause(List.of(first)).join();
      driver.pipe(new ProducerRecord<>("orders", 0, "k", "zero"));
      driver.pipe(new ProducerRecord<>("orders", 1, "k", "one"));
      assertThat(handler.seen).containsExactly("one#1");

      driver.consumer().resume(List.of(first)).join();
      assertThat(handler.seen).containsExactly("one#1", "zero#1");
    }
  }

  @Test
  void shouldCloseCleanlyAndLeaveTheRestToTheNextInstance() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "one");
      assertThat(driver.consumer().close(Duration.ofSeconds(5)).clean()).isTrue();
      assertThat(driver.status().state()).isEqualTo(State.CLOSED);
      assertThat(handler.callbacks).containsExactly("assigned [orders-0]", "revoked [orders-0]");

      driver.pipe("orders", "k", "two");
      assertThat(handler.seen).containsExactly("one#1");
      driver.crashAndRestart();
      assertThat(handler.seen).containsExactly("one#1", "two#1");
    }
  }

  @Test
  void shouldFailTheConsumerWhereThePolicySaysStop() {
    handler.failures.put("bad", new IllegalStateException("stop"));
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(handler)
                .retry(
                    io.github.safeconsumer.RetryPolicy.defaults()
                        .on(
                            io.github.safeconsumer.FailureAction.STOP,
                            IllegalStateException.class)));
    try (driver) {
      driver.pipe("orders", "k", "bad");
      assertThat(driver.status().state()).isEqualTo(State.FAILED);
      assertThat(driver.consumer().closed()).isDone();
    }
  }

  @Test
  void shouldReadTopicsOfAPatternAsTheyAppear() {
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            io.github.safeconsumer.SafeConsumer.<String, String>builder()
                .kafka(
                    java.util.Map.of(
                        "bootstrap.servers",
                        "broker:9092",
                        "group.id",
                        "shipping",
                        "auto.offset.reset",
                        "latest"))
                .topics(Pattern.compile("orders-.*"))
                .keyDeserializer(org.apache.kafka.common.serialization.StringDeserializer::new)
                .valueDeserializer(org.apache.kafka.common.serialization.StringDeserializer::new)
                .deadLetter(io.github.safeconsumer.DeadLetterPolicy.suffix(".dlt"))
                .handler(handler));
    try (driver) {
      driver.pipe("orders-de", "k", "one");
      driver.pipe("orders-fr", "k", "two");
      assertThat(handler.seen).containsExactly("one#1", "two#1");
      assertThat(driver.committed("orders-fr", 0)).hasValue(1);
      assertThat(Setup.events(driver, SafeConsumerEvent.OffsetReset.class)).hasSize(2);
    }
  }

  @Test
  void shouldStayAMemberThroughHoursOfVirtualTime() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.advanceTime(Duration.ofHours(3));
      driver.pipe("orders", "k", "one");
      assertThat(handler.seen).containsExactly("one#1");
      assertThat(driver.status().restarts()).isZero();
      assertThat(Setup.events(driver, SafeConsumerEvent.Fenced.class)).isEmpty();
    }
  }
}
