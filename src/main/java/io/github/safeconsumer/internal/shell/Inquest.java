package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.CrashRules;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.metadata.Note;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks into how the last owners of partitions ended, when these are taken over; see {@link
 * CrashRules}. Used by the loop only.
 */
final class Inquest {
  private final Consumer<byte[], byte[]> client;
  private final CrashRules rules;
  private final long boot;
  private final Events events;
  private final Time time;
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  /**
   * @param boot of this process
   */
  Inquest(Consumer<byte[], byte[]> client, CrashRules rules, long boot, Events events, Time time) {
    this.client = client;
    this.rules = rules;
    this.boot = boot;
    this.events = events;
    this.time = time;
  }

  /** Asks where the logs end, for those notes for which that matters; may time out. */
  void ask(Map<TopicPartition, Note> notes, Duration wait) {
    Set<TopicPartition> unknown = new HashSet<>();
    notes.forEach(
        (partition, note) -> {
          if (rules.needsEnd(note, boot) && !ends.containsKey(partition)) {
            unknown.add(partition);
          }
        });
    if (!unknown.isEmpty()) {
      ends.putAll(client.endOffsets(unknown, wait));
    }
  }

  /** Whether everything is known that {@link #judge} needs. */
  boolean isReady(TopicPartition partition, @Nullable Note note) {
    return note == null || !rules.needsEnd(note, boot) || ends.containsKey(partition);
  }

  /** Forgets what was known of partitions that are not on their way any more. */
  void keep(Collection<TopicPartition> partitions) {
    ends.keySet().retainAll(partitions);
  }

  /** What is to be gone by: the note, with what follows from it. */
  CrashRules.Verdict judge(OwnedPartition partition, Note note) {
    TopicPartition topicPartition = partition.topicPartition();
    long end = ends.getOrDefault(topicPartition, note.leaseEnd());
    return rules.judge(note, boot, end, TimeUnit.MILLISECONDS.toSeconds(time.millis()));
  }

  /** Tells of it, once the partition goes by the verdict. */
  void tell(OwnedPartition partition, CrashRules.Verdict verdict) {
    TopicPartition topicPartition = partition.topicPartition();
    if (verdict.died()) {
      events.emit(
          new SafeConsumerEvent.UncleanEnd(
              events.now(),
              topicPartition,
              verdict.deaths(),
              verdict.firstSuspect(),
              verdict.suspects(),
              rules.runsSolo(verdict)));
    }
    if (verdict.convicted() >= 0) {
      events.emit(
          new SafeConsumerEvent.Convicted(
              events.now(), topicPartition, verdict.convicted(), verdict.deaths()));
    }
    if (verdict.held() >= 0) {
      events.emit(
          new SafeConsumerEvent.Blocked(
              events.now(),
              topicPartition,
              verdict.held(),
              "the process dies for its own reasons: "
                  + CrashRules.CONVICTIONS_IN_A_DAY
                  + " records of this partition were given up for that in 24 h, and this is the next",
              "find out why it dies, then resolve(partition, offset, RETRY or DEAD_LETTER)"));
    }
  }
}
