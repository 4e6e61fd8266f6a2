package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A downstream is away: the real consumer in virtual time, from the outside. */
class CircuitBreakerTest {
  /** What the handler calls; up or down, it counts. */
  private static final class Downstream {
    final List<String> calls = new ArrayList<>();
    final List<String> done = new ArrayList<>();
    final Set<String> poison = new HashSet<>();
    Exception down;
    Exception poisoned = new IllegalStateException("the record's own fault");

    void call(String value) throws Exception {
      calls.add(value);
      if (poison.contains(value)) {
        throw poisoned;
      }
      if (down != null) {
        throw down;
      }
      done.add(value);
    }

    RecordHandler<String, String> handler() {
      return RecordHandler.of((record, context) -> call(record.value()));
    }
  }

  private final Downstream downstream = new Downstream();

  private static List<ProducerRecord<String, String>> records(int count, int partitions) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ProducerRecord<>("orders", i % partitions, "k" + i % 17, "v" + i))
        .toList();
  }

  private static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "v" + i).toList();
  }

  private static List<BreakerStatus.State> states(HandlerTestDriver<?, ?> driver) {
    return Setup.events(driver, SafeConsumerEvent.BreakerChanged.class).stream()
        .map(SafeConsumerEvent.BreakerChanged::to)
        .toList();
  }

  private static BreakerStatus breaker(HandlerTestDriver<?, ?> driver) {
    return driver.status().breakers().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "PARTITION,1,1",
    "PARTITION,1,8",
    "PARTITION,64,2",
    "KEY,1,1",
    "KEY,64,1",
    "KEY,64,8",
    "UNORDERED,1,8",
    "UNORDERED,64,1",
    "UNORDERED,64,4"
  })
  void shouldLoseAndDeadLetterNothingWhenTheDownstreamIsAwayForTenMinutes(
      Ordering ordering, int concurrency, int maxAttempts) {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler())
                .ordering(ordering)
                .concurrency(concurrency)
                .retry(RetryPolicy.defaults().maxAttempts(maxAttempts)))) {
      driver.partitions("orders", 4);
      downstream.down = new ConnectException("connection refused");
      driver.pipeAll(records(400, 4));
      driver.advanceTime(Duration.ofMinutes(10));

      assertThat(driver.deadLetters()).isEmpty();
      assertThat(downstream.done).isEmpty();
      assertThat(driver.status().pauseReasons()).containsExactly(PauseReason.BREAKER);
      assertThat(downstream.calls).as("3 that opened it, and the probes").hasSize(3 + 14);
      assertThat(breaker(driver).probes()).isEqualTo(14);

      downstream.down = null;
      driver.advanceTime(Duration.ofSeconds(60));

      assertThat(downstream.done).containsExactlyInAnyOrderElementsOf(values(400));
      assertThat(downstream.calls).hasSize(3 + 14 + 400);
      assertThat(driver.deadLetters()).isEmpty();
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
      for (int p = 0; p < 4; p++) {
        assertThat(driver.committed("orders", p)).hasValue(100);
      }
    }
  }

  @Test
  void shouldProbeAtTheTimesOfTheScheduleOneRecordAfterTheOther() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      driver.partitions("orders", 2);
      downstream.down = new IOException("away");
      Instant begin = driver.clock().instant();
      driver.pipeAll(records(10, 2));
      driver.advanceTime(Duration.ofMinutes(4));

      assertThat(
              Setup.events(driver, SafeConsumerEvent.BreakerChanged.class).stream()
                  .filter(change -> change.to() == BreakerStatus.State.HALF_OPEN)
                  .map(change -> Duration.between(opened(driver, begin), change.at()).toSeconds()))
          .containsExactly(1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
      assertThat(downstream.calls.subList(3, downstream.calls.size()))
          .as("the oldest of those that were probed least often")
          .containsExactly("v0", "v1", "v0", "v1", "v0", "v1", "v0", "v1");
    }
  }

  @Test
  void shouldCloseAlthoughTheOldestRecordsFailWhateverTheDownstreamDoes() {
    downstream.poison.addAll(List.of("v0", "v1"));
    downstream.poisoned = new IOException("says: away");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler()).ordering(Ordering.UNORDERED).concurrency(8))) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(20, 1));
      driver.advanceTime(Duration.ofSeconds(20));
      downstream.down = null;
      driver.advanceTime(Duration.ofMinutes(5));
      assertThat(downstream.done).hasSize(18);
    }
  }

  private static Instant opened(HandlerTestDriver<?, ?> driver, Instant otherwise) {
    return Setup.events(driver, SafeConsumerEvent.BreakerChanged.class).stream()
        .filter(change -> change.to() == BreakerStatus.State.OPEN)
        .map(SafeConsumerEvent.BreakerChanged::at)
        .findFirst()
        .orElse(otherwise);
  }

  @Test
  void shouldEndARecordThatAloneAlwaysFailsWithinItsBoundWithoutOpening() {
    downstream.poison.add("v0");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      driver.pipeAll(records(1, 1));
      driver.advanceTime(Duration.ofSeconds(127));

      assertThat(downstream.calls).hasSize(8);
      assertThat(driver.deadLetters()).hasSize(1);
      assertThat(states(driver)).isEmpty();
    }
  }

  @Test
  void shouldEndARecordThatAloneFailsAsAnOutageOnceItWasHeldForLongEnough() {
    downstream.poison.add("v0");
    downstream.poisoned = new IOException("says: away");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      driver.pipeAll(records(1, 1));
      driver.advanceTime(Duration.ofHours(1).minusSeconds(70));
      assertThat(driver.deadLetters()).as("held").isEmpty();
      assertThat(driver.consumer().health().reasons())
          .anyMatch(reason -> reason.contains("blocked"));

      driver.advanceTime(Duration.ofMinutes(10).plusSeconds(70));
      assertThat(driver.deadLetters()).hasSize(1);
      assertThat(driver.deadLetters().get(0).attempts()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldEndABadRecordAmongGoodOnesWithoutHoldingThemUp(boolean outage) {
    downstream.poison.add("v5");
    downstream.poisoned = outage ? new IOException("says: away") : new IllegalStateException("bad");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler()).ordering(Ordering.UNORDERED).concurrency(8))) {
      driver.pipeAll(records(20, 1));
      for (int i = 0; i < 130; i++) {
        driver.advanceTime(Duration.ofSeconds(2));
        driver.pipe("orders", "k", "w" + i);
      }
      assertThat(downstream.done).hasSize(19 + 130);
      assertThat(driver.deadLetters()).hasSize(1);
      assertThat(states(driver)).isEmpty();
    }
  }

  @Test
  void shouldHoldABadDeployInsteadOfEmptyingTheTopic() {
    downstream.down = new NullPointerException("every record");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler())
                .ordering(Ordering.UNORDERED)
                .concurrency(64)
                .retry(RetryPolicy.defaults().maxAttempts(2)))) {
      driver.pipeAll(records(500, 1));
      driver.advanceTime(Duration.ofHours(2));
      assertThat(driver.deadLetters()).isEmpty();
      downstream.down = null;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(downstream.done).hasSize(500);
      assertThat(driver.deadLetters()).as("refunded").isEmpty();
    }
  }

  /** Each time a good record closes it, the bad ones fail in a row and open it again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldEndSeveralBadRecordsThatOpenItOverAndOverAmongFewGoodOnes(boolean outage) {
    downstream.poison.addAll(List.of("v0", "v1", "v2", "v3"));
    downstream.poisoned = outage ? new IOException("says: away") : new IllegalStateException("bad");
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler()).ordering(Ordering.UNORDERED).concurrency(8))) {
      driver.pipeAll(records(4, 1));
      for (int i = 0; i < 60; i++) {
        driver.advanceTime(Duration.ofMinutes(2));
        driver.pipe("orders", "k", "w" + i);
      }
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(downstream.done).hasSize(60);
      assertThat(driver.deadLetters()).as("bounded all the same").hasSize(4);
    }
  }

  @Test
  void shouldGiveThePermitBackWhenTheProbesPartitionGoes() {
    HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler())
                .circuitBreaker(
                    CircuitBreakerPolicy.consecutiveFailures(1).openFor(Duration.ofSeconds(10))));
    try (driver) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(3, 1));
      driver.advanceTime(Duration.ofSeconds(5));
      driver.rebalance();
      driver.losePartitions();
      assertThat(breaker(driver).state()).isEqualTo(BreakerStatus.State.OPEN);
      driver.advanceTime(Duration.ofSeconds(5));
      assertThat(breaker(driver).probes()).isEqualTo(1);
      driver.rebalance();
      downstream.down = null;
      driver.advanceTime(Duration.ofSeconds(10));
      assertThat(downstream.done).containsExactlyElementsOf(values(3));
    }
  }

  @Test
  void shouldStayOpenOverPauseAndSuspendAndProbeWhenTheyAreOver() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(5, 1));
      driver.advanceTime(Duration.ofSeconds(4));
      int calls = downstream.calls.size();

      driver.consumer().pause().join();
      driver.advanceTime(Duration.ofMinutes(5));
      assertThat(downstream.calls).as("no probe while paused").hasSize(calls);
      driver.consumer().resume();
      driver.advanceTime(Duration.ofMillis(200));
      assertThat(downstream.calls).as("one, at once: its time had come").hasSize(calls + 1);
      assertThat(driver.status().pauseReasons())
          .as("resume() is not its owner")
          .containsExactly(PauseReason.BREAKER);

      driver.consumer().suspend();
      driver.advanceTime(Duration.ofMinutes(10));
      assertThat(driver.status().state()).isEqualTo(State.SUSPENDED);
      assertThat(driver.status().pauseReasons()).contains(PauseReason.BREAKER);
      driver.consumer().resume();
      driver.advanceTime(Duration.ofMinutes(5));
      assertThat(downstream.calls.size()).as("probes only").isBetween(calls + 2, calls + 12);

      downstream.down = null;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(downstream.done).containsExactlyElementsOf(values(5));
      assertThat(driver.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldBeginClosedInANewProcess() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(5, 1));
      driver.advanceTime(Duration.ofMinutes(1));
      int calls = downstream.calls.size();
      driver.crashAndRestart();
      driver.advanceTime(Duration.ofSeconds(3));
      assertThat(downstream.calls).as("three, that opened it again").hasSize(calls + 3);
      downstream.down = null;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(downstream.done).containsExactlyElementsOf(values(5));
      assertThat(driver.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldStopAndGoByHandWhateverResumeSays() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(downstream.handler()))) {
      assertThat(driver.consumer().openBreaker().join().result()).isEqualTo(Outcome.Result.APPLIED);
      driver.pipeAll(records(5, 1));
      driver.consumer().resume();
      driver.advanceTime(Duration.ofHours(3));
      assertThat(downstream.calls).isEmpty();
      assertThat(breaker(driver).forced()).isTrue();
      Health health = driver.consumer().health();
      assertThat(health.liveness()).isEqualTo(Health.Level.UP);
      assertThat(health.readiness()).isEqualTo(Health.Level.DOWN);
      assertThat(health.reasons()).anyMatch(reason -> reason.contains("by openBreaker()"));

      assertThat(driver.consumer().closeBreaker().join().result())
          .isEqualTo(Outcome.Result.APPLIED);
      driver.advanceTime(Duration.ofMillis(100));
      assertThat(downstream.done).containsExactlyElementsOf(values(5));
    }
  }

  @ParameterizedTest
  @EnumSource(Ordering.class)
  void shouldProbeWithABatchOfOne(Ordering ordering) {
    List<Integer> sizes = new ArrayList<>();
    BatchHandler<String, String> handler =
        new BatchHandler<>() {
          @Override
          public void handle(
              List<org.apache.kafka.clients.consumer.ConsumerRecord<String, String>> records,
              io.github.safeconsumer.BatchContext context)
              throws Exception {
            sizes.add(records.size());
            for (var record : records) {
              downstream.call(record.value());
            }
          }
        };
    SafeConsumer.Builder<String, String> builder =
        SafeConsumer.<String, String>builder()
            .kafka("bootstrap.servers", "unused:9092")
            .kafka("group.id", "inserts")
            .kafka("auto.offset.reset", "earliest")
            .topics("orders")
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
            .ordering(ordering)
            .batchHandler(handler, BatchPolicy.of(50));
    try (HandlerTestDriver<String, String> driver = HandlerTestDriver.of(builder)) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(200, 1));
      driver.advanceTime(Duration.ofMinutes(10));
      assertThat(driver.deadLetters()).isEmpty();
      assertThat(breaker(driver).state()).isEqualTo(BreakerStatus.State.OPEN);
      int probes = (int) breaker(driver).probes();
      assertThat(probes).isBetween(14, 16);
      assertThat(sizes.subList(sizes.size() - probes, sizes.size())).containsOnly(1);
      downstream.down = null;
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(downstream.done).containsAll(values(200));
      assertThat(driver.committed("orders", 0)).hasValue(200);
    }
  }

  @Test
  void shouldProbeWithAnAsynchronousAttempt() {
    List<CompletableFuture<String>> pending = new ArrayList<>();
    RecordHandler<String, String> handler =
        RecordHandler.ofAsync(
            (record, context) -> {
              CompletableFuture<String> future = new CompletableFuture<>();
              pending.add(future);
              return future;
            });
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Setup.builder(handler).ordering(Ordering.UNORDERED).concurrency(10))) {
      driver.pipeAll(records(30, 1));
      driver.advanceTime(Duration.ofMillis(100));
      assertThat(pending).hasSize(10);
      pending.forEach(future -> future.completeExceptionally(new IOException("away")));
      driver.advanceTime(Duration.ofMillis(500));
      assertThat(pending).as("open").hasSize(10);
      driver.advanceTime(Duration.ofMillis(600));
      assertThat(pending).as("one probe").hasSize(11);
      driver.advanceTime(Duration.ofMinutes(5));
      assertThat(pending).as("it has not ended").hasSize(11);
      pending.get(10).complete("up");
      for (int i = 11; i < 40; i++) {
        driver.advanceTime(Duration.ofMillis(100));
        pending.get(i).complete("up");
      }
      driver.advanceTime(Duration.ofSeconds(1));
      assertThat(driver.committed("orders", 0)).hasValue(30);
      assertThat(pending).hasSize(40);
    }
  }

  @Test
  void shouldKeepToTheRateWhileProbing() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler())
                .circuitBreaker(
                    CircuitBreakerPolicy.consecutiveFailures(1).openFor(Duration.ofMillis(10)))
                .maxRecordsPerSecond(0.1))) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(3, 1));
      driver.advanceTime(Duration.ofSeconds(100));
      assertThat(downstream.calls.size()).isBetween(10, 12);
    }
  }

  @Test
  void shouldBehaveAsBeforeWhenItIsOff() {
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(downstream.handler()).circuitBreaker(CircuitBreakerPolicy.off()))) {
      downstream.down = new IOException("away");
      driver.pipeAll(records(3, 1));
      driver.advanceTime(Duration.ofSeconds(127));
      assertThat(downstream.calls).as("the schedule of the retry policy").hasSize(8);
      assertThat(driver.status().breakers()).isEmpty();
      assertThat(driver.status().state()).isEqualTo(State.RUNNING);
    }
  }
}
