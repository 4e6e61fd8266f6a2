package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.RecordContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One try of the handler on one record, in one ownership. Not a thread: whoever holds it may report
 * its end, once; a later report, or one for an ownership that ended, changes nothing.
 */
public final class Attempt implements RecordContext {
  private static final Duration LONGEST_EXTENSION = Duration.ofHours(24);
  private static final int LONGEST_NAME = 100;

  private final Lane lane;
  private final OpenRecord open;
  private final int number;
  private final boolean last;
  private final @Nullable FailureHistory history;
  private final long firstFailureMillis;
  private final long begunNanos;

  /** Where it stands among the running ones of its partition; the partition's. */
  int place = -1;

  private long enteredNanos;
  private long leftNanos;
  private long handlerNanos = -1;
  private volatile boolean abandoned;
  private volatile boolean returned;

  Attempt(
      Lane lane,
      OpenRecord open,
      int number,
      boolean last,
      @Nullable FailureHistory history,
      long begunNanos) {
    this.lane = lane;
    this.open = open;
    this.number = number;
    this.last = last;
    this.history = history;
    this.firstFailureMillis = history == null ? -1 : history.firstFailureMillis;
    this.begunNanos = begunNanos;
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

  /** Monotonic time at which it began. */
  public long begunNanos() {
    return begunNanos;
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

  /** Whoever ran it is through with it, whatever became of its result. */
  public void markReturned() {
    returned = true;
  }

  /** Whether the handler was left. */
  public boolean hasReturned() {
    return returned;
  }

  /** Nobody waits for it any more. */
  public void abandon() {
    abandoned = true;
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
    return abandoned || partition().isEnded();
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
  public Instant deadline() {
    return Instant.MAX;
  }

  @Override
  public void extendDeadline(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_EXTENSION) > 0) {
      throw new IllegalArgumentException(
          "time=" + time + " must be over 0 and at most " + LONGEST_EXTENSION);
    }
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
