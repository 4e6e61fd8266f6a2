package io.github.safeconsumer;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record that no attempt could help, with all that is known of it. Immutable; the byte arrays are
 * not copied: do not change them. Equal by content. {@link #toString()} never shows key, value,
 * headers or exception message.
 *
 * <p>How it is written to the dead-letter topic: docs/VERSIONING.md.
 *
 * @param id deterministic: the same for the same record of the same group, however often it is sent
 * @param origin where the record was read
 * @param offset its offset there
 * @param timestamp its timestamp in ms since 1970, as Kafka gave it
 * @param timestampType who set that timestamp
 * @param leaderEpoch the partition's leader epoch, where known
 * @param clusterId the origin's cluster, where known
 * @param key raw key bytes, null as in the record
 * @param value raw value bytes, null as in the record
 * @param headers the record's own headers, in order, without those of an earlier dead letter (see
 *     {@code history})
 * @param groupId the consumer group
 * @param clientId the consumer's client id
 * @param host the host it ran on
 * @param reason why it is here
 * @param exceptionClass class of the last failure, empty where there was none
 * @param exceptionMessage its message and those of its causes, at most 1,000 characters; can hold
 *     data of the record: see {@link DeadLetterPolicy#redact}
 * @param stackTrace classes and frames of the last failure and its causes, without messages, at
 *     most 8,000 characters
 * @param attempts attempts charged
 * @param firstFailure wall clock of the first failure
 * @param lastFailure wall clock of the last failure
 * @param libraryVersion version of this library
 * @param history where the record came from first, if it was a dead letter before
 * @param truncated what had to be cut because the topic refused the whole record: name of the part
 *     ({@code value}, {@code headers}, {@code stack}, {@code message}, {@code key}) to its original
 *     size (headers: how many; else bytes, or characters of a text)
 */
@SuppressWarnings("ArrayRecordComponent") // equals() and hashCode() below go by content
public record DeadLetter(
    String id,
    TopicPartition origin,
    long offset,
    long timestamp,
    TimestampType timestampType,
    Optional<Integer> leaderEpoch,
    Optional<String> clusterId,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers,
    String groupId,
    String clientId,
    String host,
    Reason reason,
    String exceptionClass,
    String exceptionMessage,
    String stackTrace,
    int attempts,
    Instant firstFailure,
    Instant lastFailure,
    String libraryVersion,
    Optional<History> history,
    Map<String, Integer> truncated) {

  /** Why a record became a dead letter. */
  public enum Reason {
    /** Its attempts or its time are used up. */
    EXHAUSTED,
    /** Its failure is one that no retry helps. */
    NON_RETRYABLE,
    /** Its bytes cannot be read. */
    UNDESERIALIZABLE,
    /** Its attempt did not end: it ran past its deadline, and on after it was interrupted. */
    HUNG,
    /** The process died each time while this record ran by itself. */
    CRASHED,
    /** It was blocked, and an operator said so: {@code SafeConsumer.resolve}. */
    OPERATOR,
    /** Only when read back: a reason that this version does not know. */
    OTHER
  }

  /**
   * Of a record that was a dead letter before, came back and failed again. Bounded: only the first
   * origin and a count are kept.
   *
   * @param times how often it was a dead letter before, at least 1
   * @param firstId id of the first dead letter
   * @param firstOrigin where it was read the first time
   * @param firstOffset its offset there
   */
  public record History(int times, String firstId, TopicPartition firstOrigin, long firstOffset) {
    public History {
      Objects.requireNonNull(firstId, "firstId");
      Objects.requireNonNull(firstOrigin, "firstOrigin");
      if (times < 1) {
        throw new IllegalArgumentException("times=" + times + " must be at least 1");
      }
    }
  }

  public DeadLetter {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(timestampType, "timestampType");
    Objects.requireNonNull(leaderEpoch, "leaderEpoch");
    Objects.requireNonNull(clusterId, "clusterId");
    headers = List.copyOf(headers);
    Objects.requireNonNull(groupId, "groupId");
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(exceptionClass, "exceptionClass");
    Objects.requireNonNull(exceptionMessage, "exceptionMessage");
    Objects.requireNonNull(stackTrace, "stackTrace");
    Objects.requireNonNull(firstFailure, "firstFailure");
    Objects.requireNonNull(lastFailure, "lastFailure");
    Objects.requireNonNull(libraryVersion, "libraryVersion");
    Objects.requireNonNull(history, "history");
    truncated = Map.copyOf(truncated);
  }

  /** A copy with other key bytes. */
  public DeadLetter withKey(byte @Nullable [] newKey) {
    return copy(newKey, value, headers, exceptionMessage, stackTrace, truncated);
  }

  /** A copy with other value bytes. */
  public DeadLetter withValue(byte @Nullable [] newValue) {
    return copy(key, newValue, headers, exceptionMessage, stackTrace, truncated);
  }

  /** A copy with other record headers. */
  public DeadLetter withHeaders(List<Header> newHeaders) {
    return copy(key, value, newHeaders, exceptionMessage, stackTrace, truncated);
  }

  /** A copy with another exception message. */
  public DeadLetter withExceptionMessage(String newMessage) {
    return copy(key, value, headers, newMessage, stackTrace, truncated);
  }

  /** A copy with another stack trace text. */
  public DeadLetter withStackTrace(String newStackTrace) {
    return copy(key, value, headers, exceptionMessage, newStackTrace, truncated);
  }

  /** A copy that names other parts as cut. */
  public DeadLetter withTruncated(Map<String, Integer> newTruncated) {
    return copy(key, value, headers, exceptionMessage, stackTrace, newTruncated);
  }

  private DeadLetter copy(
      byte @Nullable [] k,
      byte @Nullable [] v,
      List<Header> h,
      String message,
      String stack,
      Map<String, Integer> cut) {
    return new DeadLetter(
        id,
        origin,
        offset,
        timestamp,
        timestampType,
        leaderEpoch,
        clusterId,
        k,
        v,
        h,
        groupId,
        clientId,
        host,
        reason,
        exceptionClass,
        message,
        stack,
        attempts,
        firstFailure,
        lastFailure,
        libraryVersion,
        history,
        cut);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeadLetter that
        && id.equals(that.id)
        && offset == that.offset
        && timestamp == that.timestamp
        && attempts == that.attempts
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && rest().equals(that.rest());
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, origin, offset);
  }

  private List<Object> rest() {
    return List.of(
        origin,
        timestampType,
        leaderEpoch,
        clusterId,
        headers,
        groupId,
        clientId,
        host,
        reason,
        exceptionClass,
        exceptionMessage,
        stackTrace,
        firstFailure,
        lastFailure,
        libraryVersion,
        history,
        truncated);
  }

  @Override
  public String toString() {
    return "DeadLetter["
        + origin
        + "@"
        + offset
        + ", reason="
        + reason
        + ", exception="
        + exceptionClass
        + ", attempts="
        + attempts
        + ", id="
        + id
        + "]";
  }
}
