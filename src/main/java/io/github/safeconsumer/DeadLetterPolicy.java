package io.github.safeconsumer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where records go that no attempt can help. A deliberate choice of the team (name, retention,
 * access, personal data), so there is no default. Immutable: every method returns a changed copy.
 *
 * <p>A record's offset is committed only after the dead-letter topic acknowledged it with {@code
 * acks=all}. While it cannot be written, its lane holds, the send is tried again with a back-off,
 * and health says so; the handler is not run again.
 */
public final class DeadLetterPolicy {
  /** How the topic is chosen. */
  public enum Kind {
    TOPIC,
    SUFFIX,
    ROUTED,
    NONE
  }

  private final Kind kind;
  private final String name;
  private final @Nullable Function<DeadLetter, String> route;
  private final boolean createIfMissing;
  private final Map<String, Object> producer;
  private final int floodLimit;
  private final UnaryOperator<DeadLetter> redact;
  private final List<Destination> destinations;

  /**
   * A topic for some exceptions.
   *
   * @param topic where their letters go
   * @param types the exceptions, with their subclasses
   */
  public record Destination(String topic, List<Class<? extends Throwable>> types) {
    public Destination {
      Objects.requireNonNull(topic, "topic");
      types = List.copyOf(types);
    }
  }

  private DeadLetterPolicy(
      Kind kind,
      String name,
      @Nullable Function<DeadLetter, String> route,
      boolean createIfMissing,
      Map<String, Object> producer,
      int floodLimit,
      UnaryOperator<DeadLetter> redact,
      List<Destination> destinations) {
    this.kind = kind;
    this.name = name;
    this.route = route;
    this.createIfMissing = createIfMissing;
    this.producer = Map.copyOf(producer);
    this.floodLimit = floodLimit;
    this.redact = redact;
    this.destinations = List.copyOf(destinations);
  }

  private static DeadLetterPolicy of(
      Kind kind, String name, @Nullable Function<DeadLetter, String> route) {
    return new DeadLetterPolicy(
        kind, name, route, false, Map.of(), 100, UnaryOperator.identity(), List.of());
  }

  /** All dead letters to this topic. */
  public static DeadLetterPolicy toTopic(String topic) {
    return of(Kind.TOPIC, requireName("topic", topic), null);
  }

  /** Dead letters of topic {@code t} to topic {@code t + suffix}, for example {@code ".dlt"}. */
  public static DeadLetterPolicy suffix(String suffix) {
    return of(Kind.SUFFIX, requireName("suffix", suffix), null);
  }

  /**
   * The function names the topic for each dead letter, as it is before {@link #redact}. It is asked
   * once for a letter, on a library thread that writes all of them, so it must not block; when it
   * throws, returns null or names a topic that this consumer reads, the record's lane holds and
   * health says so. The topics are not checked at start.
   */
  public static DeadLetterPolicy routed(Function<DeadLetter, String> route) {
    return of(Kind.ROUTED, "", Objects.requireNonNull(route, "route"));
  }

  /**
   * No dead-letter topic: a record that no attempt can help holds its lane, loudly; nothing is
   * dropped.
   */
  public static DeadLetterPolicy none() {
    return of(Kind.NONE, "", null);
  }

  /**
   * Letters of these exceptions to a topic of their own, whatever {@link #toTopic}, {@link #suffix}
   * or {@link #routed} say. An exception counts if it or one of its causes is of such a class; of
   * several rules that match, the one given last decides. The topic is checked at start as the main
   * one is, and never one that the consumer reads.
   *
   * <p>The exception has to be at hand. A letter without one goes to the main topic: of a record
   * that killed its process, and one that is owed by an owner that died before it could send it,
   * since the commit tells how often a record failed and not with what.
   *
   * @param topic its whole name, also with {@link #suffix}
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // copied, never written to
  public final DeadLetterPolicy on(String topic, Class<? extends Throwable>... types) {
    if (types.length == 0) {
      throw new IllegalArgumentException(
          "on(\"" + topic + "\"): name at least one exception, or use toTopic(..) for all");
    }
    List<Destination> all = new ArrayList<>(destinations);
    all.add(new Destination(requireName("topic", topic), Arrays.asList(types)));
    return new DeadLetterPolicy(
        kind, name, route, createIfMissing, producer, floodLimit, redact, all);
  }

  /**
   * Creates a missing dead-letter topic at start, with as many partitions as its source and the
   * broker's default replication. Without this, a missing topic makes start() end FAILED. Not
   * possible with {@link #routed}.
   */
  public DeadLetterPolicy createIfMissing() {
    return new DeadLetterPolicy(
        kind, name, route, true, producer, floodLimit, redact, destinations);
  }

