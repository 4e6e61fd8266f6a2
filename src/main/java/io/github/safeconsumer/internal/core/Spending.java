package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.SpendingPolicy;
import io.github.safeconsumer.SpendingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;

/**
 * What attempts cost. The last hour is kept in slices of 10 s, and a slice counts until all of it
 * is older than an hour: so the limit is never exceeded by what was forgotten too early.
 *
 * <p>Concurrency: one lock, this object's, inside which only the gate's is taken. Where nothing
 * costs anything no record takes it.
 */
public final class Spending {
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int SLICES = 361;

  private final SpendingPolicy policy;
  private final LongSupplier nanos;
  private final Latch latch;
  private final double[] slices = new double[SLICES];
  private boolean begun;
  private long startedNanos;
  private long newest;
  private double spent;
  private double prevented;
  private boolean over;

  /** Pauses and releases. */
  public interface Latch {
    /** No record may start; under the lock of the caller. */
    void close();

    /** Records may start; under the lock of the caller. */
    void open();

    /**
     * It was closed; no lock is held.
     *
     * @param lastHour spent within the last hour
     * @param nanosLeft how long it stays closed, were nothing more spent
     */
    void closed(double lastHour, long nanosLeft);
  }

  public Spending(SpendingPolicy policy, LongSupplier nanos, Latch latch) {
    this.policy = policy;
    this.nanos = nanos;
    this.latch = latch;
  }

  /** Nothing costs anything. */
  public static Spending nothing() {
    return new Spending(
        SpendingPolicy.none(),
        () -> 0,
        new Latch() {
          @Override
          public void close() {}

          @Override
          public void open() {}

          @Override
          public void closed(double lastHour, long nanosLeft) {}
        });
  }

  /** So many records enter the handler; less than none where they were counted and did not. */
  public void attempts(int records) {
    if (policy.perAttempt() > 0) {
      spend(records * policy.perAttempt());
    }
  }

  /** A handler says what an attempt cost besides. */
  public void add(double units) {
    if (units > 0) {
      spend(units);
    }
  }

  private void spend(double units) {
    double hour;
    long left;
    synchronized (this) {
      long now = nanos.getAsLong();
      forget(now);
      slices[(int) (newest % SLICES)] += units;
      spent += units;
      hour = lastHour();
      left = nanosLeft(now);
      if (over || hour < policy.limitPerHour()) {
        return;
      }
      over = true;
      latch.close();
    }
    latch.closed(hour, left);
  }

  /** So many attempts were not made, since a breaker was open. */
  public void prevented(int attempts) {
    if (attempts > 0 && policy.perAttempt() > 0) {
      synchronized (this) {
        prevented += attempts * policy.perAttempt();
      }
    }
  }

  /** Time has passed: enough may be older than an hour. */
  public void step() {
    if (policy.limitPerHour() != Double.POSITIVE_INFINITY) {
      synchronized (this) {
        forget(nanos.getAsLong());
        if (over && lastHour() < policy.limitPerHour()) {
          over = false;
          latch.open();
        }
      }
    }
  }

  private void forget(long now) {
    if (!begun) { // not in the constructor: nothing is known of the clock there
      begun = true;
      startedNanos = now;
    }
    long slice = Math.max(newest, (now - startedNanos) / SLICE_NANOS);
    for (long old = Math.max(newest + 1, slice - SLICES + 1); old <= slice; old++) {
      slices[(int) (old % SLICES)] = 0;
    }
    newest = slice;
  }

  private double lastHour() {
    return DoubleStream.of(slices).sum();
  }

  /** How long until less than the limit lies within the last hour. */
  private long nanosLeft(long now) {
    double rest = lastHour();
    for (long slice = Math.max(0, newest - SLICES + 1); slice <= newest; slice++) {
      rest -= slices[(int) (slice % SLICES)];
      if (rest < policy.limitPerHour()) {
        return Math.max(0, startedNanos + (slice + SLICES) * SLICE_NANOS - now);
      }
    }
    return 0;
  }

  /** For a status. */
  public synchronized SpendingStatus status(Instant now) {
    long nowNanos = nanos.getAsLong();
    forget(nowNanos);
    double limit = policy.limitPerHour();
    return new SpendingStatus(
        spent,
        prevented,
        lastHour(),
        limit == Double.POSITIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(limit),
        over ? Optional.of(now.plus(Duration.ofNanos(nanosLeft(nowNanos)))) : Optional.empty());
  }
}
