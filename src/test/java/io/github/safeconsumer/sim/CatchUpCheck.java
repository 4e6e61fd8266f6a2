package io.github.safeconsumer.sim;

import java.util.concurrent.TimeUnit;

/** L3: once nothing goes wrong any more, everything is handled within a bound. */
final class CatchUpCheck implements Check {
  private final Verdicts verdicts;
  private final OffsetCheck offsets;
  private long since;
  private long bound = -1;

  CatchUpCheck(Verdicts verdicts, OffsetCheck offsets) {
    this.verdicts = verdicts;
    this.offsets = offsets;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.FaultsOver over) {
      since = now;
      bound = over.catchUpNanos();
    } else if (bound >= 0 && offsets.open() == 0) {
      verdicts.checked(Invariant.L3);
      bound = -1;
    } else if (bound >= 0 && now - since > bound) {
      verdicts.violated(
          Invariant.L3,
          "not handled "
              + TimeUnit.NANOSECONDS.toSeconds(bound)
              + " s after the last fault: "
              + offsets.someOpen());
      bound = -1;
    }
  }
}
