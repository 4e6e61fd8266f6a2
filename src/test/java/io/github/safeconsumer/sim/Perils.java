package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What others cannot survive, in a few of the plans.
 *
 * @param killers records of one partition whose handler kills its process whenever it is entered
 * @param crashLimit deaths before a record is convicted
 * @param hanging records of one partition whose handler never returns
 * @param timeoutMillis until when an attempt has to end; 0 for no bound
 * @param outageEverySeconds mean time between two outages of what all handlers need; 0 for never
 */
record Perils(int killers, int crashLimit, int hanging, int timeoutMillis, int outageEverySeconds) {
  static final Perils NONE = new Perils(0, 3, 0, 0, 0);

  /** Which of them a plan has. */
  enum Kind {
    NONE,
    KILLERS,
    HANGS,
    OUTAGES
  }

  /** A plan with perils, or as it was; all plans have those of one kind where that is asked for. */
  static Plan of(SplittableRandom random, Plan plan) {
    String only = System.getProperty("safeconsumer.sim.only");
    int drawn = random.nextInt(12);
    Kind kind =
        drawn < 2 ? Kind.KILLERS : drawn == 2 ? Kind.HANGS : drawn == 3 ? Kind.OUTAGES : Kind.NONE;
    return switch (only == null ? kind : Kind.valueOf(only.toUpperCase(Locale.ROOT))) {
      case NONE -> plan;
      case KILLERS -> killers(random, plan);
      case HANGS -> hangs(random, plan);
      case OUTAGES -> plan.with(new Perils(0, 3, 0, 0, 15 + random.nextInt(30)));
    };
  }

  private static Plan killers(SplittableRandom random, Plan plan) {
    int limit = random.nextInt(4) == 0 ? 2 : 3;
    Plan killing = plan.with(new Perils(1 + random.nextInt(2), limit, 0, 0, 0));
    return switch (random.nextInt(3)) {
      case 0 -> killing;
      case 1 -> killing.with(new Plan.Accidents(5 + random.nextInt(10), 0, 0));
      default -> killing.with(new Plan.Accidents(0, 0, 0));
    };
  }

  /** Nothing stands still, so that an attempt that is over time is seen to be. */
  private static Plan hangs(SplittableRandom random, Plan plan) {
    Perils perils = new Perils(0, 3, 1 + random.nextInt(3), 1_000 + random.nextInt(5_000), 0);
    Plan.Accidents accidents = plan.accidents();
    return plan.with(perils)
        .with(new Plan.Accidents(accidents.killEverySeconds(), 0, accidents.operatorEverySeconds()))
        .withoutBatches()
        .with(
            new Tempo(
                Tempo.Declared.NONE,
                plan.tempo().perSecond(),
                plan.tempo().jumpEverySeconds(),
                plan.tempo().uneven()));
  }

  long graceMillis() {
    return Math.min(timeoutMillis, 10_000);
  }

  List<Perils> smaller() {
    List<Perils> all = new ArrayList<>();
    if (killers > 0) {
      all.add(new Perils(killers - 1, crashLimit, hanging, timeoutMillis, outageEverySeconds));
    }
    if (hanging > 0) {
      all.add(new Perils(killers, crashLimit, hanging - 1, timeoutMillis, outageEverySeconds));
    }
    return all;
  }
}
