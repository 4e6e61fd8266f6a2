package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** What a client asks the brokers, and waits for. */
final class Questions {
  private final Core core;

  Questions(Core core) {
    this.core = core;
  }

  /** What the group committed; null for a partition of which it committed nothing. */
  Map<TopicPartition, OffsetAndMetadata> committed(
      Collection<TopicPartition> partitions, long boundNanos) {
    long bound = boundNanos;
    if (core.faults.strikes(FaultKind.COMMITTED_SLOW, core.id + " committed")) {
      long slow = Math.min(bound, core.faults.lasts(FaultKind.COMMITTED_SLOW));
      core.wire.pass(slow);
      bound -= slow;
    }
    return core.wire.ask(
        "committed",
        bound,
        core::coordinated,
        () -> {
          Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
          Map<TopicPartition, OffsetAndMetadata> offsets = core.cluster.offsets(core.id.group());
          Order.set(partitions).forEach(p -> found.put(p, offsets.get(p)));
          return found;
        });
  }

  /** Where the logs begin, or end. */
  Map<TopicPartition, Long> bounds(
      Collection<TopicPartition> partitions, long boundNanos, boolean beginning) {
    return core.wire.ask(
        beginning ? "beginningOffsets" : "endOffsets",
        boundNanos,
        () -> reachable(partitions),
        () -> {
          Map<TopicPartition, Long> found = new LinkedHashMap<>();
          for (TopicPartition partition : Order.set(partitions)) {
            SimLog log = core.cluster.log(partition);
            found.put(partition, beginning ? log.start() : log.end());
          }
          return found;
        });
  }

  /** The first offsets that are as young; null for a log without any. */
  Map<TopicPartition, OffsetAndTimestamp> since(Map<TopicPartition, Long> wanted, long boundNanos) {
    return core.wire.ask(
        "offsetsForTimes",
        boundNanos,
        () -> reachable(wanted.keySet()),
        () -> {
          Map<TopicPartition, OffsetAndTimestamp> found = new LinkedHashMap<>();
          for (TopicPartition partition : Order.set(wanted.keySet())) {
            SimLog.Entry entry = core.cluster.log(partition).since(wanted.get(partition));
            found.put(
                partition,
                entry == null
                    ? null
                    : new OffsetAndTimestamp(entry.offset(), entry.timestamp(), Optional.empty()));
          }
          return found;
        });
  }

  /** A topic that is not there is asked for again, until the time is up. */
  private boolean reachable(Collection<TopicPartition> partitions) {
    return core.cluster.answers() && partitions.stream().allMatch(core.cluster::exists);
  }
}
