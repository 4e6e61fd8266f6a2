package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent.HandlerTimedOut;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Deadlines in virtual time. */
class TimeoutTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final List<Instant> deadlines = new ArrayList<>();
  private final List<CompletableFuture<Void>> stages = new ArrayList<>();

  private HandlerTestDriver<String, String> driver(boolean cancellable) {
    return HandlerTestDriver.of(
        Setup.builder(
                RecordHandler.ofAsync(
                    (record, context) -> {
                      deadlines.add(context.deadline());
                      CompletableFuture<Void> stage = new CompletableFuture<>();
                      stages.add(stage);
                      return cancellable ? stage : stage.minimalCompletionStage();
                    }))
            .handlerTimeout(TIMEOUT));
  }

  @Test
  void shouldCancelAStageAtItsDeadlineAndTryTheRecordAgain() {
    try (HandlerTestDriver<String, String> driver = driver(true)) {
      driver.pipe("orders", "k", "v");
      assertThat(deadlines).containsExactly(driver.clock().instant().plus(TIMEOUT));
      driver.advanceTime(TIMEOUT.minusSeconds(1));
      assertThat(stages.get(0)).isNotDone();
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(stages.get(0)).isCancelled();
      driver.advanceTime(Duration.ofSeconds(2));
      assertThat(stages).as("after its back-off").hasSize(2);
      stages.get(1).complete(null);
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(driver.committed("orders", 0)).hasValue(1);
      assertThat(driver.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldBuryWhatCannotBeCancelledAndGoOn() {
    try (HandlerTestDriver<String, String> driver = driver(false)) {
      driver.pipe("orders", "k", "v");
      driver.pipe("orders", "k", "w");
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(driver.deadLetters())
          .extracting(DeadLetter::reason)
          .containsExactly(DeadLetter.Reason.HUNG);
      assertThat(stages).as("the next one has begun").hasSize(2);
      assertThat(driver.status().abandoned()).isEqualTo(1);
      assertThat(Setup.events(driver, HandlerTimedOut.class))
          .extracting(HandlerTimedOut::abandoned)
          .startsWith(false, true);
      stages.forEach(stage -> stage.complete(null));
      assertThat(driver.status().abandoned()).isZero();
    }
  }
}
