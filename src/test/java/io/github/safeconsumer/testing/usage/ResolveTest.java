package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator decides on a blocked record, and on no other. */
class ResolveTest {
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  private final Setup.Recorder handler = new Setup.Recorder();

  private HandlerTestDriver<String, String> blocked(DeadLetterPolicy policy) {
    handler.failures.put("bad", new NonRetryableException("no use"));
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(handler).deadLetter(policy));
    driver.pipe("orders", "k", "good");
    driver.pipe("orders", "k", "bad");
    driver.pipe("orders", "k", "behind");
    assertThat(handler.seen).containsExactly("good#1", "bad#1");
    assertThat(driver.status().partitions().get(0).blocked()).isOne();
    return driver;
  }

  private static Outcome resolve(
      HandlerTestDriver<?, ?> driver, long offset, FailureAction action) {
    return driver.consumer().resolve(ORDERS, offset, action).join();
  }

  @Test
  void shouldTryTheRecordAgainAsIfItHadNeverFailed() {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      handler.failures.clear();

      assertThat(resolve(driver, 1, FailureAction.RETRY).applied()).isTrue();

      assertThat(handler.seen).containsExactly("good#1", "bad#1", "bad#1", "behind#1");
      assertThat(driver.committed("orders", 0)).hasValue(3);
      assertThat(driver.status().partitions().get(0).blocked()).isZero();
    }
  }

  @Test
  void shouldDropTheRecordAndKeepTheTraceOfIt() {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      assertThat(resolve(driver, 1, FailureAction.SKIP).applied()).isTrue();

      assertThat(handler.seen).containsExactly("good#1", "bad#1", "behind#1");
      assertThat(driver.committed("orders", 0)).hasValue(3);
      assertThat(driver.status().skipped()).isOne();
      assertThat(Setup.events(driver, SafeConsumerEvent.Resolved.class))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.offset()).isOne();
                assertThat(event.action()).isEqualTo(FailureAction.SKIP);
                assertThat(event.blockedBy()).contains("there is no dead-letter topic");
              });
    }
  }

  @Test
  void shouldWriteTheDeadLetterAgainWithTheReasonThatItHad() {
    AtomicReference<String> route = new AtomicReference<>();
    try (HandlerTestDriver<String, String> driver =
        blocked(DeadLetterPolicy.routed(letter -> route.get()))) {
      route.set("orders.dlt");

      assertThat(resolve(driver, 1, FailureAction.DEAD_LETTER).applied()).isTrue();

      assertThat(driver.deadLetters())
          .singleElement()
          .satisfies(
              letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.NON_RETRYABLE));
      assertThat(handler.seen).containsExactly("good#1", "bad#1", "behind#1");
      assertThat(driver.committed("orders", 0)).hasValue(3);
    }
  }

  @Test
  void shouldRefuseAnotherRecordThanTheBlockedOne() {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      for (long offset : new long[] {-1, 0, 2, 99}) {
        Outcome outcome = resolve(driver, offset, FailureAction.SKIP);
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.reason()).contains("is not blocked").contains("orders-0@1 is");
      }
      assertThat(handler.seen).containsExactly("good#1", "bad#1");
      assertThat(Setup.events(driver, SafeConsumerEvent.Resolved.class)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTAGE", "STOP", "DEAD_LETTER"})
  void shouldRefuseWhatMovesNoRecord(FailureAction action) {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      assertThat(resolve(driver, 1, action).result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(driver.status().partitions().get(0).blocked()).isOne();
    }
  }

  @Test
  void shouldRefuseForAPartitionThatIsNotOwned() {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      Outcome outcome =
          driver.consumer().resolve(new TopicPartition("other", 0), 1, FailureAction.SKIP).join();
      assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(outcome.reason()).contains("does not own");
    }
  }

  @Test
  void shouldDecideOnlyOnceHoweverOftenItIsAsked() {
    try (HandlerTestDriver<String, String> driver = blocked(DeadLetterPolicy.none())) {
      assertThat(resolve(driver, 1, FailureAction.SKIP).applied()).isTrue();
      assertThat(resolve(driver, 1, FailureAction.SKIP).result()).isEqualTo(Outcome.Result.FAILED);
      assertThat(handler.seen).containsExactly("good#1", "bad#1", "behind#1");
    }
  }
}
