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
 */
record Perils(int killers, int crashLimit) {
  static final Perils NONE = new Perils(0, 3);

  /** Which of them a plan has. */
  enum Kind {
    NONE,
    KILLERS
  }

  /** A plan with perils, or as it was; all plans have those of one kind where that is asked for. */
  static Plan of(SplittableRandom random, Plan plan) {
    String only = System.getProperty("safeconsumer.sim.only");
    Kind drawn = random.nextInt(6) == 0 ? Kind.KILLERS : Kind.NONE;
    return switch (only == null ? drawn : Kind.valueOf(only.toUpperCase(Locale.ROOT))) {
      case NONE -> plan;
      case KILLERS -> killers(random, plan);
    };
  }

  private static Plan killers(SplittableRandom random, Plan plan) {
    int limit = random.nextInt(4) == 0 ? 2 : 3;
    Plan killing = plan.with(new Perils(1 + random.nextInt(2), limit));
    return switch (random.nextInt(3)) {
      case 0 -> killing;
      case 1 -> killing.with(new Plan.Accidents(5 + random.nextInt(10), 0, 0));
      default -> killing.with(new Plan.Accidents(0, 0, 0));
    };
  }

  List<Perils> smaller() {
    List<Perils> all = new ArrayList<>();
    if (killers > 0) {
      all.add(new Perils(killers - 1, crashLimit));
    }
    return all;
  }
}
