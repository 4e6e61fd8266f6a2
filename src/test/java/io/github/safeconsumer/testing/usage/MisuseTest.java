package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Misuse is told with its remedy, and by no AssertionError. */
class MisuseTest {
  private final Setup.Recorder handler = new Setup.Recorder();

  private HandlerTestDriver<String, String> driver() {
    return HandlerTestDriver.of(Setup.builder(handler));
  }

  @Test
  void shouldRefuseABadConfigurationAsBuildDoes() {
    assertThatThrownBy(() -> HandlerTestDriver.of(SafeConsumer.<String, String>builder()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("handler");
  }

  @Test
  void shouldRefuseToStartWhatCannotRun() {
    assertThatThrownBy(
            () ->
                HandlerTestDriver.of(
                    Setup.builder(handler)
                        .valueDeserializer(
                            () -> {
                              throw new IllegalArgumentException("no schema registry");
                            })))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FAILED")
        .hasMessageContaining("deserializer");
  }

  @Test
  void shouldRefuseATopicThatIsNotSubscribedTo() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      assertThatThrownBy(() -> driver.pipe("payments", "k", "v"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("payments")
          .hasMessageContaining("[orders]")
          .hasMessageContaining("topics(..)");
      assertThatThrownBy(() -> driver.partitions("payments", 2))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void shouldRefuseAPartitionThatDoesNotExist() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      assertThatThrownBy(() -> driver.pipe(new ProducerRecord<>("orders", 3, "k", "v")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("partitions(\"orders\", 4)");
      driver.partitions("orders", 4);
      driver.pipe(new ProducerRecord<>("orders", 3, "k", "v"));
      assertThat(handler.seen).containsExactly("v#1");
      assertThatThrownBy(() -> driver.partitions("orders", 1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void shouldRefuseTimeThatGoesBack() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      assertThatThrownBy(() -> driver.advanceTime(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> driver.advanceTime(HandlerTestDriver.LONGEST_ADVANCE.plusNanos(1)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void shouldRefuseEverythingButReadingOnceClosed() {
    HandlerTestDriver<String, String> driver = driver();
    driver.pipe("orders", "k", "v");
    driver.close();
    driver.close();

    List<Runnable> calls =
        List.of(
            () -> driver.pipe("orders", "k", "v"),
            () -> driver.pipeBytes("orders", null, null),
            () -> driver.advanceTime(Duration.ZERO),
            driver::crashAndRestart,
            driver::rebalance,
            driver::losePartitions,
            () -> driver.commitsFail(true),
            () -> driver.deadLetterTopicDown(true));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
    assertThat(driver.committed("orders", 0)).hasValue(1);
    assertThat(driver.events()).isNotEmpty();
    assertThat(driver.deadLetters()).isEmpty();
    assertThat(driver.status().state().isFinal()).isTrue();
  }

  @Test
  void shouldRefuseAnotherThread() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      assertThatThrownBy(
              () -> CompletableFuture.runAsync(() -> driver.pipe("orders", "k", "v")).join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("thread");
      assertThat(handler.seen).isEmpty();
    }
  }

  @Test
  void shouldTakeACommandOfAnotherThreadAtItsNextCall() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      CompletableFuture<?> paused =
          CompletableFuture.supplyAsync(() -> driver.consumer().pause()).join();
      driver.pipe("orders", "k", "v");
      assertThat(paused).isDone();
      assertThat(handler.seen).isEmpty();
    }
  }

  @Test
  void shouldRefuseACallFromInsideTheHandler() {
    List<HandlerTestDriver<String, String>> self = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(
                RecordHandler.of(
                    (record, context) -> {
                      try {
                        self.get(0).advanceTime(Duration.ofSeconds(1));
                      } catch (IllegalStateException e) {
                        thrown.add(e);
                      }
                    })));
    self.add(driver);
    try (driver) {
      driver.pipe("orders", "k", "v");
    }
    assertThat(thrown).singleElement().asString().contains("inside a handler");
  }

  @Test
  void shouldSayWhenSomethingRepeatsItselfWithoutADelay() {
    List<HandlerTestDriver<String, String>> self = new ArrayList<>();
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(handler)
                .listener(
                    event -> {
                      if (event instanceof SafeConsumerEvent.StateChanged change
                          && !self.isEmpty()) {
                        if (change.to() == State.PAUSED) {
                          self.get(0).consumer().resume();
                        } else {
                          self.get(0).consumer().pause();
                        }
                      }
                    }));
    self.add(driver);
    assertThatThrownBy(() -> driver.consumer().pause())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without time passing")
        .hasMessageContaining("listener");
  }
}
