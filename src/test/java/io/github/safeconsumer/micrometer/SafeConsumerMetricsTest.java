package io.github.safeconsumer.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.testing.HandlerTestDriver;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What happens to a consumer is what its meters show. */
class SafeConsumerMetricsTest {
  private static final String OF_TOPIC = "topic";

  @Test
  void shouldCountWhatIsHandledFailedAndDeadLettered() {
    try (Meters meters = new Meters(failingOn("bad", new NonRetryableException("no")))) {
      meters.driver.pipe(Meters.TOPIC, "k", "good");
      meters.driver.pipe(Meters.TOPIC, "k", "bad");

      assertThat(meters.now("safeconsumer.records.handled")).isEqualTo(1);
      assertThat(meters.now("safeconsumer.attempts.failed")).isEqualTo(1);
      assertThat(meters.now("safeconsumer.records.dead.lettered")).isEqualTo(1);
      assertThat(meters.now("safeconsumer.commits")).isPositive();
      assertThat(meters.now("safeconsumer.rebalances")).isEqualTo(1);
      assertThat(meters.now("safeconsumer.records.skipped")).isZero();
    }
  }

  @Test
  void shouldShowARecordThatIsBlockedUntilAnOperatorActs() {
    SafeConsumer.Builder<String, String> holding =
        Meters.builder("shipping", failingOn("bad", new NonRetryableException("no")))
            .deadLetter(DeadLetterPolicy.none());
    try (Meters meters = new Meters(holding, new SimpleMeterRegistry())) {
      meters.driver.pipe(Meters.TOPIC, "k", "bad");
      meters.driver.pipe(Meters.TOPIC, "k", "behind it");
      meters.driver.advanceTime(Duration.ofSeconds(5));

      assertThat(meters.now("safeconsumer.blocked", OF_TOPIC, Meters.TOPIC)).isEqualTo(1);
      assertThat(meters.value("safeconsumer.partition.blocked", "partition", "0")).isEqualTo(1);
      assertThat(meters.value("safeconsumer.lag", OF_TOPIC, Meters.TOPIC)).isEqualTo(2);
      assertThat(meters.value("safeconsumer.age", OF_TOPIC, Meters.TOPIC)).isEqualTo(5);
      assertThat(meters.value("safeconsumer.cause", "code", "BLOCKED_RECORD")).isEqualTo(1);
      assertThat(meters.value("safeconsumer.health", "probe", "readiness")).isZero();
      assertThat(meters.value("safeconsumer.health", "probe", "liveness")).isEqualTo(1);
      meters.driver.advanceTime(Duration.ofMinutes(2));
      assertThat(meters.now("safeconsumer.alert", "alert", "blocked")).isEqualTo(1);

      meters
          .driver
          .consumer()
          .resolve(new TopicPartition(Meters.TOPIC, 0), 0, FailureAction.SKIP)
          .join();
      meters.driver.advanceTime(Duration.ofMinutes(1));
      assertThat(meters.now("safeconsumer.blocked", OF_TOPIC, Meters.TOPIC)).isZero();
      assertThat(meters.value("safeconsumer.lag", OF_TOPIC, Meters.TOPIC)).isZero();
      assertThat(meters.value("safeconsumer.age", OF_TOPIC, Meters.TOPIC)).isZero();
      assertThat(meters.value("safeconsumer.cause", "code", "BLOCKED_RECORD")).isZero();
      assertThat(meters.value("safeconsumer.cause", "code", "NOTHING_WRONG")).isEqualTo(1);
      assertThat(meters.value("safeconsumer.alert", "alert", "blocked")).isZero();
      assertThat(meters.value("safeconsumer.health", "probe", "readiness")).isEqualTo(1);
    }
  }

  @Test
  void shouldShowRecordsThatWaitForARetry() {
    try (Meters meters = new Meters(failingOn("bad", new IllegalStateException("once more")))) {
      meters.driver.pipe(Meters.TOPIC, "k", "bad");

      assertThat(meters.now("safeconsumer.retrying", OF_TOPIC, Meters.TOPIC)).isEqualTo(1);
      assertThat(meters.value("safeconsumer.partition.retrying", "partition", "0")).isEqualTo(1);
    }
  }

  @Test
  void shouldFollowTheStateAndItsReason() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      assertState(meters, "running");

      meters.driver.consumer().pause().join();
      assertState(meters, "paused");
      assertThat(meters.value("safeconsumer.paused", "reason", "user")).isEqualTo(1);
      assertThat(meters.value("safeconsumer.cause", "code", "BLOCKED_PAUSED")).isEqualTo(1);

