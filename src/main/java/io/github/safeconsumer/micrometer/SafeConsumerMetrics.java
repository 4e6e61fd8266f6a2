package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.SafeConsumer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The figures of a consumer as Micrometer meters. Their names, units and tags are API and stand in
 * docs/METRICS.md.
 *
 * <pre>{@code
 * SafeConsumerMetrics metrics = SafeConsumerMetrics.of(consumer).tags("app", "shipping");
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>The consumer is looked at once a second at most, when a meter is read; reading never blocks.
 * Meters of partitions and topics come and go with the partitions, one look later. All others stay,
 * with their last values, when the consumer is closed or has failed; {@link #close()} removes them.
 * The registry holds the consumer until it ends or until close(): nobody else has to hold this.
 *
 * <p>The methods that configure return a changed copy. Thread-safe.
 */
public final class SafeConsumerMetrics implements MeterBinder, AutoCloseable {
  private final SafeConsumer<?, ?> consumer;
  private final Options options;
  private final LongSupplier nanos;
  private final Source source;
  private final AtomicBoolean waitsForEnd = new AtomicBoolean();

  private SafeConsumerMetrics(SafeConsumer<?, ?> consumer, Options options, LongSupplier nanos) {
    this.consumer = consumer;
    this.options = options;
    this.nanos = nanos;
    this.source = new Source(() -> Look.at(consumer, options.kafkaMetrics()), options, nanos);
  }

  /** Figures of the consumer, of its topics, and of its partitions while they are 100 at most. */
  public static SafeConsumerMetrics of(SafeConsumer<?, ?> consumer) {
    return of(consumer, System::nanoTime);
  }

  static SafeConsumerMetrics of(SafeConsumer<?, ?> consumer, LongSupplier nanos) {
    return new SafeConsumerMetrics(
        Objects.requireNonNull(consumer, "consumer"), Options.defaults(), nanos);
  }

  private SafeConsumerMetrics with(Options changed) {
    return new SafeConsumerMetrics(consumer, changed, nanos);
  }

  /** Whether each partition has series of its own, ten of them. Default: true. */
  public SafeConsumerMetrics withPerPartition(boolean shown) {
    return with(new Options(shown, options.most(), options.kafkaMetrics(), options.tags()));
  }

  /**
   * While more partitions than this are owned none has series of its own, and {@code
   * safeconsumer.partitions.hidden} says how many they are; the figures of topics go on. As many
   * topics are told apart; further ones are taken together as {@code (other)}.
   *
   * @param partitions from 1 to 100,000. Default: 100
   */
  public SafeConsumerMetrics mostPartitions(int partitions) {
    return with(
        new Options(options.perPartition(), partitions, options.kafkaMetrics(), options.tags()));
  }

  /**
   * Also the metrics of Kafka's own consumer client, about 90 whatever it reads: those of the
   * client as a whole, named {@code safeconsumer.kafka.} and then as Kafka names them. They go
   * while there is no client. Default: without them.
   */
  public SafeConsumerMetrics withKafkaMetrics() {
    return with(new Options(options.perPartition(), options.most(), true, options.tags()));
  }

  /**
   * Tags for all meters of this consumer. For Prometheus the keys have to be the same for all
   * consumers in the registry.
   *
   * @param keyValues keys and values by turns
   * @throws IllegalArgumentException for a key that the library uses
   */
  public SafeConsumerMetrics tags(String... keyValues) {
    return tags(Tags.of(keyValues));
  }

  /** As {@link #tags(String...)}; adds to those given before. */
  public SafeConsumerMetrics tags(Iterable<Tag> tags) {
    return with(
        new Options(
            options.perPartition(),
            options.most(),
            options.kafkaMetrics(),
            options.tags().and(tags)));
  }

  /**
   * Registers the meters; may be called for several registries.
   *
   * @throws IllegalStateException when meters of a consumer with this name and group are there
   *     already, or after close()
   */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // end() catches everything
  public void bindTo(MeterRegistry registry) {
    source.bind(Objects.requireNonNull(registry, "registry"));
    if (waitsForEnd.compareAndSet(false, true)) {
      Source ending = source;
      consumer.closed().whenComplete((report, failure) -> ending.end());
    }
  }

  /** Removes the meters from all registries. The consumer goes on. Idempotent. */
  @Override
  public void close() {
    source.close();
  }
}
