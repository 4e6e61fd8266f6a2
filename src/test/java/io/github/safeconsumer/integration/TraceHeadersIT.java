package io.github.safeconsumer.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.DeadLetters;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trace goes on in the handler and behind it: its headers arrive as they were written. */
@Timeout(120)
class TraceHeadersIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KAFKA = SharedKafka.bootstrapServers();
  private static final String RESERVED = "safeconsumer.dlt.";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final Queue<List<Header>> seen = new ConcurrentLinkedQueue<>();
  private final Queue<String> traces = new ConcurrentLinkedQueue<>();
  private String topic;
  private String deadLetters;

  @BeforeEach
  void createTopics() {
    topic = Topics.create(KAFKA, "traced", 1);
    deadLetters = Topics.create(KAFKA, "traced-dlt", 1);
  }

  @Test
  void shouldHandThemToEveryAttemptAndTheDeadLetterAndTheReplay() throws Exception {
    produce("bad");
    try (SafeConsumer<String, String> consumer =
        builder().handler(RecordHandler.of((record, context) -> failOn(record))).build()) {
      consumer.start().get(30, SECONDS);
      ConsumerRecord<String, String> letter = letter();
      assertThat(seen).hasSize(3).containsOnly(trace("bad"));
      assertThat(traces).containsOnly(TRACE);
      assertThat(own(letter.headers())).isEqualTo(trace("bad"));

      try (DeadLetters letters =
          DeadLetters.open(Map.of("bootstrap.servers", KAFKA), deadLetters)) {
        ReplayOptions once = ReplayOptions.id(Topics.uniqueName("replay"));
        assertThat(letters.replay(DeadLetterFilter.topic(topic), once).sent()).isEqualTo(1);
      }
      await().atMost(SOON).until(() -> seen.size() == 6);
      assertThat(seen).containsOnly(trace("bad"));
      assertThat(traces).containsOnly(TRACE);
    }
  }

  @Test
  void shouldKeepThemWhereTheValueCannotBeDeserialized() throws Exception {
    produce("unreadable");
    try (SafeConsumer<String, String> consumer =
        builder()
            .valueDeserializer(
                () ->
                    (from, data) -> {
                      throw new IllegalArgumentException("unreadable");
                    })
            .handler(RecordHandler.of((record, context) -> failOn(record)))
            .build()) {
      consumer.start().get(30, SECONDS);

      assertThat(own(letter().headers())).isEqualTo(trace("unreadable"));
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void shouldHandThoseOfEachRecordToABatch() throws Exception {
    produce("good", "bad");
    try (SafeConsumer<String, String> consumer =
        builder()
            .batchHandler(
                BatchHandler.of(
                    (records, context) -> {
                      for (int i = 0; i < records.size(); i++) {
                        note(records.get(i));
                        if (records.get(i).value().equals("bad")) {
                          context.fail(i, new NonRetryableException("bad one"));
                        }
                      }
                    }),
                BatchPolicy.of(10))
            .build()) {
      consumer.start().get(30, SECONDS);

      assertThat(own(letter().headers())).isEqualTo(trace("bad"));
      assertThat(seen).contains(trace("good"), trace("bad"));
    }
  }

  private void failOn(ConsumerRecord<String, String> record) {
    note(record);
    record.headers().remove("traceparent").add("of this attempt", new byte[] {1});
    throw new IllegalStateException("no attempt helps");
  }

  private void note(ConsumerRecord<String, String> record) {
    seen.add(own(record.headers()));
    Context context =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), record.headers(), new OfHeaders());
    traces.add(Span.fromContext(context).getSpanContext().getTraceId());
  }

  /** As docs/METRICS.md has it. */
  private static final class OfHeaders implements TextMapGetter<Headers> {
    @Override
    public Iterable<String> keys(Headers headers) {
      return Arrays.stream(headers.toArray()).map(Header::key).toList();
    }

    @Override
    public String get(Headers headers, String key) {
      Header last = headers == null ? null : headers.lastHeader(key);
      return last == null ? null : new String(last.value(), UTF_8);
    }
  }

  private SafeConsumer.Builder<String, String> builder() {
    return SafeConsumer.<String, String>builder()
        .kafka("bootstrap.servers", KAFKA)
        .kafka("group.id", Topics.uniqueName("group"))
        .kafka("auto.offset.reset", "earliest")
        .topics(topic)
        .keyDeserializer(StringDeserializer::new)
        .valueDeserializer(StringDeserializer::new)
        .retry(RetryPolicy.fixed(Duration.ofMillis(20)).maxAttempts(3))
        .circuitBreaker(CircuitBreakerPolicy.off())
        .deadLetter(DeadLetterPolicy.toTopic(deadLetters));
  }

  private void produce(String... values) throws Exception {
    try (Producer<String, String> producer = Clients.producer(KAFKA)) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, 0, "k", value, trace(value))).get(30, SECONDS);
      }
    }
  }

  private ConsumerRecord<String, String> letter() {
    return Clients.read(KAFKA, deadLetters, 1).get(0);
  }

  /** As propagators write them, and one key twice. */
  private static List<Header> trace(String value) {
    List<Header> headers = new ArrayList<>();
    headers.add(header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"));
    headers.add(header("tracestate", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"));
    headers.add(header("baggage", "of=" + value));
    headers.add(header("baggage", "user=äöü"));
    headers.add(header("b3", TRACE + "-00f067aa0ba902b7-1"));
    return headers;
  }

  private static Header header(String key, String value) {
    return new RecordHeader(key, value.getBytes(UTF_8));
  }

  private static List<Header> own(Headers headers) {
    return Arrays.stream(headers.toArray()).filter(h -> !h.key().startsWith(RESERVED)).toList();
  }
}
