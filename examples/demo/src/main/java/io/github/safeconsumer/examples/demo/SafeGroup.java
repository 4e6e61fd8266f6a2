package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.examples.demo.report.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** One SafeConsumer with as many workers as the naive group has members. */
final class SafeGroup implements Group {
  private static final String ID = "safe-consumer";
  private static final String NAME = "SafeConsumer";

  /** Attempts a record gets before it becomes a dead letter. */
  static final int ATTEMPTS = 4;

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final Journal journal;
  private final OrderHandler handler;
  private final SafeConsumer<String, Order> consumer;

  private volatile int handoversOfJoin;
  private volatile String news = "";

  SafeGroup(
      ConsumerSettings settings,
      String topic,
      String deadLetterTopic,
      int concurrency,
      Journal journal,
      Timeline timeline) {
    this.journal = journal;
    handler = new OrderHandler(journal, what -> timeline.mark(NAME, Mark.Kind.REBALANCE, what));
    consumer =
        SafeConsumer.<String, Order>builder()
            .kafka(settings.forGroup(ID))
            .topics(topic)
            .valueDeserializer(() -> JsonDeserializer.of(Order.class))
            .handler(handler)
            .retry(
                RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .maxAttempts(ATTEMPTS))
            .deadLetter(DeadLetterPolicy.toTopic(deadLetterTopic))
            // These orders fail for reasons of their own. Three of them in a row would look like a
            // downstream that is away, and an attempt in an outage is not held against its record.
            .circuitBreaker(CircuitBreakerPolicy.off())
            .concurrency(concurrency)
            .listener(this::onEvent)
            // The demo ends its broker too, so it closes everything itself, in order.
            .shutdownHook(false)
            .build();
  }

  private void onEvent(SafeConsumerEvent event) {
    if (event instanceof SafeConsumerEvent.RetryScheduled retry) {
      news =
          (at(retry.partition(), retry.offset()) + " failed, attempt " + retry.attempt())
              + (" of " + ATTEMPTS + ", next in " + retry.delay().toMillis() + " ms");
    } else if (event instanceof SafeConsumerEvent.DeadLettered letter) {
      news =
          (at(letter.partition(), letter.offset()) + " is in " + letter.topic())
              + (" (" + letter.reason() + ")");
    }
  }

  private static String at(TopicPartition partition, long offset) {
    return partition + "@" + offset;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public CompletableFuture<Void> join() {
    return consumer
        .start()
        .thenAccept(
            outcome -> {
              if (!outcome.applied()) {
                throw new IllegalStateException("SafeConsumer did not start: " + outcome.reason());
              }
              handoversOfJoin = handler.handovers();
            });
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public long rebalances() {
    return handler.handovers() - handoversOfJoin;
  }

  /** What it says of itself at this moment. */
  List<Cause> diagnosis() {
    return consumer.diagnose();
  }

  /** The generations of the group in which records were handled. */
  Set<Integer> generations() {
    return handler.generations();
  }

  @Override
  public String news() {
    return news;
  }

  @Override
  public void stop() {
    consumer.close(CLOSE_BOUND);
  }
}
