package io.github.safeconsumer;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON with Jackson. Thread-safe; one instance serves all workers.
 *
 * <p>Which class is made is decided here and never by the data: no default typing is switched on,
 * and no type header is read. Records and generic types work. Properties that the class does not
 * have are ignored, since producers add fields; anything after the JSON value is an error. Types
 * that need a Jackson module ({@code java.time}, {@code Optional}, Kotlin, ...) need {@link
 * #of(ObjectReader)}, with a mapper that has the module; that is also the way to be strict about
 * unknown properties.
 *
 * <p>Null bytes (a tombstone) give null. The JSON literal {@code null} is an error: it is no value,
 * and a tombstone is a null record value. Empty bytes are an error.
 *
 * <p>Every failure is a {@link SerializationException} with the topic, the class wanted, the place
 * (line and column) and the class of what went wrong. Jackson's own exceptions are not passed on,
 * neither as cause: their messages hold excerpts of the record.
 *
 * @param <T> what is read
 */
public final class JsonDeserializer<T> implements Deserializer<T> {
  private static final int TOPICS_SHOWN = 20;
  private static final int DEEPEST_CAUSE = 100;

  private final Function<String, ObjectReader> readers;

  private JsonDeserializer(Function<String, ObjectReader> readers) {
    this.readers = readers;
  }

  /**
   * For a class or record.
   *
   * @param type what is read, whatever the topic
   */
  public static <T> JsonDeserializer<T> of(Class<T> type) {
    return always(mapper().readerFor(Objects.requireNonNull(type, "type")));
  }

  /**
   * For a generic type: {@code of(new TypeReference<List<Order>>() {})}.
   *
   * @param type what is read, whatever the topic
   */
  public static <T> JsonDeserializer<T> of(TypeReference<T> type) {
    return always(mapper().readerFor(Objects.requireNonNull(type, "type")));
  }

  /**
   * For a mapper of one's own: modules, strictness, views. The reader is used as it is, except that
   * anything after the JSON value is an error.
   *
   * @param reader made by {@code mapper.readerFor(T)}; that it reads a T is the caller's word
   * @throws IllegalArgumentException when the reader was made without a type
   */
  public static <T> JsonDeserializer<T> of(ObjectReader reader) {
    if (Objects.requireNonNull(reader, "reader").getValueType() == null) {
      throw new IllegalArgumentException(
          "reader must know the type that it reads: make it by mapper.readerFor(type)");
    }
    return always(reader.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
  }

  /**
   * For topics with different classes. A record of any other topic is an error that names the
   * topics known.
   *
   * @param types class by topic; copied; at least one
   * @throws IllegalArgumentException when empty
   */
  public static <T> JsonDeserializer<T> byTopic(Map<String, ? extends Class<? extends T>> types) {
    if (types.isEmpty()) {
      throw new IllegalArgumentException(
          "types={} must name at least one topic: no record could be read");
    }
    JsonMapper mapper = mapper();
    Map<String, ObjectReader> known = new TreeMap<>();
    types.forEach(
        (topic, type) ->
            known.put(
                Objects.requireNonNull(topic, "topic"),
                mapper.readerFor(Objects.requireNonNull(type, () -> "class of " + topic))));
    return new JsonDeserializer<>(topic -> find(known, topic));
  }

  private static ObjectReader find(Map<String, ObjectReader> known, String topic) {
    ObjectReader reader = known.get(topic);
    if (reader == null) {
      String names = String.join(", ", known.keySet().stream().limit(TOPICS_SHOWN).toList());
      throw new SerializationException(
          "no class is known for topic "
              + topic
              + ", only for "
              + names
              + (known.size() > TOPICS_SHOWN ? ", ..." : "")
              + ": add it to byTopic(..)");
    }
    return reader;
  }

  private static <T> JsonDeserializer<T> always(ObjectReader reader) {
    return new JsonDeserializer<>(topic -> reader);
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  /**
   * Reads one value.
   *
   * @param data the bytes, or null
   * @return null for null bytes only
   * @throws SerializationException when the bytes are no JSON of the class, or the topic is unknown
   */
  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] data) {
    if (data == null) {
      return null;
    }
    ObjectReader reader = readers.apply(topic);
    T value;
    try {
      value = reader.readValue(data);
    } catch (IOException | RuntimeException failure) {
      throw new SerializationException(explain(topic, reader, failure));
    }
    if (value == null) {
      throw new SerializationException(
          "topic " + topic + ": the JSON null is no value; a tombstone is a null record value");
    }
    return value;
  }

  /**
   * Class names and places only: every message of Jackson's, and of the constructors it calls, can
   * hold values of the record.
   */
  private static String explain(String topic, ObjectReader reader, Exception failure) {
    StringBuilder text =
        new StringBuilder("topic " + topic + ": no JSON of " + reader.getValueType().toCanonical());
    @Nullable JsonLocation place =
        failure instanceof JsonProcessingException processing ? processing.getLocation() : null;
    if (place != null) {
      text.append(" at line ")
          .append(place.getLineNr())
          .append(", column ")
          .append(place.getColumnNr());
    }
    text.append(": ").append(failure.getClass().getName());
    if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      text.append(", where ").append(mismatch.getTargetType().getName()).append(" is wanted");
    } else if (failure instanceof InvalidDefinitionException definition
        && definition.getType() != null) {
      text.append(", ").append(definition.getType().toCanonical());
      text.append(
          " cannot be mapped: use of(ObjectReader) with a mapper that has the module for it, or annotate the class");
    }
    Throwable root = root(failure);
    if (root != failure) {
      text.append(", caused by ").append(root.getClass().getName());
      StackTraceElement[] stack = root.getStackTrace();
      text.append(stack.length == 0 ? "" : " at " + stack[0]);
    }
    return text.toString();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
      root = root.getCause();
    }
    return root;
  }
}
