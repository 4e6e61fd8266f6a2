package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a call of the handler may take.
 *
 * @param nanos from its begin on, unless it asks for more
 * @param nowNanos the monotonic clock, read where a handler asks for something
 * @param nowMillis the wall clock, the same
 */
public record HandlerTimeout(long nanos, LongSupplier nowNanos, LongSupplier nowMillis) {
  private static final long LONGEST_GRACE = TimeUnit.SECONDS.toNanos(10);

  /** How long a call that was interrupted has to end before nobody waits for it any more. */
  long graceNanos() {
    return Math.min(nanos, LONGEST_GRACE);
  }
}
