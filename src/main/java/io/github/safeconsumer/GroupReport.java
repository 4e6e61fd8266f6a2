package io.github.safeconsumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer group at one moment, as it is seen from outside. Immutable.
 *
 * @param at when, by the wall clock of the looker
 * @param group its id
 * @param protocol {@code CLASSIC} or {@code CONSUMER} (KIP-848), or what else the broker says;
 *     {@code UNKNOWN} for a group that is not there
 * @param state as the broker says, such as {@code STABLE}; {@code DEAD} for a group that is not
 *     there
 * @param since over how long rates and changes were watched, up to about half a minute; empty at
 *     the first look
 * @param members in the order of their names
 * @param partitions those that the group has committed or owns, by topic and number
 * @param causes what is wrong, what to act on first before the others; never empty
 * @param unseen what could not be seen and why, a sentence each; and what cannot be seen from
 *     outside at all
 */
public record GroupReport(
    Instant at,
    String group,
    String protocol,
    String state,
    Optional<Duration> since,
    List<Member> members,
    List<Partition> partitions,
    List<Cause> causes,
    List<String> unseen) {
  public GroupReport {
    members = List.copyOf(members);
    partitions = List.copyOf(partitions);
    causes = List.copyOf(causes);
    unseen = List.copyOf(unseen);
  }

  /**
   * A member.
   *
   * @param id as the broker gave it
   * @param clientId {@code client.id}
   * @param host where it connects from
   * @param partitions how many it owns
   */
  public record Member(String id, String clientId, String host, int partitions) {}

  /**
   * A partition.
   *
   * @param owner {@code client.id} and host of who owns it; empty where nobody does
   * @param committed the offset that the group has committed; empty for none
   * @param end of the log, under {@code read_committed} of what is committed
   * @param lag records between the two; all there are where nothing is committed
   * @param oldestAge how long ago the oldest of these was produced, where that was read
   * @param stands for how long nothing was committed though records wait, as far as it was watched
   * @param committedPerSecond over {@code since}
   * @param arrivedPerSecond over {@code since}
   * @param timeToDrain at these rates; empty where it would never be
   * @param note what a SafeConsumer left beside the offset, in words; empty for none
   */
  public record Partition(
      TopicPartition partition,
      Optional<String> owner,
      OptionalLong committed,
      long end,
      long lag,
      Optional<Duration> oldestAge,
      Duration stands,
      OptionalDouble committedPerSecond,
      OptionalDouble arrivedPerSecond,
      Optional<Duration> timeToDrain,
      String note) {}

  /** Whether something is to be done. */
  public boolean isTrouble() {
    return causes.stream().anyMatch(Cause::isTrouble);
  }

  /** Records behind, over all partitions. */
  public long lag() {
    return partitions.stream().mapToLong(Partition::lag).sum();
  }

  /** This report as one JSON object, with the names of the components; see docs/VERSIONING.md. */
  public String toJson() {
    return io.github.safeconsumer.internal.observe.GroupReportJson.of(this);
  }
}
