package io.github.safeconsumer.internal.shell;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clocks. Intervals use the monotonic one; the wall clock is for people and for detecting a
 * suspended machine.
 */
public interface Time {
  /** Monotonic, in nanoseconds from an arbitrary origin. */
  long nanos();

  /** Milliseconds since 1970. */
  long millis();

  /** The wall clock, for those who take a {@link Clock}. */
  default Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(Time.this.millis());
      }
    };
  }
}
