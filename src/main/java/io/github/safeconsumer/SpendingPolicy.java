package io.github.safeconsumer;

/**
 * What attempts cost, in units of the caller's choice (cents, tokens, calls), and how much of it
 * may be spent. Immutable: every method returns a changed copy. Counted by each consumer instance
 * for itself, in memory: a restart begins at 0, and three instances may spend three limits.
 */
public final class SpendingPolicy {
  private static final SpendingPolicy NONE = new SpendingPolicy(0, Double.POSITIVE_INFINITY);

  private final double perAttempt;
  private final double limitPerHour;

  private SpendingPolicy(double perAttempt, double limitPerHour) {
    this.perAttempt = perAttempt;
    this.limitPerHour = limitPerHour;
  }

  /** Attempts cost nothing but what {@link RecordContext#addCost} says, and there is no limit. */
  public static SpendingPolicy none() {
    return NONE;
  }

  /**
   * Each attempt costs so much, whatever its end, and also where {@link RecordContext#call} finds
   * the breaker of its downstream open; a batch as much for each of its records. Where it is the
   * call that costs, say so there, with {@link RecordContext#addCost}.
   *
   * @param units 0 or more
   */
  public static SpendingPolicy perAttempt(double units) {
    if (!(units >= 0) || units == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("perAttempt=" + units + " must be a number of 0 or more");
    }
    return new SpendingPolicy(units, Double.POSITIVE_INFINITY);
  }

  /**
   * Once so much was spent within an hour the consumer pauses with {@link PauseReason#SPENDING},
   * until less than that lies within the last hour. Attempts that run then go on, so the limit can
   * be exceeded by what they cost.
   *
   * @param units over 0; {@link Double#POSITIVE_INFINITY} for no limit
   */
  public SpendingPolicy limitPerHour(double units) {
    if (!(units > 0)) {
      throw new IllegalArgumentException(
          "limitPerHour=" + units + " must be over 0, or Double.POSITIVE_INFINITY for no limit");
    }
    return new SpendingPolicy(perAttempt, units);
  }

  public double perAttempt() {
    return perAttempt;
  }

  public double limitPerHour() {
    return limitPerHour;
  }

  @Override
  public String toString() {
    return "SpendingPolicy[perAttempt=" + perAttempt + ", limitPerHour=" + limitPerHour + "]";
  }
}
