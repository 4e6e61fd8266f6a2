package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.config.OffsetReset;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.CrashRules;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final long TOPIC_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long CALLBACK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A partition on its way; what is known of it so far. */
  private static final class Case {
    final OwnedPartition partition;
    final CompletableFuture<Void> callback;
    final CompletableFuture<Void> topicLookedAt;
    final long since;
    @Nullable String restartReason;
    long restartFrom;
    @Nullable OffsetAndMetadata start;
    boolean committed;
    @Nullable Note note;
    boolean noteRead;
    boolean toldOfCallback;
    boolean toldOfPredecessor;

    Case(
        OwnedPartition partition,
        CompletableFuture<Void> callback,
        CompletableFuture<Void> topicLookedAt,
        long since,
        @Nullable String restartReason,
        long restartFrom) {
      this.partition = partition;
      this.callback = callback;
      this.topicLookedAt = topicLookedAt;
      this.since = since;
      this.restartReason = restartReason;
      this.restartFrom = restartFrom;
    }
  }

  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final ResetPositions resets;
  private final CommitNotes notes;
  private final Inquest inquest;
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
      CommitNotes notes,
      Inquest inquest,
      Duration longestWait,
      Events events,
      Time time) {
    this.longestWait = longestWait;
    this.client = client;
    this.assignment = assignment;
    this.resets = resets;
    this.notes = notes;
    this.inquest = inquest;
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
   * @param topicsLookedAt done when the ids of their topics are as fresh as they get: what stands
   *     beside a committed offset is not read before (or 5 s passed)
   */
  void takeOver(
      Collection<TopicPartition> partitions,
      int generation,
      CompletableFuture<Void> callback,
      CompletableFuture<Void> topicsLookedAt) {
    for (TopicPartition partition : partitions) {
      // A placeholder, so that the client does not look for a position by itself meanwhile. Nothing
      // is fetched while paused; and should
      // it ever be, position 0 repeats records, and loses none.
      client.seek(partition, 0);
      cases.add(
          new Case(
              assignment.takeOver(partition, generation),
              callback,
              topicsLookedAt,
              time.nanos(),
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
      readNotes();
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

  /** What the last owners left, and where the logs end, where that matters. */
  private void readNotes() {
    Map<TopicPartition, Note> found = new HashMap<>();
    for (Case c : cases) {
      OffsetAndMetadata start = c.start;
      if (start != null && c.committed && !c.noteRead && topicIsKnown(c)) {
        c.noteRead = true;
        c.note = read(c, start).orElse(null);
      }
      if (c.note != null && !c.partition.isPlaced()) {
        found.put(c.partition.topicPartition(), c.note);
      }
    }
    inquest.keep(found.keySet());
    inquest.ask(found, wait);
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

  private boolean topicIsKnown(Case c) {
    return c.topicLookedAt.isDone() || time.nanos() - c.since >= TOPIC_NANOS;
  }

  private boolean callbackIsOver(Case c) {
    if (c.callback.isDone()) {
      return true;
    }
    boolean over = time.nanos() - c.since >= CALLBACK_NANOS;
    if (over && !c.toldOfCallback) {
      c.toldOfCallback = true;
      LOG.warn(
          "partition={} problem=\"onAssigned has not returned for 30 s: its records start without it\"",
          c.partition.topicPartition());
    }
    return over;
  }

  /**
   * Seeks, and has the opening note committed, once everything is known and the user's callback
   * ended; lets records start, once that is confirmed.
   */
  private boolean release(Case c) {
    if (c.partition.isPlaced()) {
      return opened(c);
    }
    OffsetAndMetadata start = c.start;
    if (start == null || !callbackIsOver(c) || !topicIsKnown(c)) {
      return false;
    }
    Attempt earlier = c.partition.predecessor();
    if (earlier != null) {
      if (!c.toldOfPredecessor) {
        c.toldOfPredecessor = true;
        LOG.warn(
            "partition={} problem=\"taken over, but an attempt of its last owner here has not left the handler: its records wait\" attempt=\"{}\"",
            c.partition.topicPartition(),
            earlier);
      }
      return false;
    }
    if ((c.committed && !c.noteRead) || !inquest.isReady(c.partition.topicPartition(), c.note)) {
      return false;
    }
    client.seek(c.partition.topicPartition(), start);
    place(c, start.offset());
    return false;
  }

  private void place(Case c, long start) {
    Note note = c.note;
    if (note == null) {
      c.partition.place(start, null, time.nanos());
      return;
    }
    CrashRules.Verdict verdict = inquest.judge(c.partition, note);
    c.partition.place(start, verdict.note(), time.nanos());
    c.partition.suspects().hold(verdict.held());
    inquest.tell(c.partition, verdict);
  }

  /** What the last owner left beside the offset that it committed. */
  private Optional<Note> read(Case c, OffsetAndMetadata start) {
    TopicPartition topicPartition = c.partition.topicPartition();
    Reading reading =
        NoteCodec.decode(start.metadata(), start.offset(), notes.identity(topicPartition.topic()));
    if (reading instanceof Reading.Read read) {
      return Optional.of(read.note());
    }
    if (reading instanceof Reading.Ignored ignored) {
      events.emit(
          new SafeConsumerEvent.MetadataIgnored(
              events.now(), topicPartition, ignored.reason().name(), ignored.detail()));
      if (ignored.reason() == Reading.Reason.OTHER_TOPIC) {
        c.start = null;
        c.committed = false;
        c.restartReason = "the topic was deleted and created again";
        c.restartFrom = start.offset();
        assignment.forgetConfirmed(topicPartition);
      }
    }
    return Optional.empty();
  }

  private boolean opened(Case c) {
    OffsetAndMetadata start = c.start;
    if (start == null || !c.partition.isOpened()) {
      return false;
    }
    c.partition.activate();
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
