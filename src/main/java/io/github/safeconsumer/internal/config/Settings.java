package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.internal.serde.DeserializerSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A checked, complete configuration.
 *
 * @param workerThreads null for the default threads
 * @param advice findings that do not forbid the start; logged once at start
 */
public record Settings<K, V>(
    String name,
    KafkaSettings kafka,
    Subscription subscription,
    DeserializerSource<K> keys,
    DeserializerSource<V> values,
    RecordHandler<K, V> handler,
    DeadLetterPolicy deadLetter,
    RetryPolicy retry,
    int concurrency,
    SafeConsumerListener listener,
    Duration drainTimeout,
    boolean shutdownHook,
    @Nullable ThreadFactory workerThreads,
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
        deadLetter,
        retry,
        concurrency,
        other,
        drainTimeout,
        false,
        workerThreads,
        advice);
  }
}
