package io.github.safeconsumer.examples.bench.safe;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.JsonDeserializer;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.examples.bench.subject.Order;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Subject;
import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * SafeConsumer as a user would build it. Retries, circuit breaker, hang detection and crash guard
 * are left as they are by default; without a dead-letter topic a record that no attempt can help
 * holds its lane.
 */
public final class Safe implements Subject {
  private final List<SafeConsumer<String, Object>> members = new ArrayList<>();

  /** Made by name. */
  public Safe() {}

  @Override
  public void start(RunSpec spec, Work work) throws Exception {
    for (int member = 0; member < spec.members(); member++) {
      members.add(build(spec, work));
    }
    for (SafeConsumer<String, Object> member : members) {
      member.start().thenAccept(outcome -> started(outcome, work));
    }
  }

  private static void started(Outcome outcome, Work work) {
    if (outcome.result() == Outcome.Result.FAILED) {
      work.failed(new IllegalStateException("could not start: " + outcome.reason()));
    }
  }

  private static SafeConsumer<String, Object> build(RunSpec spec, Work work) {
    SafeConsumer.Builder<String, Object> builder =
        SafeConsumer.<String, Object>builder()
            .kafka(spec.consumerSettings())
            .topics(spec.topics().toArray(String[]::new))
            .keyDeserializer(new StringDeserializer())
            .valueDeserializer(values(spec))
            .ordering(Ordering.valueOf(spec.ordering().name()))
            .concurrency(spec.concurrency())
            .deadLetter(DeadLetterPolicy.none())
            .listener(event -> watch(event, work))
            .shutdownHook(false);
    if (spec.batchSize() > 0) {
      builder.batchHandler(
          BatchHandler.of((records, context) -> work.handleAll(records)),
          BatchPolicy.of(spec.batchSize()));
    } else {
      builder.handler(RecordHandler.of((record, context) -> work.handle(record)));
    }
    return builder.build();
  }

  private static Deserializer<?> values(RunSpec spec) {
    return spec.json() ? JsonDeserializer.of(Order.class) : new ByteArrayDeserializer();
  }

  /** Nothing is meant to fail here. */
  private static void watch(SafeConsumerEvent event, Work work) {
    if (event instanceof SafeConsumerEvent.RetryScheduled
        || event instanceof SafeConsumerEvent.Blocked) {
      work.failed(new IllegalStateException(event.toString()));
    }
  }

  @Override
  public void close() throws ExecutionException, InterruptedException {
    members.forEach(SafeConsumer::close);
  }
}
