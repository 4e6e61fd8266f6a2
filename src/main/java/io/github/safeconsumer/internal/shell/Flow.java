package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the client's paused set equal to the reasons, once a turn and right after every assignment.
 * Back-pressure is one of the reasons: per partition by records, over all at 64 MiB. Since a poll
 * returns what was fetched before, the buffers can exceed a bound by one poll. Only the loop is
 * ever in here.
 */
final class Flow {
  /** Bound of keys, values and headers that are polled and not started, over all partitions. */
  static final long BUFFER_BYTES = 64L << 20;

  private static final long RELAXED_BYTES = BUFFER_BYTES / 4 * 3;

  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final PauseGate gate;
  private final int capRecords;
  private final Time time;
  private final Set<TopicPartition> paused = new HashSet<>();
  private boolean tight;

  Flow(
      Consumer<byte[], byte[]> client,
      Assignment assignment,
      PauseGate gate,
      int capRecords,
      Time time) {
    this.client = client;
    this.assignment = assignment;
    this.gate = gate;
    this.capRecords = capRecords;
    this.time = time;
  }

  /**
   * An assignment came: the client may have forgotten every pause (eager) or holds new partitions
   * un-paused.
   */
  void assigned(Set<TopicPartition> clientAssignment) {
    List<TopicPartition> hold = new ArrayList<>();
    for (TopicPartition topicPartition : clientAssignment) {
      OwnedPartition partition = assignment.get(topicPartition);
      if (gate.isClosedToProbes() || partition == null || partition.isPaused()) {
        hold.add(topicPartition);
      }
    }
    client.pause(hold);
    // What the client says, and not what is wanted: a retained partition may be paused there by a
    // reason released in this very moment, and has to be resumed at the next turn.
    paused.clear();
    paused.addAll(client.paused());
  }

  /** Whether any partition is paused at the client. */
  boolean anyPaused() {
    return !paused.isEmpty();
  }

  /** Whether the client fetches nothing of it. */
  boolean isPaused(OwnedPartition partition) {
    return paused.contains(partition.topicPartition());
  }

  void apply() {
    updateBackPressure();
    Instant now = Instant.ofEpochMilli(time.millis());
    boolean all = gate.isClosedToProbes(); // an open breaker needs a record to probe with
    List<TopicPartition> stop = new ArrayList<>(0);
    List<TopicPartition> go = new ArrayList<>(0);
    for (OwnedPartition partition : assignment.all()) {
      boolean want = partition.isPaused(now) || all;
      boolean is = paused.contains(partition.topicPartition());
      if (want && !is) {
        stop.add(partition.topicPartition());
      } else if (!want && is) {
        go.add(partition.topicPartition());
      }
    }
    if (!stop.isEmpty()) {
      client.pause(stop);
      paused.addAll(stop);
    }
    if (!go.isEmpty()) {
      client.resume(go);
      go.forEach(paused::remove);
    }
    if (!paused.isEmpty()) {
      paused.removeIf(topicPartition -> assignment.get(topicPartition) == null);
    }
  }

  private void updateBackPressure() {
    long bytes = 0;
    for (OwnedPartition partition : assignment.all()) {
      bytes += partition.bufferedBytes();
    }
    long now = time.nanos();
    tight = tight ? bytes > RELAXED_BYTES : bytes > BUFFER_BYTES;
    for (OwnedPartition partition : assignment.all()) {
      partition.updateFull(capRecords, BUFFER_BYTES, tight, now);
    }
  }
}
