package io.github.safeconsumer.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.History;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.internal.core.TopicNames;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters back. Anyone can write to a topic, so whatever the bytes are, nothing throws:
 * a record without our format version and a readable origin is no dead letter, and any other field
 * that cannot be read counts as absent. Of a header that is there twice the last one counts. Texts
 * are cut to bounds, so a forged header cannot grow from one dead letter to the next.
 */
public final class DeadLetterDecoder {
  private static final int NAME_CHARS = 512;
  private static final int PARTS = 16;

  private final Headers headers;

  private DeadLetterDecoder(Headers headers) {
    this.headers = headers;
  }

  /**
   * The letter that a record of a dead-letter topic holds; empty where it is none, or of a format
   * that this version does not know.
   */
  public static Optional<DeadLetter> decode(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetterDecoder(record.headers()).letter(record.key(), record.value());
  }

  /**
   * What is known of the earlier dead letters of a record that is about to become one; empty where
   * it was none.
   */
  static Optional<History> history(Headers headers) {
    DeadLetterDecoder decoder = new DeadLetterDecoder(headers);
    Optional<TopicPartition> origin =
        decoder.origin(DeadLetterHeaders.TOPIC, DeadLetterHeaders.PARTITION);
    Optional<Long> offset = decoder.number(DeadLetterHeaders.OFFSET);
    if (!decoder.ours() || origin.isEmpty() || offset.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        decoder
            .earlier()
            .map(
                h ->
                    new History(
                        h.times() == Integer.MAX_VALUE ? h.times() : h.times() + 1,
                        h.firstId(),
                        h.firstOrigin(),
                        h.firstOffset()))
            .orElseGet(
                () ->
                    new History(
                        1,
                        decoder.text(DeadLetterHeaders.ID, NAME_CHARS),
                        origin.get(),
                        offset.get())));
  }

  private Optional<DeadLetter> letter(byte @Nullable [] key, byte @Nullable [] value) {
    Optional<TopicPartition> origin = origin(DeadLetterHeaders.TOPIC, DeadLetterHeaders.PARTITION);
    Optional<Long> offset = number(DeadLetterHeaders.OFFSET);
    // A replayed record tells where it comes from, and is no dead letter any more.
    boolean replayed = headers.lastHeader(DeadLetterHeaders.REPLAY) != null;
    if (!ours() || replayed || origin.isEmpty() || offset.isEmpty()) {
      return Optional.empty();
    }
    boolean keyReplaced = text(DeadLetterHeaders.NULL_KEY, NAME_CHARS).equals("true");
    return Optional.of(
        new DeadLetter(
            text(DeadLetterHeaders.ID, NAME_CHARS),
            origin.get(),
            offset.get(),
            number(DeadLetterHeaders.TIMESTAMP).orElse(-1L),
            timestampType(),
            number(DeadLetterHeaders.LEADER_EPOCH)
                .filter(n -> n <= Integer.MAX_VALUE)
                .map(Long::intValue),
            Optional.of(text(DeadLetterHeaders.CLUSTER, NAME_CHARS)).filter(id -> !id.isEmpty()),
            keyReplaced ? null : key,
            value,
            own(),
            text(DeadLetterHeaders.GROUP, NAME_CHARS),
            text(DeadLetterHeaders.CLIENT, NAME_CHARS),
            text(DeadLetterHeaders.HOST, NAME_CHARS),
            reason(),
            text(DeadLetterHeaders.EXCEPTION_CLASS, NAME_CHARS),
            text(DeadLetterHeaders.EXCEPTION_MESSAGE, DeadLetterFactory.MESSAGE_CHARS),
            text(DeadLetterHeaders.EXCEPTION_STACK, DeadLetterFactory.STACK_CHARS),
            (int) Math.min(number(DeadLetterHeaders.ATTEMPTS).orElse(0L), Integer.MAX_VALUE),
            time(DeadLetterHeaders.FIRST_FAILURE),
            time(DeadLetterHeaders.LAST_FAILURE),
            text(DeadLetterHeaders.LIBRARY, NAME_CHARS),
            earlier(),
            truncated()));
  }

  private boolean ours() {
    return text(DeadLetterHeaders.VERSION, NAME_CHARS).equals(DeadLetterHeaders.FORMAT);
  }

  private Optional<History> earlier() {
    Optional<Long> times = number(DeadLetterHeaders.HISTORY_TIMES).filter(n -> n >= 1);
    Optional<TopicPartition> origin =
        origin(DeadLetterHeaders.HISTORY_TOPIC, DeadLetterHeaders.HISTORY_PARTITION);
    Optional<Long> offset = number(DeadLetterHeaders.HISTORY_OFFSET);
    if (times.isEmpty() || origin.isEmpty() || offset.isEmpty()) {
      return Optional.empty();
    }
    int count = (int) Math.min(times.get(), Integer.MAX_VALUE);
    return Optional.of(
        new History(
            count, text(DeadLetterHeaders.HISTORY_ID, NAME_CHARS), origin.get(), offset.get()));
  }

  private Optional<TopicPartition> origin(String topicName, String partitionName) {
    String topic = text(topicName, NAME_CHARS);
    Optional<Long> partition = number(partitionName).filter(n -> n <= Integer.MAX_VALUE);
    return TopicNames.legal(topic)
        ? partition.map(p -> new TopicPartition(topic, p.intValue()))
        : Optional.empty();
  }

  private List<Header> own() {
    List<Header> own = new ArrayList<>();
    for (Header header : headers) {
      if (!DeadLetterHeaders.reserved(header.key())) {
        own.add(header);
      }
    }
    return own;
  }

  private Reason reason() {
    String word = text(DeadLetterHeaders.REASON, NAME_CHARS);
    for (Reason reason : Reason.values()) {
      if (DeadLetterHeaders.word(reason).equals(word)) {
        return reason;
      }
    }
    return Reason.OTHER;
  }

  private TimestampType timestampType() {
    String name = text(DeadLetterHeaders.TIMESTAMP_TYPE, NAME_CHARS);
    for (TimestampType type : TimestampType.values()) {
      if (type.name.equals(name)) {
        return type;
      }
    }
    return TimestampType.NO_TIMESTAMP_TYPE;
  }

  private Map<String, Integer> truncated() {
    Map<String, Integer> parts = new TreeMap<>();
    for (String part : text(DeadLetterHeaders.TRUNCATED, NAME_CHARS).split(",", PARTS)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parse(part.substring(equals + 1), Integer::valueOf)
            .ifPresent(size -> parts.put(part.substring(0, equals), size));
      }
    }
    return parts;
  }

  private Instant time(String name) {
    return parse(text(name, NAME_CHARS), Instant::parse).orElse(Instant.EPOCH);
  }

  /** A number from 0; empty where there is none. */
  private Optional<Long> number(String name) {
    return parse(text(name, NAME_CHARS), Long::valueOf).filter(n -> n >= 0);
  }

  private static <T> Optional<T> parse(String text, Function<String, T> parser) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
    } catch (NumberFormatException | DateTimeException foreign) {
      return Optional.empty();
    }
  }

  private String text(String name, int maxChars) {
    Header header = headers.lastHeader(name);
    byte[] bytes = header == null ? null : header.value();
    if (bytes == null) {
      return "";
    }
    // A character takes at most 4 bytes, so nothing within the bound is lost by not looking
    // further.
    String text = new String(bytes, 0, Math.min(bytes.length, 4 * maxChars), UTF_8);
    return text.length() <= maxChars ? text : text.substring(0, maxChars);
  }
}
