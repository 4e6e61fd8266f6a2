package io.github.safeconsumer.examples.faults;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.State;
import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member that is a SafeConsumer. */
final class SafeMember {
  /** Attempts that a failing record gets before it becomes a dead letter. */
  static final int ATTEMPTS = 4;

  /** Processes that a record may end before it becomes a dead letter without another attempt. */
  static final int CRASH_LIMIT = 3;

  private static final CircuitBreakerPolicy BREAKER =
      CircuitBreakerPolicy.consecutiveFailures(3)
          .openFor(Duration.ofSeconds(1), Duration.ofSeconds(5));
  private static final RetryPolicy RETRY =
      RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(1)).maxAttempts(ATTEMPTS);

  private SafeMember() {}

  static void run(MemberSettings settings, JournalWriter journal, Work work) throws Exception {
    int concurrency = settings.options().concurrency();
    SafeConsumer<byte[], Task> consumer =
        SafeConsumer.<byte[], Task>builder()
            .kafka(settings.kafka())
            .topics(settings.topic())
            .keyDeserializer(new ByteArrayDeserializer())
            .valueDeserializer(Task.Reader::new)
            .handler(handler(journal, work))
            .ordering(concurrency == 1 ? Ordering.PARTITION : Ordering.UNORDERED)
            .concurrency(concurrency)
            .retry(RETRY)
            .circuitBreaker(BREAKER)
            .handlerTimeout(settings.options().handlerTimeout())
            .crashLimit(CRASH_LIMIT)
            .deadLetter(DeadLetterPolicy.toTopic(MemberSettings.deadLetterTopic(settings.topic())))
            .build();
    consumer.start();
    CloseReport end = consumer.closed().get();
    if (end.state() == State.FAILED) {
      throw new IllegalStateException("SafeConsumer gave up: " + end.failure());
    }
  }

  private static RecordHandler<byte[], Task> handler(JournalWriter journal, Work work) {
    return new RecordHandler<>() {
      @Override
      public void handle(ConsumerRecord<byte[], Task> record, RecordContext context)
          throws Exception {
        work.handle(record);
      }

      @Override
      public void onAssigned(Collection<TopicPartition> partitions) {
        journal.assigned(partitions);
      }
    };
  }
}
