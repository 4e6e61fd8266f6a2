package io.github.safeconsumer.sim;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes a failing run smaller: leaves out members, partitions, callers, commands, faults and time,
 * keeps what still fails in the same way, and tells the story of the smallest.
 */
final class Shrinker {
  private static final long MOST_NANOS =
      TimeUnit.SECONDS.toNanos(Long.getLong("safeconsumer.sim.shrinkSeconds", 60));

  private static final int LINES = 250;

  private Shrinker() {}

  /** The first line of a report, and the whole one where nobody wants more. */
  static String headline(long seed, String failure) {
    return "SEED " + seed + ": " + failure + '\n';
  }

  static String report(long seed, String failure) {
    StringBuilder text = new StringBuilder(20_000);
    text.append(headline(seed, failure));
    text.append("again: mvn test -Dtest=SimulationTest -Dsafeconsumer.sim.seed=").append(seed);
    text.append('\n').append(Plan.of(seed)).append('\n');
    try {
      Plan smallest = shrink(Plan.of(seed), kind(failure));
      Simulation run = new Simulation(smallest, LINES).run();
      text.append("the smallest that fails in this way: ").append(smallest).append('\n');
      for (Verdicts.Violation violation : run.oracle().violations()) {
        text.append("  ").append(violation).append('\n');
      }
      if (run.scheduler().failure() != null) {
        text.append("  ").append(run.scheduler().failure()).append('\n');
        if (run.scheduler().failureCause() != null) {
          for (StackTraceElement frame : run.scheduler().failureCause().getStackTrace()) {
            text.append("      at ").append(frame).append('\n');
          }
        }
      }
      text.append("where its threads were:\n");
      run.scheduler().where().forEach(line -> text.append("  ").append(line).append('\n'));
      text.append("the last ").append(LINES).append(" lines of its trace:\n");
      run.trace().lines().forEach(line -> text.append(line).append('\n'));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      text.append("could not be made smaller: ").append(broken).append('\n');
    }
    return text.toString();
  }

  /** Two failures are of one kind when they break the same invariant. */
  private static String kind(String failure) {
    int colon = failure.indexOf(':');
    return colon < 0 ? failure : failure.substring(0, colon);
  }

  private static Plan shrink(Plan failing, String kind) throws InterruptedException {
    long began = System.nanoTime();
    Plan smallest = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      List<Plan> candidates = smallest.smaller();
      for (Plan candidate : candidates) {
        if (System.nanoTime() - began > MOST_NANOS) {
          return smallest;
        }
        String failure = new Simulation(candidate, 0).run().verdict();
        if (failure != null && kind(failure).equals(kind)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }
}
