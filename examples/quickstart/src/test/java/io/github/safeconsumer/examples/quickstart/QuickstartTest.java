package io.github.safeconsumer.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a newcomer sees first is what it says. */
@Timeout(180)
class QuickstartTest {
  @Test
  void shouldShipNineOrdersAndShowTheTenthAsADeadLetter() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Sandbox sandbox = Sandbox.start()) {
      assertThat(new OwnBroker(sandbox, new PrintStream(shown, true, UTF_8)).run()).isTrue();
    }
    assertThat(shown.toString(UTF_8).lines())
        .filteredOn(line -> line.startsWith("shipped order-"))
        .hasSize(9)
        .doesNotContain("shipped order-4");
    assertThat(shown.toString(UTF_8)).contains("joined group quickstart", "dead letter: order-4");
  }
}
