package io.github.safeconsumer.examples.enrichment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the API put on its bill, and what is in the topics afterwards. */
@Timeout(180)
class EnrichmentTest {
  @Test
  void shouldPayForEachPlaceOnceAndHardlyForTheOutage() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Sandbox sandbox = Sandbox.start();
        PaidApi api = new PaidApi()) {
      boolean passed = new Staging(sandbox, api, new PrintStream(shown, true, UTF_8)).run();
      assertThat(passed).as(shown.toString(UTF_8)).isTrue();

      assertThat(
              api.calls().stream()
                  .filter(call -> call.status() == 200)
                  .collect(Collectors.groupingBy(PaidApi.Call::place, Collectors.counting())))
          .hasSize(Staging.PLACES - 1)
          .values()
          .containsOnly(1L);
      assertThat(sandbox.read(Enrichment.OUTPUT, Staging.PLACES - 1))
          .extracting(ConsumerRecord::key)
          .doesNotHaveDuplicates();
      assertThat(sandbox.read(Enrichment.DEAD_LETTERS, 1))
          .extracting(ConsumerRecord::value)
          .containsExactly(PaidApi.BAD);
      assertThat(api.charged()).isLessThan(Staging.PLACES * GeoApi.PRICE + 0.40);
    }
  }
}