  /**
   * Settings of the dead-letter producer, over those it inherits from the consumer (connection and
   * security only). {@code acks}, {@code enable.idempotence}, serializers and {@code
   * transactional.id} are the library's.
   */
  public DeadLetterPolicy producer(Map<?, ?> settings) {
    Map<String, Object> copy = new HashMap<>();
    settings.forEach(
        (key, value) ->
            copy.put(
                Objects.requireNonNull(key, "key").toString(),
                Objects.requireNonNull(value, () -> "value of " + key)));
    return new DeadLetterPolicy(
        kind, name, route, createIfMissing, copy, floodLimit, redact, destinations);
  }

  /**
   * After this many dead letters in a row without a success the consumer pauses with reason FLOOD
   * until resume(): a bad deploy must not drain the topic into the dead letters.
   *
   * @param letters from 1; {@link Integer#MAX_VALUE} never pauses. Default 100.
   */
  public DeadLetterPolicy floodLimit(int letters) {
    if (letters < 1) {
      throw new IllegalArgumentException(
          "floodLimit=" + letters + " must be at least 1 (Integer.MAX_VALUE = never)");
    }
    return new DeadLetterPolicy(
        kind, name, route, createIfMissing, producer, letters, redact, destinations);
  }

  /**
   * Changes a dead letter before it is sent, for example to remove personal data. Key, value, the
   * record's headers and {@link DeadLetter#exceptionMessage} can hold data of the record; nothing
   * else can. It is asked once for a letter, on a library thread that writes all of them, so it
   * must not block. When it throws or returns null, nothing is sent, the lane holds and health says
   * so.
   */
  public DeadLetterPolicy redact(UnaryOperator<DeadLetter> change) {
    return new DeadLetterPolicy(
        kind,
        name,
        route,
        createIfMissing,
        producer,
        floodLimit,
        Objects.requireNonNull(change, "change"),
        destinations);
  }

  private static String requireName(String what, String value) {
    Objects.requireNonNull(value, what);
    if (value.isBlank() || value.length() > 249 || !value.matches("[a-zA-Z0-9._-]+")) {
      throw new IllegalArgumentException(
          what
              + "=\""
              + value
              + "\" is not a valid Kafka topic name: use 1 to 249 of letters, digits, '.', '_' and '-'");
    }
    return value;
  }

  public Kind kind() {
    return kind;
  }

  /** The topic or the suffix; empty for {@link Kind#ROUTED} and {@link Kind#NONE}. */
  public String name() {
    return name;
  }

  /** The routing function, for {@link Kind#ROUTED} only. */
  public @Nullable Function<DeadLetter, String> route() {
    return route;
  }

  public boolean createsIfMissing() {
    return createIfMissing;
  }

  public Map<String, Object> producer() {
    return producer;
  }

  public int floodLimit() {
    return floodLimit;
  }

  /** The rules of {@link #on}, in the order in which they were given. */
  public List<Destination> destinations() {
    return destinations;
  }

  public UnaryOperator<DeadLetter> redact() {
    return redact;
  }

  @Override
  public String toString() {
    return "DeadLetterPolicy["
        + kind
        + (name.isEmpty() ? "" : " " + name)
        + (destinations.isEmpty() ? "" : ", destinations=" + destinations)
        + ", floodLimit="
        + floodLimit
        + "]";
  }
}
