package io.github.safeconsumer.examples.batchinserts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class BatchInsertsTest {
  /** The staging compares with the table, the dead letters and the committed offsets. */
  @Test
  void shouldInsertEveryGoodRowOnceAndSpareItItsBadNeighbours() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    boolean good;
    try (Sandbox sandbox = Sandbox.start()) {
      good = new Comparison(sandbox, new PrintStream(shown, true, UTF_8)).run();
      assertThat(sandbox.read("readings.dlt", 22))
          .filteredOn(letter -> letter.value().contains("\"long-"))
          .as("five rows that are too long, for each of two groups")
          .hasSize(10);
    }
    assertThat(good).as(shown.toString(UTF_8)).isTrue();
    assertThat(shown.toString(UTF_8)).contains("in batches: 4,990 rows", "one by one: 4,990 rows");
  }
}
