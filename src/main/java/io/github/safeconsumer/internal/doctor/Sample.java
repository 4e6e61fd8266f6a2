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
 * @param retention by topic, where it is bounded and could be read
 * @param unseen what could not be read, and why
 */
record Sample(
    Instant at,
    String group,
    String protocol,
    String state,
    List<Member> members,
    Map<TopicPartition, Log> logs,
    Map<String, Duration> retention,
    List<String> unseen) {

  record Member(String id, String clientId, String host, List<TopicPartition> owns) {
    String name() {
      return clientId + host;
    }
  }

  /**
   * A partition.
   *
   * @param committed empty where the group has committed nothing
   * @param note of a SafeConsumer, beside that
   * @param oldest timestamp of the first record from there on, where it was read
   * @param holdsNothing whether it was read that no record stands between the committed offset and
   *     the end: only markers, or what was compacted away
   */
  record Log(
      OptionalLong committed,
      Optional<Note> note,
      long begin,
      long end,
      Optional<Instant> oldest,
      boolean holdsNothing) {
    /** Where the group goes on reading, as far as is known. */
    long position() {
      return Math.max(begin, committed.orElse(begin));
    }

    long lag() {
      return holdsNothing ? 0 : Math.max(0, end - position());
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
