package io.github.safeconsumer.internal.core;

import java.time.Duration;

/**
 * For how long permission or credentials have been missing. They are tried again slowly, since an
 * account can be locked for wrong passwords, and given up after a while, since they rarely heal by
 * themselves. Pure.
 */
public final class AuthorizationTrouble {
  /** Between two tries. */
  public static final Duration RETRY = Duration.ofSeconds(60);

  /** After this long it is given up. */
  public static final Duration LIMIT = Duration.ofMinutes(10);

  /**
   * A try that lasts longer than this has worked: a missing permission to fetch or commit shows
   * only a while after the group was joined.
   */
  private static final long HEALED_NANOS = RETRY.multipliedBy(2).toNanos();

  private boolean failed;
  private long since;
  private long last;

  /** It failed once more. True when that has gone on for too long. */
  public boolean failed(long now) {
    if (!failed || now - last > HEALED_NANOS) {
      since = now;
    }
    failed = true;
    last = now;
    return now - since >= LIMIT.toNanos();
  }
}
