package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.metadata.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * What the brokers said of a group at one moment.
 *
 * @param simple whether it never had members: who commits for it assigns partitions by itself
 * @param logs of the partitions that the group has committed or owns, where they could be read
 * @param refused of which of these the log may not be seen
 * @param leaderless which of these have no leader that answers
 * @param retention by topic, where it is bounded and could be read
 * @param unseen what could not be read, and why
 */
record Sample(
    Instant at,
    String group,
    String protocol,
    String state,
    boolean simple,
    List<Member> members,
    Map<TopicPartition, Log> logs,
    List<TopicPartition> refused,
    List<TopicPartition> leaderless,
    Map<String, Duration> retention,
    List<String> unseen) {

  /**
   * A member.
   *
   * @param gives what it owns and is to give up, as far as the broker tells
   */
  record Member(
      String id,
      String clientId,
      String host,
      List<TopicPartition> owns,
      List<TopicPartition> gives) {
    String name() {
      return clientId + host;
    }
  }

  /**
   * A transaction that is open.
   *
   * @param producerId the broker's number of who began it
   * @param last when that producer wrote to the partition last
   */
  record Transaction(long producerId, Instant last) {}

  /**
   * A partition.
   *
   * @param committed empty where the group has committed nothing
   * @param note of a SafeConsumer, beside that
   * @param begin first offset that is kept
   * @param stable up to where read_committed may read
   * @param high up to where read_uncommitted may read
   * @param end the one of the two up to which lag is counted
   * @param oldest timestamp of the first record from the committed offset on, where it was read
   * @param holdsNothing whether it was read that no record stands between the committed offset and
   *     {@code stable}: only markers, or what was aborted or compacted away
   * @param transaction the one that {@code stable} stands at, where it could be seen
   */
  record Log(
      OptionalLong committed,
      Optional<Note> note,
      long begin,
      long stable,
      long high,
      long end,
      Optional<Instant> oldest,
      boolean holdsNothing,
      Optional<Transaction> transaction) {
    /** Where the group goes on reading, as far as is known. */
    long position() {
      return Math.max(begin, committed.orElse(begin));
    }

    /** All that is kept where nothing is committed. */
    long lag() {
      return Math.max(0, end - (holdsNothing ? Math.max(stable, position()) : position()));
    }

    /** How much waits for somebody who has read up to there once. */
    long knownLag() {
      return committed.isPresent() ? lag() : 0;
    }

    /** Whether read_committed would get no further before a transaction ends. */
    boolean waitsForTransaction() {
      return stable < high && (holdsNothing || position() >= stable);
    }
  }

  /** Of a partition that is in {@link #logs}. */
  Log log(TopicPartition partition) {
    return Objects.requireNonNull(logs.get(partition));
  }

  /** Who owns it. */
  Optional<Member> owner(TopicPartition partition) {
    return members.stream().filter(one -> one.owns().contains(partition)).findFirst();
  }

  boolean isRebalancing() {
    return switch (state) {
      case "PREPARING_REBALANCE", "COMPLETING_REBALANCE", "ASSIGNING", "RECONCILING" -> true;
      default -> false;
    };
  }
}
