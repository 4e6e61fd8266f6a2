package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.kafka.FaultKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a run is made of, drawn from its seed. A plan can be made smaller, for a failing run that a
 * person can read.
 *
 * @param seed of everything that is drawn while it runs
 * @param protocol of the group
 * @param callers threads that give commands, for each member
 * @param commands commands of each caller at most
 * @param faults kinds that strike, each at its rate
 * @param faultsPerMillion how often, of a million occasions
 * @param killEverySeconds mean time between kills; 0 for none
 * @param stallEverySeconds the same for stalls
 * @param yields how often, of a thousand, a thread lets others go first where it need not wait
 * @param fine how often, of 100,000, it does at the entry of a method of the library
 */
record Plan(
    long seed,
    int seconds,
    int members,
    int topics,
    int partitions,
    int concurrency,
    Protocol protocol,
    boolean staticMembers,
    int maxPollSeconds,
    int sessionSeconds,
    int callers,
    int commands,
    Set<FaultKind> faults,
    int faultsPerMillion,
    int killEverySeconds,
    int stallEverySeconds,
    Handlers.Mood mood,
    int recordsPerSecond,
    int floodLimit,
    int yields,
    int fine) {

  enum Protocol {
    EAGER,
    COOPERATIVE,
    CONSUMER
  }

  static Plan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    Protocol protocol = any(random, Protocol.values());
    boolean quiet = random.nextInt(10) < 3; // without faults the strictest checks apply
    EnumSet<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
    if (!quiet) {
      int share = 1 + random.nextInt(10);
      for (FaultKind kind : FaultKind.values()) {
        if (random.nextInt(10) < share) {
          faults.add(kind);
        }
      }
    } else {
      faults.add(FaultKind.OFFSET_GAP);
    }
    int[] polls = {6, 10, 20, 60};
    return new Plan(
        seed,
        60 + random.nextInt(180),
        1 + random.nextInt(4),
        1 + random.nextInt(3),
        1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3),
        1 + random.nextInt(4),
        protocol,
        random.nextInt(4) == 0,
        polls[random.nextInt(polls.length)],
        6 + random.nextInt(20),
        random.nextInt(4),
        5 + random.nextInt(40),
        faults,
        quiet ? 20_000 : 1 << random.nextInt(12),
        random.nextInt(2) == 0 ? 0 : 10 + random.nextInt(60),
        random.nextInt(3) > 0 ? 0 : 10 + random.nextInt(60),
        any(random, Handlers.Mood.values()),
        1 << random.nextInt(6),
        random.nextInt(5) == 0 ? 3 : 100,
        random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(150),
        random.nextInt(3) == 0 ? 0 : 1 << random.nextInt(12));
  }

  private static <T> T any(SplittableRandom random, T[] values) {
    return List.of(values).get(random.nextInt(values.length));
  }

  /** Smaller plans, the boldest cuts first. */
  List<Plan> smaller() {
    List<Plan> all = new ArrayList<>();
    if (!faults.isEmpty()) {
      all.add(withFaults(EnumSet.noneOf(FaultKind.class)));
    }
    if (callers > 0) {
      all.add(with(seconds, members, topics, partitions, 0, commands, -1, -1, yields));
      all.add(with(seconds, members, topics, partitions, callers - 1, commands, -1, -1, yields));
      all.add(with(seconds, members, topics, partitions, callers, commands / 2, -1, -1, yields));
    }
    if (killEverySeconds > 0) {
      all.add(with(seconds, members, topics, partitions, callers, commands, 0, -1, yields));
    }
    if (stallEverySeconds > 0) {
      all.add(with(seconds, members, topics, partitions, callers, commands, -1, 0, yields));
    }
    if (seconds > 5) {
      all.add(with(seconds / 2, members, topics, partitions, callers, commands, -1, -1, yields));
    }
    if (members > 1) {
      all.add(with(seconds, members - 1, topics, partitions, callers, commands, -1, -1, yields));
    }
    if (topics > 1) {
      all.add(with(seconds, members, 1, partitions, callers, commands, -1, -1, yields));
    }
    if (partitions > 1) {
      all.add(with(seconds, members, topics, partitions / 2, callers, commands, -1, -1, yields));
    }
    if (yields > 0) {
      all.add(with(seconds, members, topics, partitions, callers, commands, -1, -1, 0));
    }
    for (FaultKind kind : faults) {
      EnumSet<FaultKind> less = EnumSet.copyOf(faults);
      less.remove(kind);
      all.add(withFaults(less));
    }
    all.removeIf(this::equals);
    return all;
  }

  private Plan withFaults(Set<FaultKind> kinds) {
    return new Plan(
        seed,
        seconds,
        members,
        topics,
        partitions,
        concurrency,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        callers,
        commands,
        kinds,
        faultsPerMillion,
        killEverySeconds,
        stallEverySeconds,
        mood,
        recordsPerSecond,
        floodLimit,
        yields,
        fine);
  }

  /**
   * @param kills -1 as it is
   * @param stalls -1 as it is
   */
  private Plan with(
      int newSeconds,
      int newMembers,
      int newTopics,
      int newPartitions,
      int newCallers,
      int newCommands,
      int kills,
      int stalls,
      int newYields) {
    return new Plan(
        seed,
        newSeconds,
        newMembers,
        newTopics,
        newPartitions,
        concurrency,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        newCallers,
        newCommands,
        faults,
        faultsPerMillion,
        kills < 0 ? killEverySeconds : kills,
        stalls < 0 ? stallEverySeconds : stalls,
        mood,
        recordsPerSecond,
        floodLimit,
        newYields,
        newYields == 0 ? 0 : fine);
  }
}
