package io.github.safeconsumer.examples.payments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ledger is right at the end, and the dead letters tell what was in the way. */
@Timeout(180)
class PaymentsTest {
  @Test
  void shouldApplyEachPaymentOnceAndInTurnThoughOneFailedMeanwhile() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Sandbox sandbox = Sandbox.start()) {
      Staging staging = new Staging(sandbox, new PrintStream(shown, true, UTF_8));
      assertThat(staging.run()).as(shown.toString(UTF_8)).isTrue();

      for (int account = 0; account < Staging.ACCOUNTS; account++) {
        assertThat(staging.ledger().balance("account-" + account))
            .as("account-%d", account)
            .isEqualTo(100L * 19 + 210 - 5 - 300);
      }
      List<ConsumerRecord<String, String>> failed = sandbox.read(Payments.FAILED, 1);
      assertThat(failed).extracting(ConsumerRecord::key).containsExactly(Staging.FROZEN);
      assertThat(failed.get(0).value()).contains("\"number\":5");
      assertThat(sandbox.read(Payments.HELD, 15))
          .hasSize(15)
          .extracting(ConsumerRecord::key)
          .containsOnly(Staging.FROZEN);
    }
  }

  @Test
  void shouldNoticeAJournalThatIsOutOfTurn() throws Exception {
    Ledger ledger = new Ledger();
    ledger.apply(Staging.payment(1, 1));
    ledger.apply(Staging.payment(1, 2));
    assertThat(Staging.Order.kept(ledger)).isTrue();
    ledger.apply(Staging.payment(1, 4));
    assertThat(Staging.Order.kept(ledger)).isFalse();
  }
}
