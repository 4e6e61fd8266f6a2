package io.github.safeconsumer.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However much a consumer reads, its meters stay as few as was said. */
class CardinalityTest {
  private static final int FEW = 5;

  @Test
  void shouldShowNoPartitionWhereThereAreTooManyAndSayHowMany() {
    try (Meters meters = new Meters(doNothing())) {
      SimpleMeterRegistry few = new SimpleMeterRegistry();
      AtomicLong now = new AtomicLong();
      SafeConsumerMetrics.of(meters.driver.consumer(), now::get).mostPartitions(FEW).bindTo(few);

      meters.driver.partitions(Meters.TOPIC, FEW);
      lookAgain(few, now);
      assertThat(few.find("safeconsumer.partition.lag").gauges()).hasSize(FEW);
      assertThat(few.get("safeconsumer.partitions.hidden").gauge().value()).isZero();

      meters.driver.partitions(Meters.TOPIC, FEW + 1);
      lookAgain(few, now);
      assertThat(few.find("safeconsumer.partition.lag").gauges()).isEmpty();
      assertThat(few.get("safeconsumer.partitions.hidden").gauge().value()).isEqualTo(FEW + 1);
      assertThat(few.find("safeconsumer.lag").gauges()).hasSize(1);
    }
  }

  @Test
  void shouldNotGrowWithPartitionsBeyondTheBound() {
    try (Meters meters = new Meters(doNothing())) {
      meters.driver.partitions(Meters.TOPIC, 101);
      meters.lookAgain();
      int meterCount = meters.registry.getMeters().size();

      meters.driver.partitions(Meters.TOPIC, 400);
      assertThat(meters.now("safeconsumer.partitions.hidden")).isEqualTo(400);
      assertThat(meters.registry.getMeters()).hasSize(meterCount);
    }
  }

  /** Sums over topics stay right: what is not told apart is not left out. */
  @Test
  void shouldTakeTopicsTogetherWhereThereAreTooMany() {
    SafeConsumer.Builder<String, String> blocking =
        Meters.builder(
                "shipping",
                RecordHandler.of(
                    (record, context) -> {
                      throw new NonRetryableException("blocks");
                    }))
            .topics(topics(3 * FEW))
            .deadLetter(DeadLetterPolicy.none());
    try (Meters meters = new Meters(blocking, new SimpleMeterRegistry())) {
      SimpleMeterRegistry few = new SimpleMeterRegistry();
      AtomicLong now = new AtomicLong();
      SafeConsumerMetrics.of(meters.driver.consumer(), now::get).mostPartitions(FEW).bindTo(few);
      for (String topic : topics(3 * FEW)) {
        meters.driver.pipe(topic, "k", "v");
      }
      meters.driver.advanceTime(Duration.ofSeconds(2)); // lag is read once a second
      lookAgain(few, now);

      assertThat(few.find("safeconsumer.blocked").gauges()).hasSize(FEW + 1);
      Collection<Gauge> lags = few.find("safeconsumer.lag").gauges();
      assertThat(lags).hasSize(FEW + 1);
      assertThat(lags.stream().mapToDouble(Gauge::value).sum()).isEqualTo(3 * FEW);
      assertThat(few.get("safeconsumer.lag").tag("topic", "(other)").gauge().value())
          .isEqualTo(2 * FEW);
      assertThat(few.find("safeconsumer.handler.latency").gauges()).hasSize(3 * (FEW + 1));
    }
  }

  @Test
  void shouldLookAtTheConsumerOnceForAllMetersOfAScrape() {
    try (Meters meters = new Meters(doNothing())) {
      AtomicInteger looks = new AtomicInteger();
      AtomicLong now = new AtomicLong();
      MeterRegistry registry = new SimpleMeterRegistry();
      Source source =
          new Source(
              () -> {
                looks.incrementAndGet();
                return Look.at(meters.driver.consumer(), false);
              },
              Options.defaults(),
              now::get);
      source.bind(registry);
      scrape(registry);
      assertThat(looks).as("the one at binding is fresh").hasValue(1);

      now.addAndGet(Source.FRESH_NANOS);
      scrape(registry);
      scrape(registry);
      assertThat(looks).hasValue(2);
    }
  }

  /** A look that fails shows in the log; the scrape goes on with what was known. */
  @Test
  void shouldKeepTheLastFiguresWhenALookFails() {
    try (Meters meters = new Meters(doNothing())) {
      AtomicLong now = new AtomicLong();
      MeterRegistry registry = new SimpleMeterRegistry();
      Source source =
          new Source(
              () -> {
                if (now.get() > 0) {
                  throw new IllegalStateException("cannot look");
                }
                return Look.at(meters.driver.consumer(), false);
              },
              Options.defaults(),
              now::get);
      source.bind(registry);
      now.addAndGet(Source.FRESH_NANOS);

      assertThat(registry.get("safeconsumer.partitions").gauge().value()).isEqualTo(1);
      assertThat(registry.get("safeconsumer.rebalances").functionCounter().count()).isEqualTo(1);
    }
  }

  private static void lookAgain(MeterRegistry registry, AtomicLong now) {
    now.addAndGet(Source.FRESH_NANOS);
    assertThat(registry.get("safeconsumer.partitions").gauge().value()).isPositive();
  }

  private static String[] topics(int count) {
    return IntStream.range(0, count).mapToObj(i -> "orders-" + (10 + i)).toArray(String[]::new);
  }

  private static void scrape(MeterRegistry registry) {
    registry.forEachMeter(meter -> meter.measure().forEach(one -> one.getValue()));
  }

  private static RecordHandler<String, String> doNothing() {
    return RecordHandler.of((record, context) -> {});
  }
}
