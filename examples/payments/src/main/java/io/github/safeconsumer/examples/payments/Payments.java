package io.github.safeconsumer.examples.payments;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Copy this file: each payment after the one before it on its account, and accounts beside each
 * other.
 *
 * <p>Order alone is not enough for payments. A payment that no attempt can help becomes a dead
 * letter, and the later ones of its account go on: right for most topics, wrong where each builds
 * on the one before. So the handler looks for the gap: it refuses a payment whose predecessor was
 * not applied. Those are kept in their order in a topic of their own, and nothing is applied out of
 * turn. Once the cause is mended, both topics are sent on, the first one first: see {@link Repair}.
 *
 * <p>The other way is {@code DeadLetterPolicy.none()}: then the payment that failed holds its
 * account (with {@code Ordering.KEY}, nothing else) until somebody calls {@code resolve(..)}. It
 * needs no number in the payment, and somebody who comes soon: committing stops at that record. It
 * holds for every failure: there is no holding for some exceptions and dead letters for others.
 */
final class Payments {
  static final String TOPIC = "payments";
  static final String FAILED = "payments.failed";
  static final String HELD = "payments.held";
  static final String GROUP = "ledger";

  /** A payment before this one was not applied. */
  static final class GapException extends NonRetryableException {
    private static final long serialVersionUID = 1L;

    GapException(Payment payment, int applied) {
      super("payment " + payment.number() + " came after payment " + applied);
    }
  }

  private Payments() {}

  static SafeConsumer<String, Payment> consumer(String bootstrapServers, Ledger ledger) {
    return SafeConsumer.<String, Payment>builder()
        .kafka(Map.of("bootstrap.servers", bootstrapServers, "group.id", GROUP))
        .topics(TOPIC)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(() -> JsonDeserializer.of(Payment.class))
        // An account waits for its own payments only, in whatever partition it is.
        .ordering(Ordering.KEY)
        // 32 accounts at once: what the ledger's database can take, not what Kafka can.
        .concurrency(32)
        .deadLetter(DeadLetterPolicy.toTopic(FAILED).on(HELD, GapException.class).createIfMissing())
        .handler(RecordHandler.of((record, context) -> apply(ledger, record.value())))
        .build();
  }

  private static void apply(Ledger ledger, Payment payment) throws InterruptedException {
    int applied = ledger.applied(payment.account());
    if (payment.number() <= applied) {
      return; // Delivered again after a crash, or sent on twice: it is in the balance already.
    }
    if (payment.number() > applied + 1) {
      throw new GapException(payment, applied);
    }
    ledger.apply(payment); // Balance and number in one transaction.
  }
}
