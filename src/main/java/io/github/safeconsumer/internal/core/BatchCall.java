package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of a batch handler, with the records of several lanes. */
public final class BatchCall extends HandlerCall {
  private final List<List<Attempt>> lanes;
  private final List<Attempt> attempts;

  /**
   * @param lanes for each lane its records, in order; not empty
   */
  public BatchCall(List<List<Attempt>> lanes) {
    super(lanes.get(0).get(0).begunNanos(), lanes.get(0).get(0).timeout());
    this.lanes = lanes;
    this.attempts = new ArrayList<>();
    lanes.forEach(attempts::addAll);
    attempts.sort(Comparator.comparingLong(attempt -> attempt.record().offset()));
  }

  /** For each lane its records, in order. */
  public List<List<Attempt>> lanes() {
    return lanes;
  }

  @Override
  public List<Attempt> attempts() {
    return attempts;
  }

  @Override
  public Attempt first() {
    return attempts.get(0);
  }

  @Override
  @Nullable HandlerTimeout timeout() {
    return first().timeout();
  }
}
