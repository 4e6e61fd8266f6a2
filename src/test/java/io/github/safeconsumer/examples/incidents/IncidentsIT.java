package io.github.safeconsumer.examples.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.SharedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong on a real broker is named, inside and from outside, and what goes well gives no
 * alarm. {@code examples/run incidents} does the same one by one, and says after how many seconds.
 */
class IncidentsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Takes half a minute by what it means; {@code DiagnosisTest} has it. */
  private static final String SLOW = "record tried again and again";

  @Test
  void shouldNameTheCauseOfEachIncidentInsideAndFromOutside() {
    Rehearsal rehearsal = new Rehearsal(SharedKafka.bootstrapServers(), PATIENCE);
    ExecutorService stages = Executors.newCachedThreadPool();
    try {
      List<CompletableFuture<Result>> playing =
          Catalogue.all().stream()
              .filter(one -> !one.name().equals(SLOW))
              .map(one -> CompletableFuture.supplyAsync(() -> rehearsal.play(one), stages))
              .toList();
      SoftAssertions all = new SoftAssertions();
      for (CompletableFuture<Result> one : playing) {
        Result result = one.join();
        all.assertThat(result)
            .as(result.incident().name())
            .matches(Result::isAsExpected, "told as expected");
      }
      all.assertAll();
    } finally {
      stages.shutdownNow();
    }
  }

  @Test
  void shouldGiveNoAlarmWhileABacklogIsWorkedOffAndAfterwards() throws Exception {
    int backlog = 4_000;
    try (Stage stage = new Stage(SharedKafka.bootstrapServers(), "catching-up")) {
      stage.createTopic(stage.topic(), 4, Map.of());
      for (int i = 0; i < backlog; i++) {
        stage.sendLater(new ProducerRecord<>(stage.topic(), i % 4, "key", "good"));
      }
      stage.flush();
      stage.start(
          stage
              .builder(RecordHandler.of((record, context) -> TimeUnit.MILLISECONDS.sleep(2)))
              .concurrency(2));
      // More comes all the time, but less than gets done.
      stage.produce(100, number -> new ProducerRecord<>(stage.topic(), "key-" + number, "good"));
      SafeConsumer<String, String> consumer = stage.consumer().orElseThrow();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                assertThat(consumer.diagnose())
                    .extracting(Cause::code)
                    .containsExactly(Cause.NOTHING_WRONG);
                return consumer.status().handled() >= backlog;
              });
      assertThat(consumer.health().reasons()).isEmpty();
      assertThat(consumer.status().alerts()).isEmpty();
    }
  }
}
