package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.FailureHistory;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.core.StoppedLanes;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.deadletter.DeadLetterSink;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From "no attempt can help" to "the dead-letter topic acknowledged it": only then is the record
 * done. Without a dead-letter topic the lane holds.
 */
final class Burials {
  private static final Logger LOG = LoggerFactory.getLogger(Burials.class);
  private static final int STACK_CHARS = 8_000;

  private final @Nullable DeadLetterSink sink;
  private final DeadLetterFactory letters;
  private final FloodGuard flood;
  private final Handshake handshake;
  private final Events events;
  private final Counters counters;
  private final Consumer<OwnedPartition> wake;
  private final Map<Progress, DeadLetterSink.Sending> underWay = new ConcurrentHashMap<>();

  /** Letters that are being made: the first one of a process takes a while. */
  private final AtomicInteger beginning = new AtomicInteger();

  Burials(
      @Nullable DeadLetterSink sink,
      DeadLetterFactory letters,
      FloodGuard flood,
      Handshake handshake,
      Events events,
      Counters counters,
      Consumer<OwnedPartition> wake) {
    this.sink = sink;
    this.letters = letters;
    this.flood = flood;
    this.handshake = handshake;
    this.events = events;
    this.counters = counters;
    this.wake = wake;
  }

  /** Buries the record of a running attempt. */
  void bury(Attempt attempt, FailureHistory history, DeadLetter.Reason reason) {
    history.owesDeadLetter(fate(reason));
    beginning.incrementAndGet(); // before its attempt is over: a hand-over waits for one of the two
    try {
      if (attempt.partition().work().park(attempt, Lane.Phase.SENDING)) {
        send(attempt.lane(), attempt.record(), history, reason);
      }
    } finally {
      beginning.decrementAndGet();
    }
  }

  /** Whether there is a dead-letter topic. */
  boolean isPossible() {
    return sink != null;
  }

  /** An operator has a held record buried. False when it is not held any more. */
  boolean bury(StoppedLanes.Held held) {
    FailureHistory history = held.history();
    DeadLetter.Reason reason =
        history.fate().owesDeadLetter() ? reason(history.fate()) : DeadLetter.Reason.OPERATOR;
    StoppedLanes stopped = held.lane().partition().stopped();
    if (!stopped.shift(held.lane(), Lane.Phase.HELD, Lane.Phase.SENDING)) {
      return false;
    }
    send(held.lane(), held.record(), history, reason);
    return true;
  }

  private void send(
      Lane lane,
      ConsumerRecord<byte[], byte[]> record,
      FailureHistory history,
      DeadLetter.Reason reason) {
    Throwable failure = history.lastFailure();
    String exceptionClass = failure == null ? "" : SafeThrowables.className(failure);
    if (sink == null) {
      hold(
          lane,
          record.offset(),
          reason
              + " after "
              + history.charged()
              + " attempts ("
              + exceptionClass
              + "), and there is no dead-letter topic",
          "mend the handler and restart, or configure deadLetter(..)");
      return;
    }
    try {
      DeadLetter letter =
          letters.create(
              record,
              reason,
              failure,
              Math.max(1, history.charged()),
              known(history.firstFailureMillis()),
              known(history.lastFailureMillis()));
      Progress progress = new Progress(lane, letter);
      underWay.put(progress, sink.send(letter, failure, progress));
      if (progress.ended) {
        underWay.remove(progress); // it ended before it was put
      } else if (lane.partition().isEnded()) {
        forgetEnded(); // or nobody would
      }
    } catch (Throwable bug) { // ours; the lane must not stay SENDING in silence
      LOG.error(
          "record={}-{}@{} problem=\"could not be made a dead letter; its lane holds\"\n{}",
          record.topic(),
          record.partition(),
          record.offset(),
          SafeThrowables.stack(bug, STACK_CHARS));
      hold(
          lane,
          record.offset(),
          "an unexpected " + SafeThrowables.className(bug) + " while the dead letter was made",
          "restart the consumer, and report the log line");
    }
  }

  /** An earlier owner knew, and this one does not: then the time of the letter has to do. */
  private Instant known(long millis) {
    return millis < 0 ? events.now() : Instant.ofEpochMilli(millis);
  }

