package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.RecordContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One try of the handler on one record, in one ownership. Not a thread: whoever holds it may report
 * its end, once; a later report, or one for an ownership that ended, changes nothing.
 */
public final class Attempt extends HandlerCall implements RecordContext {
  private static final int LONGEST_NAME = 100;

  private final Lane lane;
  private final OpenRecord open;
  private final int number;
  private final boolean last;
  private final @Nullable FailureHistory history;
  private final long firstFailureMillis;

  /** Where it stands among the running ones of its partition; the partition's. */
  int place = -1;

  private long enteredNanos;
  private long leftNanos;
  private long handlerNanos = -1;
  private volatile boolean cancelled;
  private volatile boolean hung;

  Attempt(
      Lane lane,
      OpenRecord open,
      int number,
      boolean last,
      @Nullable FailureHistory history,
      long begunNanos) {
    super(begunNanos, lane.partition().handlerTimeout());
    this.lane = lane;
    this.open = open;
    this.number = number;
    this.last = last;
    this.history = history;
    this.firstFailureMillis = history == null ? -1 : history.firstFailureMillis;
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

  /** The handler is about to be called. */
  public void enters(long nowNanos) {
    enteredNanos = nowNanos;
  }

  /** The handler has done with it. Called by whoever reports its end, before that. */
  public void leaves(long nowNanos) {
    leftNanos = nowNanos;
    handlerNanos = Math.max(0, nowNanos - enteredNanos);
  }

  /** How long the handler took, -1 while that is not known. */
  long handlerNanos() {
    return handlerNanos;
  }

  /** When the handler had done with it. */
  long leftNanos() {
    return leftNanos;
  }

  /** It may go on, but what it does is ignored from here on. */
  public void cancel() {
    cancelled = true;
  }

  /** The call that it is part of was abandoned. */
  void hung() {
    cancelled = true;
    hung = true;
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
    return last;
  }

  @Override
  public Optional<Instant> firstFailureAt() {
    return firstFailureMillis < 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(firstFailureMillis));
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
    if (downstream.isEmpty() || downstream.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "the name of a downstream must have 1 to "
              + LONGEST_NAME
              + " characters, not "
              + downstream.length());
    }
    return call.call();
  }

  @Override
  public void addCost(double units) {
    if (!(units >= 0) || units == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("units=" + units + " must be a number of 0 or more");
    }
  }

  @Override
  public String toString() {
    return partition().topicPartition() + "@" + open.offset() + " attempt " + number;
  }
}
