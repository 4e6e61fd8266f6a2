package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.RecordContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One try of the handler on one record, in one ownership. Not a thread: whoever holds it may report
 * its end, once; a later report, or one for an ownership that ended, changes nothing.
 */
public final class Attempt extends HandlerCall implements RecordContext {
  private final Lane lane;
  private final OpenRecord open;
  private final int number;
  private final @Nullable FailureHistory history;
  private final int breakerEra;

  /** Set before anybody else sees it; null but for a probe of the consumer's breaker. */
  @Nullable Probe probe;

  private volatile Breakers.@Nullable Called called;

  /** Where it stands among the running ones of its partition; the partition's. */
  int place = -1;

  /** Set before anybody else sees it; null for one that is no part of a run. */
  @Nullable LaneRun run;

  private long enteredNanos;
  private long leftNanos;
  private boolean left;
  private volatile boolean cancelled;
  private volatile boolean hung;

  Attempt(
      Lane lane,
      OpenRecord open,
      @Nullable FailureHistory history,
      long begunNanos,
      int breakerEra) {
    super(begunNanos, lane.partition().handlerTimeout());
    this.breakerEra = breakerEra;
    this.lane = lane;
    this.open = open;
    this.number = history == null ? 1 : history.charged + 1;
    this.history = history;
  }

  public Lane lane() {
    return lane;
  }

  public OwnedPartition partition() {
    return lane.partition();
  }

  /** The bytes as they were polled. */
  public ConsumerRecord<byte[], byte[]> record() {
    return open.record;
  }

  /** What the record has been through before this attempt; null where that is nothing. */
  public @Nullable FailureHistory history() {
    return history;
  }

  /** Whether it is one on this record. */
  boolean isOf(@Nullable OpenRecord other) {
    return open == other;
  }

  /** The era of the consumer's breaker in which it began. */
  int breakerEra() {
    return breakerEra;
  }

  /** The permit with which it passed the closed gate; null where it needed none. */
  @Nullable Probe probe() {
    return probe;
  }

  /** Tells its record from others, over all ownerships. */
  Object identity() {
    return new Identity(partition().topicPartition(), open.offset());
  }

  private record Identity(TopicPartition partition, long offset) {}

  /** Its calls by name that failed, the last one first. */
  Breakers.@Nullable Called called() {
    return called;
  }

  void called(Breakers.Called failed) {
    called = failed;
  }

  /** The call whose failure this is, or is the cause of it; null where it is none. */
  Breakers.@Nullable Called calledAndFailed(Throwable failure) {
    Breakers.Called last = called;
    if (last == null) {
      return null;
    }
    for (Throwable t : FailureClassifier.chain(failure)) {
      for (Breakers.Called one = last; one != null; one = one.before()) {
        if (one.thrown() == t) {
          return one;
        }
      }
    }
    return null;
  }

  /** Whether its handler was left, or nobody waits for that any more. */
  boolean isGone() {
    return hasReturned() || cancelled();
  }

  /** Whether it may not enter the handler any more: a pause or a hand-over came. */
  public boolean isOvertaken() {
    return !partition().lets(probe);
  }

  @Override
  public List<Attempt> attempts() {
    return List.of(this);
  }

  @Override
  public Attempt first() {
    return this;
  }

  @Override
  @Nullable HandlerTimeout timeout() {
    return partition().handlerTimeout();
  }

  /** The handler is called now, after one more look at the gate. */
  public void entersAt(long nowNanos) {
    enteredNanos = nowNanos;
  }

  /** The handler has done with it. Called by whoever reports its end, before that. */
  public void leaves(long nowNanos) {
    leftNanos = nowNanos;
    left = true;
  }

  /** How long the handler took, -1 while that is not known. */
  long handlerNanos() {
    return left ? Math.max(0, leftNanos - enteredNanos) : -1;
  }

  /** When the handler had done with it. */
  long leftNanos() {
    return leftNanos;
  }

  /** The handler is about to be called: from here on it costs. */
  public void enters() {
    partition().spending().attempts(1);
  }

  /** It was not called after all. */
  public void doesNotEnter() {
    partition().spending().attempts(-1);
  }

  /** It may go on, but what it does is ignored from here on. */
  public void cancel() {
    cancelled = true;
  }

  /** The call that it is part of was abandoned. */
  void hung() {
    cancelled = true;
    hung = true;
    partition().abandoned(this);
  }

  /** Whether the next attempt in its lane may begin: it was left, or abandoned. */
  public boolean isOver() {
    return hung || hasReturned();
  }

  @Override
  public int attempt() {
    return number;
  }

  @Override
  public boolean lastAttempt() {
    return number >= partition().maxAttempts();
  }

  @Override
  public Optional<Instant> firstFailureAt() {
    FailureHistory past = history;
    return past == null || past.firstFailureMillis < 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(past.firstFailureMillis));
  }

  @Override
  public boolean cancelled() {
    return cancelled || partition().isEnded();
  }

  @Override
  public int generation() {
    return partition().generation();
  }

  @Override
  public String groupId() {
    return partition().groupId();
  }

  @Override
  public <T> T call(String downstream, Callable<T> call) throws Exception {
    return partition().breakers().call(this, downstream, call);
  }

  @Override
  public void addCost(double units) {
    if (!(units >= 0) || units == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("units=" + units + " must be a number of 0 or more");
    }
    partition().spending().add(units);
  }

  @Override
  public String toString() {
    return partition().topicPartition() + "@" + open.offset() + " attempt " + number;
  }
}
