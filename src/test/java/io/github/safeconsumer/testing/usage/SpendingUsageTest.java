package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SpendingPolicy;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What attempts cost, and a limit of it. */
class SpendingUsageTest {
  private int calls;
  private boolean down;

  private HandlerTestDriver<String, String> driver(SpendingPolicy policy) {
    return HandlerTestDriver.of(
        Setup.builder(
                RecordHandler.of(
                    (record, context) -> {
                      calls++;
                      if (record.value().startsWith("dear")) {
                        context.addCost(10);
                      }
                      if (down) {
                        throw new IOException("away");
                      }
                    }))
            .spending(policy));
  }

  private static void pipe(HandlerTestDriver<String, String> driver, String name, int count) {
    driver.pipeAll(
        IntStream.range(0, count)
            .mapToObj(i -> new ProducerRecord<String, String>("orders", null, name + i))
            .toList());
  }

  @Test
  void shouldCountEachAttemptAndWhatItsHandlerAdds() {
    try (HandlerTestDriver<String, String> driver = driver(SpendingPolicy.perAttempt(2))) {
      pipe(driver, "cheap", 5);
      pipe(driver, "dear", 2);
      assertThat(driver.status().spending().spent()).isEqualTo(2 * 7 + 20);
      assertThat(driver.status().spending().prevented()).isZero();
    }
  }

  @Test
  void shouldPauseAtTheLimitAndGoOnByItselfAnHourLater() {
    try (HandlerTestDriver<String, String> driver =
        driver(SpendingPolicy.perAttempt(1).limitPerHour(10))) {
      pipe(driver, "cheap", 30);
      assertThat(calls).isEqualTo(10);
      assertThat(driver.status().pauseReasons()).containsExactly(PauseReason.SPENDING);
      assertThat(driver.consumer().health().reasons())
          .anyMatch(reason -> reason.startsWith("spending limit reached"));
      driver.consumer().resume();
      driver.advanceTime(Duration.ofMinutes(59));
      assertThat(calls).as("resume() is not its owner").isEqualTo(10);
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(calls).isEqualTo(20);
      driver.advanceTime(Duration.ofMinutes(62));
      assertThat(calls).isEqualTo(30);
      assertThat(Setup.events(driver, SafeConsumerEvent.SpendingLimitReached.class)).hasSize(3);
    }
  }

  @Test
  void shouldSayWhatAnOpenBreakerHasSaved() {
    try (HandlerTestDriver<String, String> driver = driver(SpendingPolicy.perAttempt(1))) {
      down = true;
      pipe(driver, "cheap", 1);
      driver.advanceTime(Duration.ofMinutes(10));
      down = false;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
      assertThat(driver.status().spending().spent()).isEqualTo(calls);
      assertThat(driver.status().spending().prevented())
          .as("at most what the policy would have tried")
          .isBetween(0.0, 7.0);
    }
  }
}
