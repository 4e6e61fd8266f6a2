package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every use of a Kafka client needs at its end. */
final class Clients {
  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  private static final Duration BOUND = Duration.ofSeconds(2);

  private Clients() {}

  @SuppressWarnings("deprecation") // its successor is missing in 3.9
  static void close(Consumer<?, ?> consumer) {
    quietly(() -> consumer.close(BOUND));
  }

  static void close(Producer<?, ?> producer) {
    quietly(() -> producer.close(BOUND));
  }

  /** Without a bound it would wait for answers that nobody waits for any more. */
  static void close(Admin admin) {
    quietly(() -> admin.close(BOUND));
  }

  /** What was found or sent counts, not how the client took its leave. */
  private static void quietly(Runnable close) {
    try {
      close.run();
    } catch (KafkaException e) {
      LOG.debug("A client did not close in order: {}", SafeThrowables.className(e));
    }
  }

  /** The same refusal with what to do about it. */
  static KafkaException explained(AuthorizationException refusal, String remedy) {
    return new TopicAuthorizationException(remedy + " (" + refusal.getMessage() + ")");
  }
}
