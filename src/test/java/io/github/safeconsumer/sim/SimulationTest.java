package io.github.safeconsumer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The real code on a simulated cluster, seed after seed; see README.md beside this file. Holds
 * every {@link Invariant}.
 */
class SimulationTest {
  /** The same in every build, so that a build says something of what was changed in it. */
  private static final long FIXED = 25;

  private static final Path REPORTS = Path.of("target", "simulation");

  @Test
  void shouldHoldEveryInvariantWhateverTheOrderAndTheFaults() throws Exception {
    Long seed = Long.getLong("safeconsumer.sim.seed");
    QuietLog.during(
        () -> {
          if (seed != null) {
            runOne(seed);
          } else {
            runMany();
          }
        });
  }

  private static void runOne(long seed) throws Exception {
    assertThat(Launch.one(seed)).as("seed " + seed).isNull();
  }

  private static void runMany() throws Exception {
    Long minutes = Long.getLong("safeconsumer.sim.minutes");
    Long seeds = Long.getLong("safeconsumer.sim.seeds");
    boolean explores = minutes != null || seeds != null;
    long first = explores ? ThreadLocalRandom.current().nextLong(1L << 40) : 1;
    System.out.println("simulation: the seeds from " + first + " on");
    Launch.Result result =
        Launch.many(
            number -> first + number,
            seeds != null ? seeds : explores ? Long.MAX_VALUE : FIXED,
            Integer.getInteger(
                "safeconsumer.sim.threads", Runtime.getRuntime().availableProcessors()),
            TimeUnit.MINUTES.toNanos(minutes != null ? minutes : 60),
            true);
    System.out.println(result.report());
    Files.createDirectories(REPORTS);
    Files.writeString(REPORTS.resolve("report.txt"), result.report());
    for (Map.Entry<Long, String> failure : result.failures().entrySet()) {
      Files.writeString(REPORTS.resolve("seed-" + failure.getKey() + ".txt"), failure.getValue());
    }
    assertThat(result.failures().values()).isEmpty();
    assertThat(result.premises())
        .as("each invariant had something to check")
        .allSatisfy((invariant, count) -> assertThat(count).as(invariant).isPositive());
  }

  @Test
  void shouldRepeatARunExactlyFromItsSeed() throws Exception {
    QuietLog.during(
        () -> {
          for (long seed : List.of(3L, 7L)) { // short ones
            List<Long> one = Launch.hash(seed);
            Launch.hash(seed + 10); // another run in between changes nothing

            assertThat(Launch.hash(seed)).as("seed " + seed).isEqualTo(one);
            assertThat(one.get(1)).as("lines").isGreaterThan(100);
          }
        });
  }
}
