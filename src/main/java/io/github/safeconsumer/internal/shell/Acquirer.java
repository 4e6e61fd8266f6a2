package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.config.OffsetReset;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From "assigned" to "records start", over as many loop turns as the broker needs: read the
 * committed offset, seek to that same answer, release. The partition is paused meanwhile. Only the
 * loop is ever in here.
 */
final class Acquirer {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);
  private static final long CALLBACK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A partition on its way; what is known of it so far. */
  private static final class Case {
    final OwnedPartition partition;
    final CompletableFuture<Void> callback;
    final long callbackUntil;
    final @Nullable String restartReason;
    final long restartFrom;
    @Nullable OffsetAndMetadata start;
    boolean committed;
    boolean toldOfPredecessor;

    Case(
        OwnedPartition partition,
        CompletableFuture<Void> callback,
        long callbackUntil,
        @Nullable String restartReason,
        long restartFrom) {
      this.partition = partition;
      this.callback = callback;
      this.callbackUntil = callbackUntil;
      this.restartReason = restartReason;
      this.restartFrom = restartFrom;
    }
  }

  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final ResetPositions resets;
  private final Events events;
  private final Time time;
  private final List<Case> cases = new ArrayList<>();
  private final Duration longestWait;
  private Duration wait = SHORTEST_WAIT;

  /**
   * @param longestWait how long one turn may wait for an answer
   */
  Acquirer(
      Consumer<byte[], byte[]> client,
      Assignment assignment,
      ResetPositions resets,
      Duration longestWait,
      Events events,
      Time time) {
    this.longestWait = longestWait;
    this.client = client;
    this.assignment = assignment;
    this.resets = resets;
    this.events = events;
    this.time = time;
  }

  private static Duration smaller(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * Takes over newly assigned partitions; they have to be paused by the caller.
   *
   * @param callback the user's onAssigned: nothing starts before it ended (or 30 s passed)
   */
  void takeOver(
      Collection<TopicPartition> partitions, int generation, CompletableFuture<Void> callback) {
    for (TopicPartition partition : partitions) {
      // A placeholder, so that the client does not look for a position by itself meanwhile. Nothing
      // is fetched while paused; and should
      // it ever be, position 0 repeats records, and loses none.
      client.seek(partition, 0);
      cases.add(
          new Case(
              assignment.takeOver(partition, generation),
              callback,
              time.nanos() + CALLBACK_NANOS,
              null,
              0));
    }
  }

  /**
   * The log of an owned partition is another one now: a new ownership that starts at its beginning.
   */
  void startAgain(OwnedPartition old, String reason) {
    long from = old.next();
    TopicPartition topicPartition = old.topicPartition();
    assignment.forgetConfirmed(topicPartition);
    cases.add(
        new Case(
            assignment.takeOver(topicPartition, old.generation()),
            CompletableFuture.completedFuture(null),
            time.nanos(),
            reason,
            from));
  }

  /** The log was cut back: a new ownership that starts at the cut. */
  void startAt(OwnedPartition old, OffsetAndMetadata start, String reason) {
    startAgain(old, reason);
    cases.get(cases.size() - 1).start = start;
  }

  /** Goes one step on for all. */
  void step() {
    if (cases.isEmpty()) {
      return;
    }
    cases.removeIf(c -> c.partition.stage() != OwnedPartition.Stage.ACQUIRING);
    try {
      readCommitted();
      resetRest();
      wait = SHORTEST_WAIT;
    } catch (TimeoutException unanswered) {
      wait = smaller(longestWait, wait.multipliedBy(2));
    }
    cases.removeIf(this::release);
  }

  private void readCommitted() {
    Map<TopicPartition, Case> unread = new HashMap<>();
    for (Case c : cases) {
      if (c.start == null && c.restartReason == null) {
        unread.put(c.partition.topicPartition(), c);
      }
    }
    if (unread.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> answer = client.committed(unread.keySet(), wait);
    unread.forEach(
        (topicPartition, c) -> {
          c.start = answer.get(topicPartition);
          c.committed = c.start != null;
          if (c.start == null) {
            startWhereThisConsumerWas(c);
          }
        });
  }

  /**
   * The group has no offset any more (its retention passed while it had no member), but this
   * consumer was here before.
   */
  private void startWhereThisConsumerWas(Case c) {
    TopicPartition topicPartition = c.partition.topicPartition();
    Long last = assignment.lastConfirmed(topicPartition);
    if (last != null) {
      c.start = new OffsetAndMetadata(last);
      events.emit(
          new SafeConsumerEvent.OffsetReset(
              events.now(),
              topicPartition,
              "the last offset this consumer committed (the group has none any more)",
              last));
    }
  }

  private void resetRest() {
    Set<TopicPartition> fresh = new HashSet<>();
    Set<TopicPartition> again = new HashSet<>();
    for (Case c : cases) {
      if (c.start == null) {
        (c.restartReason == null ? fresh : again).add(c.partition.topicPartition());
      }
    }
    Map<TopicPartition, Long> positions = new HashMap<>();
    if (!fresh.isEmpty()) {
      positions.putAll(resets.find(fresh, wait));
    }
    if (!again.isEmpty()) {
      positions.putAll(resets.findAgain(again, wait));
    }
    for (Case c : cases) {
      Long position = positions.get(c.partition.topicPartition());
      if (c.start == null && position != null) {
        c.start = new OffsetAndMetadata(position);
        if (c.restartReason == null) {
          events.emit(
              new SafeConsumerEvent.OffsetReset(
                  events.now(), c.partition.topicPartition(), resets.policyName(), position));
        }
      }
    }
  }

  private boolean callbackIsOver(Case c) {
    if (c.callback.isDone()) {
      return true;
    }
    boolean over = time.nanos() - c.callbackUntil >= 0;
    if (over) {
      LOG.warn(
          "{}: onAssigned has not returned for 30 s, its records start without it",
          c.partition.topicPartition());
    }
    return over;
  }

  /** Seeks and lets records start, once everything is known and the user's callback ended. */
  private boolean release(Case c) {
    OffsetAndMetadata start = c.start;
    if (start == null || !callbackIsOver(c)) {
      return false;
    }
    Attempt earlier = c.partition.predecessor();
    if (earlier != null) {
      if (!c.toldOfPredecessor) {
        c.toldOfPredecessor = true;
        LOG.warn(
            "{} is taken over, but {} has not left the handler: its records wait",
            c.partition.topicPartition(),
            earlier);
      }
      return false;
    }
    client.seek(c.partition.topicPartition(), start);
    c.partition.activate(start.offset());
    if (c.committed) {
      assignment.confirmed(c.partition, start.offset());
    }
    if (c.restartReason != null) {
      events.emit(
          new SafeConsumerEvent.PositionReset(
              events.now(),
              c.partition.topicPartition(),
              c.restartFrom,
              start.offset(),
              c.restartReason));
    }
    return true;
  }

  /** The policy in force. */
  OffsetReset policy() {
    return resets.policy();
  }
}
