package io.github.safeconsumer.internal.config;

import static org.apache.kafka.clients.consumer.ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Handler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SpendingPolicy;
import io.github.safeconsumer.internal.serde.DeserializerSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Checks what the builder was given, all at once, and completes it with the defaults. Connects to
 * nothing.
 */
public final class SettingsFactory {
  private static final int MOST_CONCURRENCY = 10_000;

  private SettingsFactory() {}

  /**
   * Checks and completes.
   *
   * @throws io.github.safeconsumer.ConfigurationException naming every finding
   */
  public static <K, V> Settings<K, V> create(RawSettings<K, V> raw) {
    return create(raw, ClientVersion.onClassPath());
  }

  static <K, V> Settings<K, V> create(RawSettings<K, V> raw, Optional<ClientVersion> client) {
    Findings findings = new Findings(raw.preflight);
    KafkaProperties kafka =
        new KafkaProperties(
            ConsumerConfig.configDef(),
            raw.kafka,
            "",
            raw.kafka.containsKey(PropertyCheck.CONFIG_PROVIDERS),
            Set.of(KEY_DESERIALIZER_CLASS_CONFIG, VALUE_DESERIALIZER_CLASS_CONFIG),
            findings);
    new RequiredSettings(kafka, findings).check();
    new OwnedSettings(kafka, findings).check();
    GroupRules group = new GroupRules(kafka, findings);
    group.check(client);
    new ClassListRules(kafka, findings).check();
    OffsetReset reset = new OffsetResetReader(kafka, findings).read();
    Duration heartbeat = Heartbeat.of(kafka);
    new TimingRules(kafka, findings).check(group.consumerProtocol(), heartbeat);
    Subscription subscription =
        new SubscriptionRules(findings).read(raw.topics, raw.pattern, raw.deadLetter);
    DeserializerRules deserializers = new DeserializerRules(kafka, findings);
    Lock keyLock = new ReentrantLock();
    Lock valueLock =
        isSame(raw.keyDeserializer, raw.valueDeserializer) ? keyLock : new ReentrantLock();
    DeserializerSource<K> keys =
        deserializers.read(
            "keyDeserializer",
            KEY_DESERIALIZER_CLASS_CONFIG,
            raw.keyDeserializer,
            raw.keyDeserializerSupplier,
            keyLock);
    DeserializerSource<V> values =
        deserializers.read(
            "valueDeserializer",
            VALUE_DESERIALIZER_CLASS_CONFIG,
            raw.valueDeserializer,
            raw.valueDeserializerSupplier,
            valueLock);
    @Nullable Handler handler = checkHandler(raw, findings);
    @Nullable DeadLetterPolicy deadLetter =
        new DeadLetterRules(findings, kafka.has(PropertyCheck.CONFIG_PROVIDERS))
            .check(raw.deadLetter, subscription.topics());
    String name = raw.name == null ? kafka.text(ConsumerConfig.GROUP_ID_CONFIG) : raw.name;
    checkName(name, raw.name != null, findings);
    checkConcurrency(raw.concurrency, findings);
    LoadRules load = new LoadRules(kafka, findings);
    @Nullable Duration latency = load.latency(raw.expectedLatency);
    double rate = load.rate(raw.maxRecordsPerSecond);
    GuardRules guards = new GuardRules(findings);
    @Nullable Duration handlerTimeout = guards.handlerTimeout(raw, latency);
    int crashLimit = guards.crashLimit(raw.crashLimit);
    new RetryReach(findings).check(raw.retry, latency);
    DrainRule drainRule = drainRule(kafka, group.consumerProtocol(), heartbeat, findings);
    Duration drain = drainRule.check(raw.drainTimeout);
    int maxPollRecords = load.maxPollRecords(raw, latency);
    if (latency != null && !raw.longRunning) {
      load.checkDrain(latency, raw.batchPolicy, drain, drainRule);
    }
    findings.refuseUnsafe();
    KafkaSettings settings =
        new KafkaSettingsReader(kafka)
            .read(name, group.consumerProtocol(), reset, heartbeat, maxPollRecords);
    ClientOpinion.ask(settings.consumer(), findings);
    findings.refuseUnsafe();
    return new Settings<>(
        name,
        settings,
        subscription,
        Objects.requireNonNull(keys),
        Objects.requireNonNull(values),
        Objects.requireNonNull(handler),
        raw.batchPolicy,
        Objects.requireNonNull(deadLetter),
        raw.retry == null ? RetryPolicy.defaults() : raw.retry,
        raw.breaker == null ? CircuitBreakerPolicy.defaults() : raw.breaker,
        raw.spending == null ? SpendingPolicy.none() : raw.spending,
        raw.ordering,
        raw.concurrency,
        raw.listener == null ? event -> {} : raw.listener,
        raw.alerts,
        drain,
        raw.shutdownHook,
        raw.workerThreads,
        handlerTimeout,
        crashLimit,
        latency,
        rate,
        findings.advice());
  }

  private static DrainRule drainRule(
      KafkaProperties kafka, boolean consumerProtocol, Duration heartbeat, Findings findings) {
    return new DrainRule(
        kafka.millis(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        consumerProtocol ? Duration.ZERO : heartbeat,
        consumerProtocol ? Duration.ZERO : Heartbeat.longest(kafka),
        findings);
  }

  private static @Nullable Handler checkHandler(RawSettings<?, ?> raw, Findings findings) {
    if (raw.handler != null && raw.batchHandler != null) {
      findings.unsafe(
          "handler",
          "given, and batchHandler too",
          "records go either one by one or in batches",
          "call only one of handler(..) and batchHandler(..)");
    } else if (raw.handler == null && raw.batchHandler == null) {
      findings.unsafe(
          "handler",
          Findings.UNSET,
          "without a handler there is nothing to do",
          "call handler(RecordHandler) or batchHandler(BatchHandler, BatchPolicy)");
    }
    return raw.batchHandler != null ? raw.batchHandler : raw.handler;
  }

  private static boolean isSame(@Nullable Object one, @Nullable Object other) {
    return one != null && one == other;
  }

  private static void checkName(String name, boolean declared, Findings findings) {
    if (declared && name.isBlank()) {
      findings.unsafe(
          "name",
          '"' + Shown.text(name) + '"',
          "must not be blank",
          "give a name, or leave it out for the group id");
    } else if (name.chars().anyMatch(Character::isISOControl)) {
      findings.unsafe(
          declared ? "name" : ConsumerConfig.GROUP_ID_CONFIG,
          '"' + Shown.text(name) + '"',
          "must hold no control characters: it names threads and log lines",
          declared ? "remove them" : "remove them, or call name(..)");
    }
  }

  private static void checkConcurrency(int attempts, Findings findings) {
    if (attempts < 1 || attempts > MOST_CONCURRENCY) {
      findings.unsafe(
          "concurrency",
          String.valueOf(attempts),
          "must be from 1 to " + MOST_CONCURRENCY + " attempts at once",
          "use 1 unless the handler is thread-safe");
    }
  }
}