  /** What the commit says of a record that becomes a dead letter for this reason. */
  private static RetryEntry.Fate fate(DeadLetter.Reason reason) {
    return switch (reason) {
      case EXHAUSTED -> RetryEntry.Fate.EXHAUSTED;
      case NON_RETRYABLE -> RetryEntry.Fate.NON_RETRYABLE;
      case UNDESERIALIZABLE -> RetryEntry.Fate.UNDESERIALIZABLE;
      case HUNG -> RetryEntry.Fate.HUNG;
      case CRASHED -> RetryEntry.Fate.CRASHED;
      // Should this owner die before it is acknowledged, the next one's letter says EXHAUSTED.
      case OPERATOR -> RetryEntry.Fate.EXHAUSTED;
      case OTHER -> throw new IllegalArgumentException("not a reason to bury a record");
    };
  }

  /** The reason for which an earlier owner gave the record up. */
  static DeadLetter.Reason reason(RetryEntry.Fate fate) {
    return switch (fate) {
      case NON_RETRYABLE -> DeadLetter.Reason.NON_RETRYABLE;
      case UNDESERIALIZABLE -> DeadLetter.Reason.UNDESERIALIZABLE;
      case HUNG -> DeadLetter.Reason.HUNG;
      case CRASHED -> DeadLetter.Reason.CRASHED;
      case RETRYING, EXHAUSTED -> DeadLetter.Reason.EXHAUSTED;
    };
  }

  private void hold(Lane lane, long offset, String reason, String remedy) {
    if (lane.partition().stopped().shift(lane, Lane.Phase.SENDING, Lane.Phase.HELD)) {
      lane.partition().stopped().heldBy(lane, reason);
      events.emit(
          new SafeConsumerEvent.Blocked(
              events.now(), lane.partition().topicPartition(), offset, reason, remedy));
    }
  }

  /**
   * Whether a dead letter of these is with the producer: its acknowledgement is worth waiting for.
   * Or one is being made, of whatever partition.
   */
  boolean inFlight(Collection<OwnedPartition> partitions) {
    return beginning.get() > 0
        || underWay.entrySet().stream()
            .anyMatch(
                e -> partitions.contains(e.getKey().lane.partition()) && e.getValue().inFlight());
  }

  /**
   * Letters of these that are not with the producer are not sent any more, by this owner: the final
   * commit is about to say that the next one owes them, and each would be sent twice.
   *
   * @return false where one got to the producer first: then it is worth waiting for
   */
  boolean giveUp(Collection<OwnedPartition> partitions) {
    boolean all = true;
    for (Map.Entry<Progress, DeadLetterSink.Sending> e : underWay.entrySet()) {
      if (partitions.contains(e.getKey().lane.partition())) {
        all &= e.getValue().cancel() || !e.getValue().inFlight();
      }
    }
    return all;
  }

  /**
   * The records whose letters are with the producer and not acknowledged, as
   * topic-partition@offset.
   */
  List<String> unacknowledged() {
    return underWay.keySet().stream()
        .map(one -> one.letter.origin() + "@" + one.letter.offset())
        .sorted()
        .toList();
  }

  /** Whether no letter is kept. */
  boolean isIdle() {
    return underWay.isEmpty();
  }

  /** Gives up the letters of ended ownerships: their next owners send them. */
  void forgetEnded() {
    underWay
        .entrySet()
        .removeIf(
            e ->
                e.getKey().lane.partition().isEnded()
                    && (e.getValue().cancel() || !e.getValue().inFlight()));
  }

  private final class Progress implements DeadLetterSink.Progress {
    private final Lane lane;
    private final DeadLetter letter;
    private volatile boolean ended;

    Progress(Lane lane, DeadLetter letter) {
      this.lane = lane;
      this.letter = letter;
    }

    @Override
    public void acknowledged(String topic) {
      // The gate first: once the record is done, its lane is free for the next one.
      boolean flooded = flood.deadLettered() && handshake.guard(PauseReason.FLOOD, flood::isFlood);
      boolean done = lane.partition().stopped().buried(lane);
      ended = true;
      underWay.remove(this);
      events.emit(
          new SafeConsumerEvent.DeadLettered(
              events.now(),
              letter.origin(),
              letter.offset(),
              letter.reason(),
              letter.attempts(),
              letter.exceptionClass(),
              topic));
      counters.deadLettered.increment();
      if (flooded) {
        events.emit(new SafeConsumerEvent.Flood(events.now(), flood.limit()));
      }
      if (done) {
        wake.accept(lane.partition());
      }
    }

    @Override
    public void failed(String topic, String exceptionClass, Duration delay) {
      events.emit(
          new SafeConsumerEvent.DeadLetterSendFailed(
              events.now(), letter.origin(), letter.offset(), topic, exceptionClass, delay));
    }

    @Override
    public void blocked(String reason, String remedy) {
      ended = true;
      underWay.remove(this);
      hold(lane, letter.offset(), reason, remedy);
    }
  }
}