      meters.driver.consumer().suspend().join();
      assertState(meters, "suspended");
      assertThat(meters.value("safeconsumer.partitions")).isZero();

      meters.driver.consumer().resume().join();
      assertState(meters, "running");
      assertThat(meters.value("safeconsumer.paused", "reason", "user")).isZero();
      assertThat(meters.value("safeconsumer.partitions")).isEqualTo(1);
    }
  }

  @Test
  void shouldShowAnOpenBreakerAndWhatItsProbesDo() {
    try (Meters meters = new Meters(failingOn("bad", new IOException("away")))) {
      assertThat(meters.now("safeconsumer.breaker.state", "scope", "(consumer)")).isZero();

      meters.driver.pipe(Meters.TOPIC, "k", "bad");
      meters.driver.advanceTime(Duration.ofSeconds(10));
      assertThat(meters.now("safeconsumer.breaker.state", "scope", "(consumer)")).isEqualTo(2);
      assertThat(meters.value("safeconsumer.breaker.probes", "scope", "(consumer)")).isPositive();
      assertThat(meters.value("safeconsumer.paused", "reason", "breaker")).isEqualTo(1);
    }
  }

  @Test
  void shouldShowHandlerLatencyByTopic() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      meters.driver.pipe(Meters.TOPIC, "k", "v");
      meters.lookAgain();

      assertThat(List.of("50", "95", "99"))
          .allSatisfy(
              percentile ->
                  assertThat(
                          meters.value(
                              "safeconsumer.handler.latency",
                              OF_TOPIC,
                              Meters.TOPIC,
                              "percentile",
                              percentile))
                      .isBetween(0.0, 1.0));
    }
  }

  @Test
  void shouldSayNaNWhereThereIsNoLimit() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      assertThat(meters.now("safeconsumer.rate.limit")).isNaN();
      assertThat(meters.now("safeconsumer.spending.limit")).isNaN();

      meters.driver.consumer().maxRecordsPerSecond(50);
      assertThat(meters.now("safeconsumer.rate.limit")).isEqualTo(50);
    }
  }

  @Test
  void shouldDropTheMetersOfPartitionsThatLeft() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      meters.driver.partitions(Meters.TOPIC, 3);
      meters.lookAgain();
      assertThat(meters.exists("safeconsumer.partition.lag", "partition", "2")).isTrue();

      meters.driver.consumer().suspend().join();
      meters.lookAgain();
      assertThat(meters.names()).noneMatch(name -> name.startsWith("safeconsumer.partition."));
      assertThat(meters.exists("safeconsumer.lag")).isFalse();

      meters.driver.consumer().resume().join();
      meters.lookAgain();
      assertThat(meters.exists("safeconsumer.partition.lag", "partition", "2")).isTrue();
    }
  }

  @Test
  void shouldNeverCountBackwards() {
    try (Meters meters = new Meters(failingOn("bad", new IllegalStateException("again")))) {
      double handled = 0;
      for (int i = 0; i < 5; i++) {
        meters.driver.pipe(Meters.TOPIC, "k", i % 2 == 0 ? "good" : "bad");
        meters.driver.consumer().suspend().join();
        meters.driver.consumer().resume().join();
        meters.driver.rebalance();
        double now = meters.now("safeconsumer.records.handled");
        assertThat(now).isGreaterThanOrEqualTo(handled);
        handled = now;
      }
      meters.driver.consumer().close();
      assertThat(meters.now("safeconsumer.records.handled")).isGreaterThanOrEqualTo(handled);
    }
  }

  /** The consumer is gone, and its last state is still of interest: FAILED above all. */
  @Test
  void shouldKeepTheLastFiguresOfAClosedConsumerUntilItsMetersAreClosed() {
    Meters meters = new Meters(RecordHandler.of((record, context) -> {}));
    meters.driver.pipe(Meters.TOPIC, "k", "v");
    meters.driver.close();

    assertState(meters, "closed");
    assertThat(meters.value("safeconsumer.records.handled")).isEqualTo(1);
    assertThat(meters.names()).noneMatch(name -> name.startsWith("safeconsumer.partition."));

    meters.metrics.close();
    meters.metrics.close();
    assertThat(meters.registry.getMeters()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> meters.metrics.bindTo(meters.registry))
        .withMessageContaining("closed");
  }

  @Test
  void shouldRemoveOnlyItsOwnMeters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Meters first = new Meters(RecordHandler.of((record, context) -> {}), registry);
        Meters second =
            new Meters(
                Meters.builder("billing", RecordHandler.of((record, context) -> {})), registry)) {
      int both = registry.getMeters().size();
      first.metrics.close();

      assertThat(registry.getMeters()).hasSize(both / 2);
      assertThat(second.now("safeconsumer.partitions", "group", "billing")).isEqualTo(1);
      assertThat(first.exists("safeconsumer.partitions", "group", "shipping")).isFalse();
    }
  }

  /** Their meters could not be told apart, and those of the second would silently be missing. */
  @Test
  void shouldRefuseTwoConsumersOfOneNameInOneRegistry() {
    RecordHandler<String, String> handler = RecordHandler.of((record, context) -> {});
    try (Meters meters = new Meters(handler);
        HandlerTestDriver<String, String> other =
            HandlerTestDriver.of(Meters.builder("shipping", handler))) {
      SafeConsumerMetrics second = SafeConsumerMetrics.of(other.consumer());
      assertThatIllegalStateException()
          .isThrownBy(() -> second.bindTo(meters.registry))
          .withMessageContaining("name(..)");

      meters.metrics.close();
      second.bindTo(meters.registry);
      assertThat(meters.exists("safeconsumer.state")).isTrue();
      second.close();
    }
  }

  @Test
  void shouldTagEveryMeterWithConsumerAndGroupAndWhatIsGiven() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      SafeConsumerMetrics.of(meters.driver.consumer())
          .tags("app", "shop")
          .withPerPartition(false)
          .bindTo(registry);

      assertThat(registry.getMeters())
          .isNotEmpty()
          .allSatisfy(meter -> assertThat(keys(meter)).contains("consumer", "group", "app"));
      assertThat(registry.find("safeconsumer.partition.lag").meter()).isNull();
      assertThat(registry.get("safeconsumer.partitions.hidden").gauge().value()).isEqualTo(1);
    }
  }

  @Test
  void shouldRefuseTagsThatAreItsOwn() {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      SafeConsumerMetrics other = SafeConsumerMetrics.of(meters.driver.consumer());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.tags("topic", "x"))
          .withMessageContaining("topic");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.mostPartitions(0))
          .withMessageContaining("mostPartitions=0");
    }
  }

  /** Nobody keeps the binder; a registry that held it weakly would show NaN after a while. */
  @Test
  void shouldLiveOnWhenOnlyTheRegistryHoldsIt() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    RecordHandler<String, String> handler = RecordHandler.of((record, context) -> {});
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Meters.builder("shipping", handler))) {
      WeakReference<SafeConsumerMetrics> metrics =
          new WeakReference<>(SafeConsumerMetrics.of(driver.consumer(), () -> 0));
      bind(metrics, registry);
      collect(metrics);

      assertThat(registry.get("safeconsumer.rebalances").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("safeconsumer.partitions").gauge().value()).isEqualTo(1);
    }
  }

  /** Who forgets close() loses a few numbers, not the handler and all that it holds. */
  @Test
  void shouldNotHoldAConsumerThatHasEnded() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    WeakReference<RecordHandler<String, String>> handler = runToItsEnd(registry);

    collect(handler);
    assertThat(registry.get("safeconsumer.state").tag("state", "closed").gauge().value())
        .isEqualTo(1);
  }

  private static WeakReference<RecordHandler<String, String>> runToItsEnd(
      SimpleMeterRegistry registry) {
    List<String> seen = new ArrayList<>();
    RecordHandler<String, String> handler =
        RecordHandler.of((record, context) -> seen.add(record.value()));
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(Meters.builder("shipping", handler))) {
      SafeConsumerMetrics.of(driver.consumer()).bindTo(registry);
      driver.pipe(Meters.TOPIC, "k", "v");
    }
    return new WeakReference<>(handler);
  }

  private static void bind(
      WeakReference<SafeConsumerMetrics> metrics, SimpleMeterRegistry registry) {
    SafeConsumerMetrics strong = metrics.get();
    assertThat(strong).isNotNull();
    strong.bindTo(registry);
  }

  private static void collect(WeakReference<?> reference) {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }
    assertThat(reference.get()).as("is held by somebody").isNull();
  }

  private static void assertState(Meters meters, String state) {
    meters.lookAgain();
    Set<String> current =
        meters.registry.find("safeconsumer.state").gauges().stream()
            .filter(gauge -> gauge.value() == 1)
            .map(gauge -> gauge.getId().getTag("state"))
            .collect(Collectors.toSet());
    assertThat(current).containsExactly(state);
  }

  private static List<String> keys(Meter meter) {
    return meter.getId().getTags().stream().map(tag -> tag.getKey()).toList();
  }

  private static RecordHandler<String, String> failingOn(String value, Exception failure) {
    return RecordHandler.of(
        (record, context) -> {
          if (record.value().equals(value)) {
            throw failure;
          }
        });
  }
}
