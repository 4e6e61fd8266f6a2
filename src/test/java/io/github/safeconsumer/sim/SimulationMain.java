package io.github.safeconsumer.sim;

import java.util.concurrent.TimeUnit;

/** Runs simulations by hand, without a build tool; see README.md. */
public final class SimulationMain {
  private SimulationMain() {}

  /**
   * Runs.
   *
   * @param args first seed, minutes, threads, and the most seeds; or "show" and a seed
   */
  public static void main(String[] args) throws Exception {
    QuietLog.during(
        () -> {
          if (args.length > 0 && args[0].equals("show")) {
            System.out.println(Launch.whole(Long.parseLong(args[1])));
            System.exit(0);
          }
          long first = args.length > 0 ? Long.parseLong(args[0]) : 1;
          double minutes = args.length > 1 ? Double.parseDouble(args[1]) : 1;
          int threads =
              args.length > 2
                  ? Integer.parseInt(args[2])
                  : Runtime.getRuntime().availableProcessors();
          long most = args.length > 3 ? Long.parseLong(args[3]) : Long.MAX_VALUE;
          Launch.Result result =
              Launch.many(
                  number -> first + number,
                  most,
                  threads,
                  (long) (minutes * TimeUnit.MINUTES.toNanos(1)),
                  false);
          result.failures().values().forEach(System.out::println);
          System.out.println(result.report());
          result
              .failures()
              .values()
              .forEach(text -> System.out.println("FAILED " + text.lines().findFirst().orElse("")));
          System.exit(result.failures().isEmpty() ? 0 : 1);
        });
  }
}
