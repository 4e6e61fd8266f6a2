package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions owned now. Changed by the loop only; read by any thread (commands, status). Epochs
 * rise over the life of the consumer, whatever client serves them and however often it is
 * suspended.
 */
public final class Assignment {
  private final ConcurrentHashMap<TopicPartition, OwnedPartition> owned = new ConcurrentHashMap<>();
  private final Map<TopicPartition, List<Attempt>> leftovers = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<TopicPartition, Long> lastConfirmed = new ConcurrentHashMap<>();
  private final Handshake handshake;
  private final PauseGate gate;
  private final PartitionRules rules;
  private long lastEpoch;
  private int generation = -1;

  public Assignment(Handshake handshake, PauseGate gate, PartitionRules rules) {
    this.handshake = handshake;
    this.gate = gate;
    this.rules = rules;
  }

  /** Begins a new ownership; an earlier one of the same partition ends. */
  public OwnedPartition takeOver(TopicPartition topicPartition, int currentGeneration) {
    generation = Math.max(generation, currentGeneration); // a fencing token never falls
    OwnedPartition partition =
        new OwnedPartition(topicPartition, ++lastEpoch, generation, rules, gate);
    handshake.takeOver(
        partition,
        () -> {
          OwnedPartition before = owned.put(topicPartition, partition);
          if (before != null) {
            end(before);
          }
          List<Attempt> left = leftovers.remove(topicPartition);
          partition.succeeds(left == null ? List.of() : left);
        });
    return partition;
  }

  /** Ends ownerships; what still reports for them changes nothing. */
  public void end(Collection<OwnedPartition> partitions) {
    for (OwnedPartition partition : partitions) {
      end(partition);
      owned.remove(partition.topicPartition(), partition);
    }
  }

  /**
   * What still runs of it is remembered: should the partition come back to this process, its
   * handler must not be entered a second time before that attempt has left it.
   */
  private void end(OwnedPartition partition) {
    partition.end();
    List<Attempt> left = partition.unreturned();
    if (!left.isEmpty()) {
      leftovers.put(partition.topicPartition(), left);
      rules.guard().solitude().leaves(left);
    }
  }

  public @Nullable OwnedPartition get(TopicPartition topicPartition) {
    return owned.get(topicPartition);
  }

  /** The broker confirmed a commit; see {@link OwnedPartition#confirm}. */
  public void confirmed(Progress progress, String text, double noteShare) {
    OwnedPartition partition = progress.partition();
    partition.confirm(progress, text, noteShare);
    if (!partition.isEnded()) { // what is heard late may be of a log that is gone
      lastConfirmed.put(partition.topicPartition(), progress.offset());
    }
  }

  /**
   * The last offset that this consumer committed or read as committed, in any of its ownerships;
   * null where there is none. For a group whose offsets have expired meanwhile.
   */
  public @Nullable Long lastConfirmed(TopicPartition topicPartition) {
    return lastConfirmed.get(topicPartition);
  }

  /** The log is another one now: an offset of the old one means nothing. */
  public void forgetConfirmed(TopicPartition topicPartition) {
    lastConfirmed.remove(topicPartition);
  }

  /** The same for all partitions of a topic, owned or not. */
  public void forgetConfirmed(String topic) {
    lastConfirmed.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  /**
   * Whether no attempt runs: neither in what is owned, nor one that outlived its ownership. Asked
   * by the loop, after the gate was closed and seen closed: then none can begin behind its back.
   */
  public boolean isQuiet() {
    leftovers.values().removeIf(left -> left.stream().allMatch(Attempt::isOver));
    if (!leftovers.isEmpty()) {
      return false;
    }
    for (OwnedPartition partition : owned.values()) {
      if (partition.work().runningCount() > 0 || partition.predecessor() != null) {
        return false;
      }
    }
    return true;
  }

  /** The same for all but one partition, asked by any loop of the process. */
  boolean isQuietBut(OwnedPartition other) {
    for (OwnedPartition partition : owned.values()) {
      if (partition != other
          && (partition.work().runningCount() > 0 || partition.predecessor() != null)) {
        return false;
      }
    }
    return leftovers.values().stream().allMatch(left -> left.stream().allMatch(Attempt::isOver));
  }

  /** The owned ones among these. */
  public List<OwnedPartition> get(Collection<TopicPartition> topicPartitions) {
    List<OwnedPartition> found = new ArrayList<>(topicPartitions.size());
    for (TopicPartition topicPartition : topicPartitions) {
      OwnedPartition partition = owned.get(topicPartition);
      if (partition != null) {
        found.add(partition);
      }
    }
    return found;
  }

  /** All of them; a view that may change under the reader. */
  public Collection<OwnedPartition> all() {
    return owned.values();
  }

  /** After this returns no start can have missed a change of the gate made before the call. */
  public void passBarrier() {
    owned.values().forEach(OwnedPartition::passBarrier);
  }
}
