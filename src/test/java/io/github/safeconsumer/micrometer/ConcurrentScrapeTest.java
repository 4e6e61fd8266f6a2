package io.github.safeconsumer.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.RecordHandler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Meters are registered and removed while others read them: that must harm nobody. */
@Timeout(60)
class ConcurrentScrapeTest {
  private static final int THREADS = 4;
  private static final int SCRAPES = 300;

  @Test
  void shouldServeManyReadersWhilePartitionsComeAndGo() throws Exception {
    try (Meters meters = new Meters(RecordHandler.of((record, context) -> {}))) {
      Look few = Look.at(meters.driver.consumer(), false);
      meters.driver.partitions(Meters.TOPIC, 5);
      meters.driver.pipe(Meters.TOPIC, "k", "v");
      Look many = Look.at(meters.driver.consumer(), false);
      AtomicInteger looks = new AtomicInteger();
      AtomicLong now = new AtomicLong();
      // Every read is a new look, and every look finds other partitions than the one before.
      Source source =
          new Source(
              () -> looks.incrementAndGet() % 2 == 0 ? few : many,
              Options.defaults(),
              () -> now.addAndGet(Source.FRESH_NANOS));
      PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      CompositeMeterRegistry both = new CompositeMeterRegistry();
      both.add(prometheus).add(new SimpleMeterRegistry());
      source.bind(both);

      inParallel(
          () -> {
            assertThat(prometheus.scrape())
                .contains("safeconsumer_state{")
                .contains("safeconsumer_rebalances_total{");
            FunctionCounter counter = both.find("safeconsumer.rebalances").functionCounter();
            assertThat(counter.count()).isPositive();
          });
      assertThat(looks.get()).isGreaterThan(SCRAPES);

      source.close();
      assertThat(both.getMeters()).isEmpty();
      assertThat(prometheus.scrape()).doesNotContain("safeconsumer");
    }
  }

  private static void inParallel(Runnable scrape) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          threads.submit(
              () -> {
                for (int n = 0; n < SCRAPES; n++) {
                  scrape.run();
                }
              }));
    }
    threads.shutdown();
    for (Future<?> one : running) {
      one.get(50, TimeUnit.SECONDS);
    }
  }
}
