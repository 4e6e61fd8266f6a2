package io.github.safeconsumer.internal.config;

import java.time.Duration;

/**
 * Where reading starts for a partition without a committed offset ({@code auto.offset.reset}). The
 * client itself always runs with {@code none}, so that no jump is ever silent; the loop applies
 * this.
 *
 * @param kind what to do
 * @param back for BY_DURATION: how far back from now; otherwise zero
 * @param declared false where the user left it open (EARLIEST is used)
 */
public record OffsetReset(Kind kind, Duration back, boolean declared) {
  /** The policies of {@code auto.offset.reset}. */
  public enum Kind {
    EARLIEST,
    LATEST,
    BY_DURATION,
    NONE
  }
}
