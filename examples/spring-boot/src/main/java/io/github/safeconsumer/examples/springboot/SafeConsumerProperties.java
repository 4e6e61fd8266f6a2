package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code safeconsumer}. Bounds are not repeated here: {@code build()} checks
 * them all at once, and {@link SafeConsumerFailureAnalyzer} prints what it finds.
 *
 * @param deadLetterSuffix of the dead-letter topics; empty: there are none, and a record that
 *     nothing can help holds its lane
 * @param kafka what Kafka's own consumer takes, by Kafka's own names
 */
@ConfigurationProperties("safeconsumer")
public record SafeConsumerProperties(
    @DefaultValue List<String> topics,
    @DefaultValue("1") int concurrency,
    @DefaultValue("partition") Ordering ordering,
    @DefaultValue("10m") Duration handlerTimeout,
    @DefaultValue(".dlt") String deadLetterSuffix,
    @DefaultValue Map<String, String> kafka) {

  /** A builder that lacks deserializers and handler only. */
  public <K, V> SafeConsumer.Builder<K, V> builder() {
    return SafeConsumer.<K, V>builder()
        .kafka(kafka)
        .topics(topics.toArray(String[]::new))
        .concurrency(concurrency)
        .ordering(ordering)
        .handlerTimeout(handlerTimeout)
        .deadLetter(
            deadLetterSuffix.isEmpty()
                ? DeadLetterPolicy.none()
                : DeadLetterPolicy.suffix(deadLetterSuffix))
        // Spring's own hook closes the context, and that the consumer; two would race.
        .shutdownHook(false);
  }
}
