package io.github.safeconsumer;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that no attempt could help, with all that is known of it. Immutable. The byte arrays are not copied: do not change them.
 * {@link #toString()} never shows key, value, headers or exception message.
 *
 * @param id deterministic: the same for the same record of the same group, however often it is sent
 * @param origin where the record was read
 * @param offset its offset there
 * @param timestamp its timestamp in ms since 1970, as Kafka gave it
 * @param leaderEpoch the partition's leader epoch, where known
 * @param clusterId the origin's cluster, where known
 * @param key raw key bytes, null as in the record
 * @param value raw value bytes, null as in the record
 * @param headers the record's own headers, in order
 * @param groupId the consumer group
 * @param clientId the consumer's client id
 * @param host the host it ran on
 * @param reason why it is here
 * @param exceptionClass class of the last failure, empty where there was none
 * @param exceptionMessage its message (can hold data of the record: see {@link DeadLetterPolicy#redact})
 * @param stackTrace its stack, cut to a bound
 * @param attempts attempts charged
 * @param firstFailure wall clock of the first failure
 * @param lastFailure wall clock of the last failure
 * @param libraryVersion version of this library
 */
public record DeadLetter(
    String id,
    TopicPartition origin,
    long offset,
    long timestamp,
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
    String libraryVersion) {

  /** Why a record became a dead letter. */
  public enum Reason {
    /** Its attempts or its time are used up. */
    EXHAUSTED,
    /** Its failure is one that no retry helps. */
    NON_RETRYABLE,
    /** Its bytes cannot be read. */
    UNDESERIALIZABLE
  }

  public DeadLetter {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(origin, "origin");
    headers = List.copyOf(headers);
  }

  /** A copy with other key bytes. */
  public DeadLetter withKey(byte @Nullable [] newKey) {
    return copy(newKey, value, headers, exceptionMessage, stackTrace);
  }

  /** A copy with other value bytes. */
  public DeadLetter withValue(byte @Nullable [] newValue) {
    return copy(key, newValue, headers, exceptionMessage, stackTrace);
  }

  /** A copy with other record headers. */
  public DeadLetter withHeaders(List<Header> newHeaders) {
    return copy(key, value, newHeaders, exceptionMessage, stackTrace);
  }

  /** A copy with another exception message. */
  public DeadLetter withExceptionMessage(String newMessage) {
    return copy(key, value, headers, newMessage, stackTrace);
  }

  /** A copy with another stack trace text. */
  public DeadLetter withStackTrace(String newStackTrace) {
    return copy(key, value, headers, exceptionMessage, newStackTrace);
  }

  private DeadLetter copy(byte @Nullable [] k, byte @Nullable [] v, List<Header> h, String message, String stack) {
    return new DeadLetter(
        id, origin, offset, timestamp, leaderEpoch, clusterId, k, v, h, groupId, clientId, host, reason, exceptionClass, message, stack,
        attempts, firstFailure, lastFailure, libraryVersion);
  }

  @Override
  public String toString() {
    return "DeadLetter[" + origin + "@" + offset + ", reason=" + reason + ", exception=" + exceptionClass + ", attempts=" + attempts + ", id=" + id + "]";
  }
}
