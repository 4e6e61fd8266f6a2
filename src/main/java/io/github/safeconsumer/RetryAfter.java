package io.github.safeconsumer;

import java.time.Duration;

/**
 * Implemented by an exception that knows when a further attempt makes sense, for example from an
 * HTTP {@code Retry-After}. The delay is used where it is longer than the back-off of the {@link
 * RetryPolicy}, and is cut to what the policy's {@code maxElapsed} leaves.
 */
public interface RetryAfter {
  /** How long to wait before the next attempt. Null or negative is ignored. */
  Duration retryAfter();
}
