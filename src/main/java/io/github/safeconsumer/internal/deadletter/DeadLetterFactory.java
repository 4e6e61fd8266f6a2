package io.github.safeconsumer.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes a dead letter of a record and its failure, however the exception behaves. Thread-safe; no
 * I/O.
 */
public final class DeadLetterFactory {
  /** Longest exception message that is kept. */
  public static final int MESSAGE_CHARS = 1_000;

  /** Longest stack trace that is kept. */
  public static final int STACK_CHARS = 8_000;

  private static final int ID_BYTES = 16;

  private final String groupId;
  private final String clientId;
  private final String host;
  private final Supplier<Optional<String>> clusterId;

  /**
   * @param host see {@link HostName#find()}
   * @param clusterId the cluster the records come from, empty while unknown. It is part of the id,
   *     so it should be known before the first record is handled.
   */
  public DeadLetterFactory(
      String groupId, String clientId, String host, Supplier<Optional<String>> clusterId) {
    this.groupId = groupId;
    this.clientId = clientId;
    this.host = host;
    this.clusterId = clusterId;
  }

  /**
   * A letter.
   *
   * @param failure the last failure; null where there was no exception
   */
  public DeadLetter create(
      ConsumerRecord<byte[], byte[]> raw,
      DeadLetter.Reason reason,
      @Nullable Throwable failure,
      int attempts,
      Instant firstFailure,
      Instant lastFailure) {
    TopicPartition origin = new TopicPartition(raw.topic(), raw.partition());
    Optional<String> cluster = clusterId.get();
    return new DeadLetter(
        id(cluster.orElse(""), origin, raw.offset(), groupId),
        origin,
        raw.offset(),
        raw.timestamp(),
        raw.timestampType(),
        raw.leaderEpoch(),
        cluster,
        raw.key(),
        raw.value(),
        ownHeaders(raw),
        groupId,
        clientId,
        host,
        reason,
        SafeThrowables.className(failure),
        SafeThrowables.messages(failure, MESSAGE_CHARS),
        SafeThrowables.stack(failure, STACK_CHARS),
        attempts,
        firstFailure,
        lastFailure,
        LibraryVersion.VALUE,
        DeadLetterDecoder.history(raw.headers()),
        java.util.Map.of());
  }

  private static List<Header> ownHeaders(ConsumerRecord<byte[], byte[]> raw) {
    List<Header> own = new ArrayList<>();
    for (Header header : raw.headers()) {
      if (!DeadLetterHeaders.reserved(header.key())) {
        own.add(header);
      }
    }
    return own;
  }

  /**
   * The same for the same record and group on every owner and in every run, so that a letter which
   * was sent twice can be told from two letters: the first 128 bits of SHA-256 in hexadecimal.
   */
  static String id(String cluster, TopicPartition origin, long offset, String group) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          List.of(
              cluster,
              origin.topic(),
              Integer.toString(origin.partition()),
              Long.toString(offset),
              group)) {
        digest.update(part.getBytes(UTF_8));
        // A byte that UTF-8 never contains: no two different lists of parts give the same bytes.
        digest.update((byte) 0xFF);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
