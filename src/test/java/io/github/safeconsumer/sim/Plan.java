package io.github.safeconsumer.sim;

import io.github.safeconsumer.Ordering;
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
 * @param work what the handlers are like
 * @param callers threads that give commands, for each member
 * @param commands commands of each caller at most
 * @param faults kinds that strike, each at its rate
 * @param faultsPerMillion how often, of a million occasions
 * @param accidents what happens from outside, each now and then
 * @param tempo what keeps the work back
 * @param perils records and downstreams that others cannot survive
 * @param backlog records that are there before anybody starts
 * @param metadataLimit characters that the brokers allow beside a committed offset
 * @param yields how often, of a thousand, a thread lets others go first where it need not wait
 * @param fine how often, of 100,000, it does at the entry of a method of the library
 */
record Plan(
    long seed,
    int seconds,
    int members,
    int topics,
    int partitions,
    Protocol protocol,
    boolean staticMembers,
    int maxPollSeconds,
    int sessionSeconds,
    Work work,
    int callers,
    int commands,
    Set<FaultKind> faults,
    int faultsPerMillion,
    Accidents accidents,
    Tempo tempo,
    Perils perils,
    int recordsPerSecond,
    int backlog,
    int floodLimit,
    int metadataLimit,
    int yields,
    int fine) {

  enum Protocol {
    EAGER,
    COOPERATIVE,
    CONSUMER
  }

  /** The form of the handlers. */
  enum Form {
    SYNC,
    ASYNC,
    BATCH
  }

  /** What keys the records have. */
  enum Keys {
    FEW_HOT,
    SOME,
    MANY,
    HALF_NULL
  }

  /**
   * What there is to do, and how it is asked for.
   *
   * @param batch most records of a batch
   */
  record Work(
      Handlers.Mood mood,
      Ordering ordering,
      int concurrency,
      Form form,
      Keys keys,
      int batch,
      int lingerMillis) {
    static Work of(SplittableRandom random) {
      return new Work(
          any(random, Handlers.Mood.values()),
          any(random, Ordering.values()),
          random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1 << random.nextInt(7),
          any(random, Form.values()),
          any(random, Keys.values()),
          1 << random.nextInt(6),
          random.nextInt(2) == 0 ? 0 : random.nextInt(300));
    }
  }

  /**
   * Mean times between what happens from outside; 0 for never.
   *
   * @param operatorEverySeconds somebody changes what the group has committed
   */
  record Accidents(int killEverySeconds, int stallEverySeconds, int operatorEverySeconds) {
    static Accidents of(SplittableRandom random) {
      return new Accidents(
          random.nextInt(2) == 0 ? 0 : 10 + random.nextInt(60),
          random.nextInt(3) > 0 ? 0 : 10 + random.nextInt(60),
          random.nextInt(4) > 0 ? 0 : 10 + random.nextInt(60));
    }
  }

  static Plan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    Plan plan = usual(seed, random);
    Plan paced = plan.with(Tempo.of(random, plan));
    Plan whole = random.nextInt(8) == 0 ? paced.scarce(random) : paced;
    return Perils.of(random, whole);
  }

  private static Plan usual(long seed, SplittableRandom random) {
    boolean quiet = random.nextInt(10) < 3; // without faults the strictest checks apply
    int[] polls = {6, 10, 20, 60};
    return new Plan(
        seed,
        60 + random.nextInt(180),
        1 + random.nextInt(4),
        1 + random.nextInt(3),
        1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3),
        any(random, Protocol.values()),
        random.nextInt(4) == 0,
        polls[random.nextInt(polls.length)],
        6 + random.nextInt(20),
        Work.of(random),
        random.nextInt(4),
        5 + random.nextInt(40),
        quiet ? EnumSet.of(FaultKind.OFFSET_GAP) : faults(random),
        quiet ? 20_000 : 1 << random.nextInt(12),
        Accidents.of(random),
        Tempo.NONE,
        Perils.NONE,
        1 << random.nextInt(6),
        random.nextInt(6) > 0 ? 0 : 1 << random.nextInt(12), // then a lease can run out
        random.nextInt(5) == 0 ? 3 : 100,
        quiet || random.nextInt(6) > 0 ? Traits.USUAL_METADATA : 200 + random.nextInt(400),
        random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(150),
        random.nextInt(3) == 0 ? 0 : 1 << random.nextInt(12));
  }

  /** The budget is a few records, and many partitions want one. */
  private Plan scarce(SplittableRandom random) {
    Work few =
        new Work(
            work.mood(),
            work.ordering(),
            1 + random.nextInt(3),
            work.form(),
            work.keys(),
            Math.min(4, work.batch()),
            work.lingerMillis());
    return new Plan(
        seed,
        Math.min(seconds, 60),
        Math.min(members, 2),
        2,
        2 + random.nextInt(3),
        protocol,
        staticMembers,
        6,
        sessionSeconds,
        few,
        callers,
        commands,
        faults,
        faultsPerMillion,
        accidents,
        new Tempo(tempo.declared(), tempo.perSecond(), 15, random.nextBoolean()),
        perils,
        Math.max(8, recordsPerSecond),
        100,
        floodLimit,
        metadataLimit,
        yields,
        fine);
  }

  Plan with(Tempo other) {
    return new Plan(
        seed,
        seconds,
        members,
        topics,
        partitions,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        work,
        callers,
        commands,
        faults,
        faultsPerMillion,
        accidents,
        other,
        perils,
        recordsPerSecond,
        backlog,
        floodLimit,
        metadataLimit,
        yields,
        fine);
  }

  Plan with(Perils others) {
    return new Plan(
        seed,
        seconds,
        members,
        topics,
        partitions,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        work,
        callers,
        commands,
        faults,
        faultsPerMillion,
        accidents,
        tempo,
        others,
        recordsPerSecond,
        backlog,
        floodLimit,
        metadataLimit,
        yields,
        fine);
  }

  private static Set<FaultKind> faults(SplittableRandom random) {
    EnumSet<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
    int share = 1 + random.nextInt(10);
    for (FaultKind kind : FaultKind.values()) {
      if (random.nextInt(10) < share) {
        faults.add(kind);
      }
    }
    return faults;
  }

  static <T> T any(SplittableRandom random, T[] values) {
    return List.of(values).get(random.nextInt(values.length));
  }

  /**
   * A rebalance is heard of at a heartbeat: with one that is rare in relation to
   * max.poll.interval.ms a drain that has just begun can outlast the rebalance, and nobody is to
   * blame.
   */
  int heartbeatMillis() {
    return Math.min(sessionSeconds * 300, maxPollSeconds * 1000 / 8);
  }

  /** Smaller plans, the boldest cuts first. */
  List<Plan> smaller() {
    List<Plan> all = new ArrayList<>();
    all.add(with(Set.of()));
    all.add(with(callers == 0 ? 0 : callers - 1, commands));
    all.add(with(0, commands));
    all.add(with(callers, commands / 2));
    int kill = accidents.killEverySeconds();
    int stall = accidents.stallEverySeconds();
    int operator = accidents.operatorEverySeconds();
    all.add(with(new Accidents(0, 0, 0)));
    all.add(with(new Accidents(0, stall, operator)));
    all.add(with(new Accidents(kill, 0, operator)));
    all.add(with(new Accidents(kill, stall, 0)));
    all.add(with(seconds > 5 ? seconds / 2 : seconds, members, topics, partitions));
    all.add(with(seconds, Math.max(1, members - 1), topics, partitions));
    all.add(with(seconds, members, 1, partitions));
    all.add(with(seconds, members, topics, Math.max(1, partitions / 2)));
    perils.smaller().forEach(less -> all.add(with(less)));
    all.add(withoutYields());
    all.add(with(Tempo.NONE));
    all.add(with(new Tempo(tempo.declared(), 0, tempo.jumpEverySeconds(), tempo.uneven())));
    all.add(with(new Tempo(tempo.declared(), tempo.perSecond(), 0, false)));
    for (FaultKind kind : faults) {
      EnumSet<FaultKind> less = EnumSet.copyOf(faults);
      less.remove(kind);
      all.add(with(less));
    }
    Handlers.Mood mood = work.mood();
    Ordering order = work.ordering();
    int many = work.concurrency();
    Form form = work.form();
    all.add(with(new Work(mood, order, Math.max(1, many / 2), form, work.keys(), work.batch(), 0)));
    all.add(with(new Work(mood, order, many, form, work.keys(), Math.max(1, work.batch() / 2), 0)));
    all.add(with(new Work(mood, order, many, Form.SYNC, work.keys(), 1, 0)));
    all.removeIf(this::equals);
    return all;
  }

  private Plan with(Set<FaultKind> kinds) {
    return copy(seconds, members, topics, partitions, work, callers, commands, kinds, accidents);
  }

  private Plan with(int newCallers, int newCommands) {
    return copy(
        seconds, members, topics, partitions, work, newCallers, newCommands, faults, accidents);
  }

  Plan with(Accidents others) {
    return copy(seconds, members, topics, partitions, work, callers, commands, faults, others);
  }

  private Plan with(Work other) {
    return copy(seconds, members, topics, partitions, other, callers, commands, faults, accidents);
  }

  /** Its handlers are given records one by one. */
  Plan withoutBatches() {
    return work.form() != Form.BATCH
        ? this
        : with(
            new Work(
                work.mood(), work.ordering(), work.concurrency(), Form.SYNC, work.keys(), 1, 0));
  }

  private Plan with(int newSeconds, int newMembers, int newTopics, int newPartitions) {
    return copy(
        newSeconds,
        newMembers,
        newTopics,
        newPartitions,
        work,
        callers,
        commands,
        faults,
        accidents);
  }

  private Plan copy(
      int newSeconds,
      int newMembers,
      int newTopics,
      int newPartitions,
      Work newWork,
      int newCallers,
      int newCommands,
      Set<FaultKind> newFaults,
      Accidents newAccidents) {
    return new Plan(
        seed,
        newSeconds,
        newMembers,
        newTopics,
        newPartitions,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        newWork,
        newCallers,
        newCommands,
        newFaults,
        faultsPerMillion,
        newAccidents,
        tempo,
        perils,
        recordsPerSecond,
        backlog,
        floodLimit,
        metadataLimit,
        yields,
        fine);
  }

  private Plan withoutYields() {
    return new Plan(
        seed,
        seconds,
        members,
        topics,
        partitions,
        protocol,
        staticMembers,
        maxPollSeconds,
        sessionSeconds,
        work,
        callers,
        commands,
        faults,
        faultsPerMillion,
        accidents,
        tempo,
        perils,
        recordsPerSecond,
        backlog,
        floodLimit,
        metadataLimit,
        0,
        0);
  }
}
