package io.github.safeconsumer.sim;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs simulations by hand: from a seed, for so many minutes, on all cores; see README.md. */
public final class SimulationMain {
  private SimulationMain() {}

  /**
   * Runs.
   *
   * @param args first seed, minutes, threads, and the most seeds
   */
  public static void main(String[] args) throws Exception {
    long first = args.length > 0 ? Long.parseLong(args[0]) : 1;
    double minutes = args.length > 1 ? Double.parseDouble(args[1]) : 1;
    int threads =
        args.length > 2
            ? Integer.parseInt(args[2])
            : Math.max(1, Runtime.getRuntime().availableProcessors());
    long most = args.length > 3 ? Long.parseLong(args[3]) : Long.MAX_VALUE;
    QuietLog.during(() -> run(first, minutes, threads, most));
  }

  private static void run(long first, double minutes, int threads, long most)
      throws InterruptedException {
    long began = System.nanoTime();
    Campaign campaign =
        new Campaign(threads, began + (long) (minutes * TimeUnit.MINUTES.toNanos(1)), false);
    AtomicLong next = new AtomicLong(first);
    List<Campaign.Failure> failures =
        campaign.run(
            () -> {
              long seed = next.getAndIncrement();
              return seed - first < most ? seed : -1;
            });
    failures.forEach(failure -> System.out.println(failure.text()));
    System.out.println(campaign.tally().report(System.nanoTime() - began));
    failures.forEach(
        failure -> System.out.println("FAILED seed " + failure.seed() + ": " + failure.what()));
    System.exit(failures.isEmpty() ? 0 : 1);
  }
}
