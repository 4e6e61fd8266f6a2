package io.github.safeconsumer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * The real code on a simulated cluster, seed after seed; see README.md beside this file. Holds
 * every {@link Invariant}.
 */
class SimulationTest {
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

  private static void runOne(long seed) throws InterruptedException {
    String failure = new Simulation(Plan.of(seed), 0).run().verdict();
    assertThat(failure).as(() -> Shrinker.report(seed, String.valueOf(failure))).isNull();
  }

  private static void runMany() throws InterruptedException, IOException {
    long began = System.nanoTime();
    Long minutes = Long.getLong("safeconsumer.sim.minutes");
    long seeds = minutes != null ? Long.MAX_VALUE : Long.getLong("safeconsumer.sim.seeds", 120);
    long random = ThreadLocalRandom.current().nextLong(1L << 40);
    System.out.println("simulation: the seeds from 1 on, and from " + random + " on");
    Campaign campaign =
        new Campaign(
            Integer.getInteger(
                "safeconsumer.sim.threads", Runtime.getRuntime().availableProcessors()),
            began + TimeUnit.MINUTES.toNanos(minutes != null ? minutes : 30),
            true);
    List<Campaign.Failure> failures = campaign.run(half(random, seeds));
    String report = campaign.tally().report(System.nanoTime() - began);
    System.out.println(report);
    Files.createDirectories(REPORTS);
    Files.writeString(REPORTS.resolve("report.txt"), report);
    for (Campaign.Failure failure : failures) {
      Files.writeString(REPORTS.resolve("seed-" + failure.seed() + ".txt"), failure.text());
    }
    assertThat(failures).extracting(Campaign.Failure::text).isEmpty();
    for (Invariant invariant : Invariant.values()) {
      assertThat(campaign.tally().premises(invariant))
          .as("something to check for " + invariant)
          .isPositive();
    }
  }

  /** One half the same in every build, the other half new. */
  private static LongSupplier half(long random, long seeds) {
    AtomicLong count = new AtomicLong();
    return () -> {
      long number = count.getAndIncrement();
      return number >= seeds ? -1 : number % 2 == 0 ? 1 + number / 2 : random + number / 2;
    };
  }

  @Test
  void shouldRepeatARunExactlyFromItsSeed() throws Exception {
    QuietLog.during(
        () -> {
          for (long seed = 1; seed <= 4; seed++) {
            Simulation one = new Simulation(Plan.of(seed), 0).run();
            Simulation other = new Simulation(Plan.of(seed), 0).run();

            assertThat(other.trace().hash()).as("seed " + seed).isEqualTo(one.trace().hash());
            assertThat(one.trace().count()).isGreaterThan(100);
          }
        });
  }
}
