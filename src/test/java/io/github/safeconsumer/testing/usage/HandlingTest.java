package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What becomes of records: success, retries, outages, poison, dead letters. */
class HandlingTest {
  private final Setup.Recorder handler = new Setup.Recorder();

  private HandlerTestDriver<String, String> driver() {
    return HandlerTestDriver.of(Setup.builder(handler));
  }

  @Test
  void shouldHaveHandledAndCommittedWhenPipeReturns() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      for (int i = 0; i < 20; i++) {
        RecordMetadata at = driver.pipe("orders", "k", "v" + i);

        assertThat(at.offset()).isEqualTo(i);
        assertThat(handler.seen).hasSize(i + 1).endsWith("v" + i + "#1");
        assertThat(driver.committed("orders", 0)).hasValue(i + 1);
      }
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
      assertThat(driver.status().handled()).isEqualTo(20);
      assertThat(driver.clock().instant()).as("no time passed").isEqualTo(begin());
    }
    assertThat(handler.threads).containsOnly(Thread.currentThread());
  }

  private static Instant begin() {
    return Instant.parse("2026-01-01T00:00:00Z");
  }

  @Test
  void shouldRetryExactlyWhenTheDelayHasPassed() {
    handler.failures.put("bad", new IllegalStateException("not yet"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "bad");
      assertThat(handler.seen).containsExactly("bad#1");

      driver.advanceTime(Duration.ofMillis(999));
      assertThat(handler.seen).containsExactly("bad#1");
      driver.advanceTime(Duration.ofMillis(1));
      assertThat(handler.seen).containsExactly("bad#1", "bad#2");

      handler.failures.clear();
      driver.advanceTime(Duration.ofSeconds(2));
      assertThat(handler.seen).containsExactly("bad#1", "bad#2", "bad#3");
      assertThat(driver.committed("orders", 0)).hasValue(1);
      assertThat(driver.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldRunEveryAttemptOfTheScheduleInOneStep() {
    handler.failures.put("bad", new IllegalStateException("never"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "bad");
      Duration all = driver.status().retrySchedule().stream().reduce(Duration.ZERO, Duration::plus);

      driver.advanceTime(all);

      assertThat(handler.seen).hasSize(8);
      assertThat(driver.deadLetters()).hasSize(1);
      assertThat(
              Setup.events(driver, SafeConsumerEvent.RetryScheduled.class).stream()
                  .map(SafeConsumerEvent.RetryScheduled::at)
                  .map(at -> Duration.between(begin(), at).toSeconds()))
          .as("each at its own moment")
          .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L);
    }
  }

  @Test
  void shouldHoldWhatComesAfterAFailingRecord() {
    handler.failures.put("bad", new IllegalStateException("not yet"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "bad");
      driver.pipe("orders", "k", "next");
      assertThat(handler.seen).containsExactly("bad#1");
      assertThat(driver.committed("orders", 0)).hasValue(0);

      handler.failures.clear();
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(handler.seen).containsExactly("bad#1", "bad#2", "next#1");
      assertThat(driver.committed("orders", 0)).hasValue(2);
    }
  }

  @Test
  void shouldGiveTheDeadLetterAsItWasSent() {
    handler.failures.put("bad", new IllegalArgumentException("no such customer"));
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(handler)
                .retry(
                    RetryPolicy.defaults()
                        .on(FailureAction.DEAD_LETTER, IllegalArgumentException.class)));
    try (driver) {
      ProducerRecord<String, String> record = new ProducerRecord<>("orders", 0, 77L, "k", "bad");
      record.headers().add("trace", new byte[] {7});
      driver.pipe(record);

      assertThat(driver.deadLetters("another")).isEmpty();
      assertThat(driver.deadLetters("orders.dlt")).isEqualTo(driver.deadLetters()).hasSize(1);
      DeadLetter letter = driver.deadLetters().get(0);
      assertThat(letter.origin()).isEqualTo(new TopicPartition("orders", 0));
      assertThat(letter.offset()).isZero();
      assertThat(letter.timestamp()).isEqualTo(77);
      assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.NON_RETRYABLE);
      assertThat(letter.exceptionClass()).isEqualTo(IllegalArgumentException.class.getName());
      assertThat(letter.exceptionMessage()).contains("no such customer");
      assertThat(letter.groupId()).isEqualTo("shipping");
      assertThat(letter.value()).isEqualTo("bad".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(letter.headers()).singleElement().matches(h -> h.key().equals("trace"));
      assertThat(letter.firstFailure()).isEqualTo(begin());
      assertThat(driver.committed("orders", 0)).hasValue(1);
    }
  }

  @Test
  void shouldHoldARecordThroughAnOutageWithoutCharge() {
    handler.failures.put("order", new IOException("database away"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", "k", "order");
      driver.advanceTime(Duration.ofMinutes(30));
      assertThat(handler.seen).hasSizeGreaterThan(8).containsOnly("order#1");
      assertThat(driver.deadLetters()).isEmpty();
      assertThat(driver.consumer().health().reasons()).anyMatch(r -> r.startsWith("breaker open"));

      handler.failures.clear();
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(driver.committed("orders", 0)).hasValue(1);
      assertThat(driver.status().handled()).isEqualTo(1);
    }
  }

  @Test
  void shouldHoldARecordWhileTheDeadLetterTopicIsDown() {
    handler.failures.put("bad", new io.github.safeconsumer.NonRetryableException("never"));
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.deadLetterTopicDown(true);
      driver.pipe("orders", "k", "bad");
      driver.pipe("orders", "k", "next");
      driver.advanceTime(Duration.ofMinutes(5));
      assertThat(driver.deadLetters()).isEmpty();
      assertThat(driver.committed("orders", 0)).hasValue(0);
      assertThat(handler.seen).containsExactly("bad#1");
      assertThat(Setup.events(driver, SafeConsumerEvent.DeadLetterSendFailed.class)).isNotEmpty();

      driver.deadLetterTopicDown(false);
      driver.advanceTime(Duration.ofSeconds(40));
      assertThat(driver.deadLetters()).hasSize(1);
      assertThat(handler.seen).as("not run again").containsExactly("bad#1", "next#1");
      assertThat(driver.committed("orders", 0)).hasValue(2);
    }
  }

  @Test
  void shouldSeeTheContextOfProduction() {
    StringBuilder seen = new StringBuilder();
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(
                io.github.safeconsumer.RecordHandler.of(
                    (record, context) ->
                        seen.append(context.groupId())
                            .append(context.generation())
                            .append(context.lastAttempt())
                            .append(context.cancelled())
                            .append(MDC.get("kafka.offset")))));
    MDC.put("test", "mine");
    try (driver) {
      driver.pipe("orders", "k", "v");
      assertThat(seen).hasToString("shipping1falsefalse0");
      assertThat(MDC.getCopyOfContextMap())
          .as("the test's MDC is its own")
          .isEqualTo(java.util.Map.of("test", "mine"));
    } finally {
      MDC.clear();
    }
  }

  @Test
  void shouldTakeATombstoneAndANullKey() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipe("orders", null, null);
      assertThat(handler.seen).containsExactly("null#1");
    }
  }

  @Test
  void shouldRunRecordsOfAllPartitionsInTheSameOrderEachTime() {
    assertThat(protocolOfARun()).isEqualTo(protocolOfARun()).isNotEmpty();
  }

  private static List<String> protocolOfARun() {
    Setup.Recorder recorder = new Setup.Recorder();
    recorder.failures.put("v3", new IllegalStateException("v3"));
    recorder.failures.put("v5", new IOException("v5"));
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(recorder).concurrency(4));
    try (driver) {
      driver.partitions("orders", 4);
      driver.pipeAll(
          java.util.stream.IntStream.range(0, 40)
              .mapToObj(i -> new ProducerRecord<>("orders", i % 4, "k" + i, "v" + i))
              .toList());
      driver.advanceTime(Duration.ofSeconds(20));
      driver.rebalance();
      driver.advanceTime(Duration.ofSeconds(20));
      driver.crashAndRestart();
      driver.advanceTime(Duration.ofMinutes(3));
    }
    List<String> protocol = new java.util.ArrayList<>(recorder.seen);
    protocol.addAll(recorder.callbacks);
    driver.events().forEach(event -> protocol.add(withoutSets(event)));
    return protocol;
  }

  /** The order within a set of the JDK is another in each process, and says nothing. */
  private static String withoutSets(SafeConsumerEvent event) {
    return event.getClass().getSimpleName() + event.at() + event.hashCode();
  }
}
