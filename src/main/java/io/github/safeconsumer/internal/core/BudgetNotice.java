package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;

/**
 * Whether what is recommended is worth telling: when it changed by much, on evidence, and not all
 * the time. Nothing is told while {@code max.poll.records} fits and fitted when it was told last:
 * then nobody has a reason to act. Pure; used by the loop only.
 */
public final class BudgetNotice {
  private static final long APART_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long MUCH = 2;

  private boolean told;
  private long toldAt;
  private long last;

  /**
   * Whether to tell it now; true counts as told.
   *
   * @param evident whether enough was observed, see {@link BudgetAdvice#isEvident}
   * @param inForce {@code max.poll.records} as it is
   * @param recommended what it should be at most
   */
  public boolean isDue(long now, boolean evident, int inForce, int recommended) {
    if (!evident || (told && now - toldAt < APART_NANOS)) {
      return false;
    }
    boolean fits = inForce <= recommended;
    if (told ? !changedByMuch(recommended) || (fits && inForce <= last) : fits) {
      return false;
    }
    told = true;
    toldAt = now;
    last = recommended;
    return true;
  }

  private boolean changedByMuch(long recommended) {
    return recommended >= MUCH * last || MUCH * recommended <= last;
  }
}
