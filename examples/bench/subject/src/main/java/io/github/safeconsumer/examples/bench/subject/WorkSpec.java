package io.github.safeconsumer.examples.bench.subject;

/**
 * What handling costs.
 *
 * @param kind how the time is spent
 * @param micros how much time one call takes; 0 for {@link Kind#NOTHING}
 * @param slowMicros for {@link Kind#SKEW}: what a record of a slow key takes; every hundredth key
 *     is slow
 * @param latencies whether times from produced to handled and to committed are taken, which costs a
 *     little for each record
 */
public record WorkSpec(Kind kind, long micros, long slowMicros, boolean latencies) {
  /** How the time is spent. */
  public enum Kind {
    /** Not at all. */
    NOTHING,
    /** Waiting, as for a downstream. */
    SLEEP,
    /** Computing. */
    SPIN,
    /** Waiting, much longer for slow keys. */
    SKEW
  }

  /** Work that costs nothing. */
  public static WorkSpec nothing() {
    return new WorkSpec(Kind.NOTHING, 0, 0, false);
  }

  /** The same work, with latencies taken. */
  public WorkSpec withLatencies() {
    return new WorkSpec(kind, micros, slowMicros, true);
  }
}
