package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.SpendingPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * What the builder was given, unchecked; null means not given. {@link SettingsFactory} turns it
 * into {@link Settings}.
 */
public final class RawSettings<K, V> {
  public final Map<String, @Nullable Object> kafka = new HashMap<>();
  public @Nullable List<String> topics;
  public @Nullable Pattern pattern;
  public @Nullable Deserializer<? extends K> keyDeserializer;
  public @Nullable Supplier<? extends Deserializer<? extends K>> keyDeserializerSupplier;
  public @Nullable Deserializer<? extends V> valueDeserializer;
  public @Nullable Supplier<? extends Deserializer<? extends V>> valueDeserializerSupplier;
  public @Nullable RecordHandler<K, V> handler;
  public @Nullable BatchHandler<K, V> batchHandler;
  public @Nullable BatchPolicy batchPolicy;
  public @Nullable DeadLetterPolicy deadLetter;
  public @Nullable String name;
  public @Nullable RetryPolicy retry;
  public Ordering ordering = Ordering.PARTITION;
  public int concurrency = 1;
  public @Nullable SafeConsumerListener listener;
  public AlertPolicy alerts = AlertPolicy.defaults();
  public @Nullable Duration drainTimeout;
  public boolean shutdownHook = true;
  public @Nullable ThreadFactory workerThreads;
  public @Nullable Duration expectedLatency;
  public boolean longRunning;
  public @Nullable Double maxRecordsPerSecond;
  public @Nullable CircuitBreakerPolicy breaker;
  public @Nullable Duration handlerTimeout;
  public boolean noHandlerTimeout;
  public @Nullable SpendingPolicy spending;
  public @Nullable Integer crashLimit;
  public Preflight.Mode preflight = Preflight.Mode.ENFORCE;
}
