package io.github.safeconsumer.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.History;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The header contract of a dead-letter record: public API, described in docs/VERSIONING.md and
 * checked against it by a test. Names and meanings never change within a format version; headers
 * may be added.
 *
 * <p>All values are UTF-8 text; a header that does not apply is left out. The record's own headers
 * come first, in their order. A foreign header that begins with the reserved prefix is never passed
 * on.
 */
public final class DeadLetterHeaders {
  /** Reserved: all our headers begin with it, and no other header of a dead letter does. */
  public static final String PREFIX = "safeconsumer.dlt.";

  /** The format that is written. */
  public static final String FORMAT = "1";

  static final String VERSION = PREFIX + "version";
  static final String ID = PREFIX + "id";
  static final String CLUSTER = PREFIX + "origin.cluster";
  static final String TOPIC = PREFIX + "origin.topic";
  static final String PARTITION = PREFIX + "origin.partition";
  static final String OFFSET = PREFIX + "origin.offset";
  static final String TIMESTAMP = PREFIX + "origin.timestamp";
  static final String TIMESTAMP_TYPE = PREFIX + "origin.timestamp-type";
  static final String LEADER_EPOCH = PREFIX + "origin.leader-epoch";
  static final String GROUP = PREFIX + "group";
  static final String CLIENT = PREFIX + "client";
  static final String HOST = PREFIX + "host";
  static final String REASON = PREFIX + "reason";
  static final String EXCEPTION_CLASS = PREFIX + "exception.class";
  static final String EXCEPTION_MESSAGE = PREFIX + "exception.message";
  static final String EXCEPTION_STACK = PREFIX + "exception.stack";
  static final String ATTEMPTS = PREFIX + "attempts";
  static final String FIRST_FAILURE = PREFIX + "first-failure";
  static final String LAST_FAILURE = PREFIX + "last-failure";
  static final String LIBRARY = PREFIX + "library";
  static final String TRUNCATED = PREFIX + "truncated";
  static final String NULL_KEY = PREFIX + "null-key";
  static final String REPLAY = PREFIX + "replay";
  static final String HISTORY_TIMES = PREFIX + "history.times";
  static final String HISTORY_ID = PREFIX + "history.first-id";
  static final String HISTORY_TOPIC = PREFIX + "history.first-topic";
  static final String HISTORY_PARTITION = PREFIX + "history.first-partition";
  static final String HISTORY_OFFSET = PREFIX + "history.first-offset";

  private DeadLetterHeaders() {}

  /** Whether the name is one that only this library writes. */
  public static boolean reserved(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * All headers of the dead-letter record.
   *
   * @param keyReplaced true where the record has a null key and the dead-letter topic was given the
   *     id in its place
   */
  public static List<Header> encode(DeadLetter letter, boolean keyReplaced) {
    List<Header> all = new ArrayList<>();
    for (Header own : letter.headers()) {
      if (!reserved(own.key())) {
        all.add(own);
      }
    }
    text(all, VERSION, FORMAT);
    text(all, ID, letter.id());
    text(all, CLUSTER, letter.clusterId().orElse(null));
    text(all, TOPIC, letter.origin().topic());
    text(all, PARTITION, letter.origin().partition());
    text(all, OFFSET, letter.offset());
    text(all, TIMESTAMP, letter.timestamp());
    text(all, TIMESTAMP_TYPE, letter.timestampType().name);
    text(all, LEADER_EPOCH, letter.leaderEpoch().orElse(null));
    text(all, GROUP, letter.groupId());
    text(all, CLIENT, letter.clientId());
    text(all, HOST, letter.host());
    text(all, REASON, word(letter.reason()));
    text(all, EXCEPTION_CLASS, letter.exceptionClass());
    text(all, EXCEPTION_MESSAGE, letter.exceptionMessage());
    text(all, EXCEPTION_STACK, letter.stackTrace());
    text(all, ATTEMPTS, letter.attempts());
    text(all, FIRST_FAILURE, letter.firstFailure().truncatedTo(ChronoUnit.MILLIS));
    text(all, LAST_FAILURE, letter.lastFailure().truncatedTo(ChronoUnit.MILLIS));
    text(all, LIBRARY, letter.libraryVersion());
    text(all, TRUNCATED, sizes(letter.truncated()));
    text(all, NULL_KEY, keyReplaced ? "true" : null);
    letter.history().ifPresent(history -> encode(all, history));
    return all;
  }

  /**
   * The headers of a record that is sent on from a dead letter: its own, and of ours what its next
   * dead letter needs to keep its history, and no more.
   */
  public static List<Header> replayed(DeadLetter letter, String replayId) {
    List<Header> all = new ArrayList<>();
    for (Header own : letter.headers()) {
      if (!reserved(own.key())) {
        all.add(own);
      }
    }
    text(all, VERSION, FORMAT);
    text(all, ID, letter.id());
    text(all, CLUSTER, letter.clusterId().orElse(null));
    text(all, TOPIC, letter.origin().topic());
    text(all, PARTITION, letter.origin().partition());
    text(all, OFFSET, letter.offset());
    text(all, TIMESTAMP, letter.timestamp());
    text(all, REPLAY, replayId);
    letter.history().ifPresent(history -> encode(all, history));
    return all;
  }

  private static void encode(List<Header> all, History history) {
    text(all, HISTORY_TIMES, history.times());
    text(all, HISTORY_ID, history.firstId());
    text(all, HISTORY_TOPIC, history.firstOrigin().topic());
    text(all, HISTORY_PARTITION, history.firstOrigin().partition());
    text(all, HISTORY_OFFSET, history.firstOffset());
  }

  /** A reason as it is written: {@code non-retryable}. */
  static String word(DeadLetter.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String sizes(Map<String, Integer> parts) {
    return new TreeMap<>(parts)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  private static void text(List<Header> all, String name, @Nullable Object value) {
    String text = value == null ? "" : value.toString();
    if (!text.isEmpty()) {
      all.add(new RecordHeader(name, text.getBytes(UTF_8)));
    }
  }
}
