package io.github.safeconsumer.internal.core;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A permit for one record of one ownership to pass the gate that the consumer's breaker keeps
 * closed.
 */
public final class Probe {
  /**
   * Those that were probed least often come first, so that no record keeps the breaker open that
   * fails whatever the downstream does; of these the oldest, by what their producers or the broker
   * say. The rest only makes an order.
   */
  public static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparing(Candidate::waiting)
          .thenComparingInt(Candidate::failedProbes)
          .thenComparingLong(Candidate::timestamp)
          .thenComparing(candidate -> candidate.partition().topicPartition().toString())
          .thenComparingLong(Candidate::offset);

  private final int permit;
  private final Lane lane;
  private final OpenRecord record;
  private final boolean alone;
  private volatile @Nullable Attempt attempt;

  /**
   * @param permit of the breaker
   * @param alone whether no other record could have been the probe
   */
  public Probe(int permit, Candidate candidate, boolean alone) {
    this.permit = permit;
    this.lane = candidate.lane();
    this.record = candidate.record();
    this.alone = alone;
  }

  /** A record that could start, were it not for the breaker. */
  public record Candidate(Lane lane, OpenRecord record, boolean waiting, int failedProbes) {
    public OwnedPartition partition() {
      return lane.partition();
    }

    public long offset() {
      return record.offset();
    }

    /** When the record was written, as its producer or the broker says. */
    public long timestamp() {
      return record.record.timestamp();
    }
  }

  public int permit() {
    return permit;
  }

  public OwnedPartition partition() {
    return lane.partition();
  }

  /** Whether it runs past its time, and nobody waits for it any more. */
  public boolean isAbandoned() {
    Attempt begun = attempt;
    return begun != null && !begun.partition().isEnded() && begun.cancelled();
  }

  /** Whether no other record could have been the probe. */
  public boolean isAlone() {
    return alone;
  }

  Lane lane() {
    return lane;
  }

  /** Whether it is for this head of a lane. */
  boolean isFor(Lane of, OpenRecord head) {
    return lane == of && record == head;
  }

  void begun(Attempt by) {
    attempt = by;
  }

  /** The attempt that it became; null before. */
  public @Nullable Attempt attempt() {
    return attempt;
  }
}
