package io.github.safeconsumer.sim;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/**
 * Starts simulations in classes of a {@link FineLoader}. What crosses the border between the two
 * sets of classes are types of the JDK only.
 */
final class Launch {
  private static final FineLoader LOADER = new FineLoader();
  private static boolean warm;

  /**
   * What came of it.
   *
   * @param report figures
   * @param failures by seed, for a reader
   * @param premises how often each invariant had something to check
   */
  record Result(String report, Map<Long, String> failures, Map<String, Long> premises) {}

  private Launch() {}

  /**
   * Many seeds, on several threads.
   *
   * @param seeds the seed of a number from 0 on
   * @param nanos no seed is begun after so long
   */
  static Result many(
      LongUnaryOperator seeds, long count, int threads, long nanos, boolean stopAtFirst)
      throws Exception {
    Object[] parts =
        (Object[])
            call(
                "campaign",
                new Class<?>[] {
                  LongUnaryOperator.class, long.class, int.class, long.class, boolean.class
                },
                seeds,
                count,
                threads,
                nanos,
                stopAtFirst);
    @SuppressWarnings("unchecked") // see campaign()
    Result result =
        new Result((String) parts[0], (Map<Long, String>) parts[1], (Map<String, Long>) parts[2]);
    return result;
  }

  /** One seed: null when it is well, or the story of its failure. */
  static String one(long seed) throws Exception {
    return (String) call("single", new Class<?>[] {long.class}, seed);
  }

  /** The hash of one run and the number of its lines. */
  static List<Long> hash(long seed) throws Exception {
    long[] both = (long[]) call("hashed", new Class<?>[] {long.class}, seed);
    return List.of(both[0], both[1]);
  }

  /** Everything that one run did. */
  static String whole(long seed) throws Exception {
    return (String) call("told", new Class<?>[] {long.class}, seed);
  }

  private static Object call(String name, Class<?>[] types, Object... values) throws Exception {
    synchronized (LOADER) {
      if (!warm) {
        LOADER.warm();
        warm = true;
      }
    }
    Method method = LOADER.loadClass(Launch.class.getName()).getDeclaredMethod(name, types);
    method.setAccessible(true);
    try {
      return method.invoke(null, values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  // ---- on the other side

  static Object[] campaign(
      LongUnaryOperator seeds, long count, int threads, long nanos, boolean stopAtFirst)
      throws InterruptedException {
    long began = System.nanoTime();
    Campaign campaign = new Campaign(threads, began + nanos, stopAtFirst);
    AtomicLong number = new AtomicLong();
    Map<Long, String> failures = new TreeMap<>();
    campaign
        .run(
            () -> {
              long next = number.getAndIncrement();
              return next < count ? seeds.applyAsLong(next) : -1;
            })
        .forEach(failure -> failures.put(failure.seed(), failure.text()));
    Map<String, Long> premises = new TreeMap<>();
    for (Invariant invariant : Invariant.values()) {
      premises.put(invariant.name(), campaign.tally().premises(invariant));
    }
    return new Object[] {campaign.tally().report(System.nanoTime() - began), failures, premises};
  }

  static String single(long seed) throws InterruptedException {
    String failure = new Simulation(Plan.of(seed), 0).run().verdict();
    return failure == null ? null : Shrinker.report(seed, failure);
  }

  static long[] hashed(long seed) throws InterruptedException {
    Trace trace = new Simulation(Plan.of(seed), 0).run().trace();
    return new long[] {trace.hash(), trace.count()};
  }

  static String told(long seed) throws InterruptedException {
    Simulation run = new Simulation(Plan.of(seed), Integer.MAX_VALUE).run();
    List<String> lines = new ArrayList<>(List.of(run.verdict() + " " + run.trace().hash()));
    lines.add(Plan.of(seed).toString());
    lines.addAll(run.trace().lines());
    lines.addAll(run.scheduler().where());
    return String.join("\n", lines);
  }
}
