package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Handler;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.SpendingPolicy;
import io.github.safeconsumer.internal.serde.DeserializerSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A checked, complete configuration.
 *
 * @param handler a {@link io.github.safeconsumer.RecordHandler} or, with a batch policy, a {@link
 *     io.github.safeconsumer.BatchHandler}, of K and V
 * @param workerThreads null for the default threads
 * @param handlerTimeout until when an attempt has to end; null for no bound
 * @param crashLimit after how many deaths a record is convicted; 0 for never
 * @param expectedLatency of one record in the handler, as declared; null where it was not
 * @param maxRecordsPerSecond how many records may start in a second; infinite for no limit
 * @param advice findings that do not forbid the start; logged once at start
 */
public record Settings<K, V>(
    String name,
    KafkaSettings kafka,
    Subscription subscription,
    DeserializerSource<K> keys,
    DeserializerSource<V> values,
    Handler handler,
    @Nullable BatchPolicy batch,
    DeadLetterPolicy deadLetter,
    RetryPolicy retry,
    CircuitBreakerPolicy breaker,
    SpendingPolicy spending,
    Ordering ordering,
    int concurrency,
    SafeConsumerListener listener,
    AlertPolicy alerts,
    Duration drainTimeout,
    boolean shutdownHook,
    @Nullable ThreadFactory workerThreads,
    @Nullable Duration handlerTimeout,
    int crashLimit,
    @Nullable Duration expectedLatency,
    double maxRecordsPerSecond,
    List<Preflight.Finding> advice) {
  public Settings {
    advice = List.copyOf(advice);
  }

  /** The same for a consumer inside a test: with this listener, and no hook in the test's JVM. */
  public Settings<K, V> inTest(SafeConsumerListener other) {
    return new Settings<>(
        name,
        kafka,
        subscription,
        keys,
        values,
        handler,
        batch,
        deadLetter,
        retry,
        breaker,
        spending,
        ordering,
        concurrency,
        other,
        alerts,
        drainTimeout,
        false,
        workerThreads,
        handlerTimeout,
        crashLimit,
        expectedLatency,
        maxRecordsPerSecond,
        advice);
  }
}
