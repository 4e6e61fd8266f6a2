package io.github.safeconsumer;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How dead letters are sent on. Immutable: every method returns a changed copy.
 *
 * <p>The id names one piece of work: these letters, to this target. See {@link DeadLetters#replay}.
 */
public final class ReplayOptions {
  /** Longest id and longest text of a filter, in characters. */
  public static final int LONGEST_ID = 100;

  private static final int LONGEST_TEXT = 1_000;
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9._-]{1," + LONGEST_ID + "}");

  private final String id;
  private final Optional<String> topic;
  private final double maxRecordsPerSecond;
  private final boolean dryRun;
  private final long limit;
  private final Optional<String> filterText;
  private final boolean originalTimestamps;
  private final Map<String, Object> producer;

  private ReplayOptions(
      String id,
      Optional<String> topic,
      double maxRecordsPerSecond,
      boolean dryRun,
      long limit,
      Optional<String> filterText,
      boolean originalTimestamps,
      Map<String, Object> producer) {
    this.id = id;
    this.topic = topic;
    this.maxRecordsPerSecond = maxRecordsPerSecond;
    this.dryRun = dryRun;
    this.limit = limit;
    this.filterText = filterText;
    this.originalTimestamps = originalTimestamps;
    this.producer = Map.copyOf(producer);
  }

  /**
   * To the origin, all of them, as fast as it goes.
   *
   * @param id 1 to {@value #LONGEST_ID} of letters, digits, '.', '_' and '-'; a good one names the
   *     occasion, such as {@code orders-2026-03-01-timeouts}
   */
  public static ReplayOptions id(String id) {
    Objects.requireNonNull(id, "id");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "id=\""
              + id
              + "\" must be 1 to "
              + LONGEST_ID
              + " of letters, digits, '.', '_' and '-': it becomes part of a group's name");
    }
    return new ReplayOptions(
        id,
        Optional.empty(),
        Double.POSITIVE_INFINITY,
        false,
        Long.MAX_VALUE,
        Optional.empty(),
        false,
        Map.of());
  }

  /** Each record to the topic it was read from. The default. */
  public ReplayOptions toOrigin() {
    return copy(
        Optional.empty(),
        maxRecordsPerSecond,
        dryRun,
        limit,
        filterText,
        originalTimestamps,
        producer);
  }

  /** All records to this topic, by the partitioner of Kafka's producer. */
  public ReplayOptions toTopic(String name) {
    return copy(
        Optional.of(Objects.requireNonNull(name, "name")),
        maxRecordsPerSecond,
        dryRun,
        limit,
        filterText,
        originalTimestamps,
        producer);
  }

  /**
   * Spares those who read the target.
   *
   * @param records over 0; infinite, the default, for no limit
   */
  public ReplayOptions maxRecordsPerSecond(double records) {
    if (!(records > 0)) {
      throw new IllegalArgumentException(
          "maxRecordsPerSecond=" + records + " must be over 0 (infinite = no limit)");
    }
    return copy(topic, records, dryRun, limit, filterText, originalTimestamps, producer);
  }

  /** Sends and stores nothing, and reports what would be sent. */
  public ReplayOptions dryRun() {
    return dryRun(true);
  }

  /** Likewise, or not. */
  public ReplayOptions dryRun(boolean dry) {
    return copy(topic, maxRecordsPerSecond, dry, limit, filterText, originalTimestamps, producer);
  }

  /**
   * Ends after so many records; the next run with the same id goes on behind them.
   *
   * @param records from 1
   */
  public ReplayOptions limit(long records) {
    if (records < 1) {
      throw new IllegalArgumentException("limit=" + records + " must be at least 1");
    }
    return copy(
        topic, maxRecordsPerSecond, dryRun, records, filterText, originalTimestamps, producer);
  }

  /**
   * A text that stands for the filter: it is stored with the positions, and a later run with the
   * same id and another text is refused. A {@link DeadLetterFilter} has such a text already; of any
   * other predicate nothing can be told, so without this a changed one goes unnoticed. It can be
   * read by whoever may read the group's offsets.
   *
   * @param text at most 1,000 characters
   */
  public ReplayOptions filterText(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "filterText has "
              + text.length()
              + " characters: give at most "
              + LONGEST_TEXT
              + ", or the hash of a longer one");
    }
    return copy(
        topic, maxRecordsPerSecond, dryRun, limit, Optional.of(text), originalTimestamps, producer);
  }

  /**
   * Gives each record the timestamp it had. By default it gets the time at which it is sent again,
   * because the target's retention goes by timestamps: an old one can be removed before anybody has
   * read it, and a broker with {@code message.timestamp.before.max.ms} refuses it. Use this where
   * timestamps mean something to the readers (windows, time travel) and retention is long enough.
   */
  public ReplayOptions originalTimestamps() {
    return copy(topic, maxRecordsPerSecond, dryRun, limit, filterText, true, producer);
  }

  /**
   * Settings of the producer, over those it inherits from {@link DeadLetters#open} (connection and
   * security only). {@code acks}, {@code enable.idempotence}, serializers and {@code
   * transactional.id} are the library's.
   */
  public ReplayOptions producer(Map<?, ?> settings) {
    Map<String, Object> copy = new HashMap<>();
    settings.forEach(
        (key, value) ->
            copy.put(
                Objects.requireNonNull(key, "key").toString(),
                Objects.requireNonNull(value, () -> "value of " + key)));
    return copy(topic, maxRecordsPerSecond, dryRun, limit, filterText, originalTimestamps, copy);
  }

  private ReplayOptions copy(
      Optional<String> to,
      double rate,
      boolean dry,
      long most,
      Optional<String> text,
      boolean timestamps,
      Map<String, Object> settings) {
    return new ReplayOptions(id, to, rate, dry, most, text, timestamps, settings);
  }

  public String id() {
    return id;
  }

  /** Empty: the origin. */
  public Optional<String> topic() {
    return topic;
  }

  public double maxRecordsPerSecond() {
    return maxRecordsPerSecond;
  }

  public boolean isDryRun() {
    return dryRun;
  }

  public long limit() {
    return limit;
  }

  public Optional<String> filterText() {
    return filterText;
  }

  public boolean keepsTimestamps() {
    return originalTimestamps;
  }

  public Map<String, Object> producer() {
    return producer;
  }

  /** Without the producer's settings: passwords can be among them. */
  @Override
  public String toString() {
    return "ReplayOptions[id="
        + id
        + ", to="
        + topic.orElse("origin")
        + ", dryRun="
        + dryRun
        + ", limit="
        + limit
        + ", maxRecordsPerSecond="
        + maxRecordsPerSecond
        + "]";
  }
}
