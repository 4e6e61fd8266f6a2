package io.github.safeconsumer.sim;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.sim.kafka.FaultKind;
import io.github.safeconsumer.sim.kafka.Faults;
import io.github.safeconsumer.sim.kafka.SimCluster;
import io.github.safeconsumer.sim.kafka.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * One run: a cluster, members, everything that goes wrong, and the end at which all must be well.
 */
final class Simulation {
  static final String DEAD_LETTERS = "letters";

  /** Within this time after the last fault, and what it left behind, everything is handled. */
  private static final long CATCH_UP = TimeUnit.SECONDS.toNanos(60);

  private static final long LONGEST_JUMP = TimeUnit.SECONDS.toNanos(20);

  private final Plan plan;
  private final Trace trace;
  private final Scheduler scheduler;
  private final Oracle oracle = new Oracle();
  private final Faults faults;
  private final SimCluster cluster;
  private final SplittableRandom workload;
  private final List<Member> members = new ArrayList<>();
  private final Operator operator;
  private final Killers killers;
  private final Killers hanging;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<String, SimConsumer> consumers = new HashMap<>();
  private final Map<String, Long> slowUntil = new HashMap<>();
  private long ids;
  private long attempts;
  private long kills;
  private long killings;
  private long stalls;
  private long outageUntil;
  private boolean calm;
  private boolean ending;
  private long caughtUpAfter;

  Simulation(Plan plan, int traceLines) {
    this.plan = plan;
    this.trace = new Trace(traceLines);
    this.scheduler = new Scheduler(plan.seed(), trace);
    this.workload = new SplittableRandom(plan.seed() ^ 0x5DEECE66DL);
    this.faults = new Faults(new Ear());
    for (FaultKind kind : plan.faults()) {
      faults.rate(kind, rate(kind));
    }
    Watch watch = new Watch(this);
    this.cluster = new SimCluster(scheduler, faults, watch);
    watch.watches(cluster);
    this.operator = new Operator(this, workload.split());
    this.cluster
        .metadataLimit(plan.metadataLimit())
        .weakestMetadataLimit(plan.metadataLimit() / 4)
        .modernGroups(plan.sessionSeconds() * 1000L, plan.heartbeatMillis());
    cluster.createTopic(DEAD_LETTERS, 2);
    for (int t = 0; t < plan.topics(); t++) {
      cluster.createTopic("t" + t, plan.partitions());
      for (int p = 0; p < plan.partitions(); p++) {
        partitions.add(new TopicPartition("t" + t, p));
      }
    }
    killers = new Killers(plan, partitions, plan.perils().killers());
    hanging = new Killers(plan, partitions, plan.perils().hanging());
    for (int m = 1; m <= plan.members(); m++) {
      members.add(new Member(this, m, workload.split()));
    }
  }

  /** Calls are many, commits some, creations few: each kind shall strike now and then. */
  private long rate(FaultKind kind) {
    long base = plan.faultsPerMillion();
    return switch (kind) {
      case OFFSET_GAP -> 50_000;
      case BROKER_OUTAGE, COORDINATOR_MOVED, CALL_UNAUTHORIZED, POLL_SLOW, EVICTION, REBALANCE ->
          Math.max(1, base / 10);
      case CALL_RETRIABLE, CALL_FATAL, CALL_INTERRUPTED, CALL_WAKEUP -> base;
      case COMMIT_SLOW,
          COMMITTED_SLOW,
          COMMIT_NOT_APPLIED,
          COMMIT_UNANSWERED,
          COMMIT_REJECTED,
          COMMIT_IN_REBALANCE ->
          5_000 + base * 10;
      default -> 50_000 + base * 20; // creating, closing, sending, asking
    };
  }

  /** Runs it to its end. */
  Simulation run() throws InterruptedException {
    scheduler.run(this::scenario, oracle::failed);
    return this;
  }

  private void scenario() {
    for (int i = 0; i < plan.recordsPerSecond() + plan.backlog(); i++) {
      append();
    }
    members.forEach(Member::boot);
    Jvm world = scheduler.current().jvm;
    scheduler.spawn("producer", world, this::produce);
    accidents(plan.accidents().killEverySeconds(), this::kill);
    accidents(plan.accidents().stallEverySeconds(), this::stall);
    if (plan.accidents().operatorEverySeconds() > 0) {
      scheduler.spawn(
          "operator", world, () -> operator.work(plan.accidents().operatorEverySeconds()));
    }
    accidents(plan.tempo().jumpEverySeconds(), this::jump);
    Handlers.Mood mood = plan.work().mood();
    if (mood == Handlers.Mood.MIXED || mood == Handlers.Mood.FAILING) {
      accidents(40, () -> outageUntil = scheduler.nanos() + workload.nextLong(8_000_000_000L));
    }
    accidents(
        plan.perils().outageEverySeconds(),
        () -> outageUntil = scheduler.nanos() + workload.nextLong(20_000_000_000L));
    scheduler.pass(TimeUnit.SECONDS.toNanos(plan.seconds()));
    calmDown();
    catchUp();
    closeAll();
  }

  private void accidents(int everySeconds, Runnable accident) {
    if (everySeconds > 0) {
      scheduler.at(
          workload.nextLong(TimeUnit.SECONDS.toNanos(2L * everySeconds)),
          () -> {
            if (!calm) {
              accident.run();
              accidents(everySeconds, accident);
            }
          });
    }
  }

  private Member anyMember() {
    return members.get(workload.nextInt(members.size()));
  }

  private void kill() {
    Member member = anyMember();
    if (member.isUp()) {
      kills++;
      member.killAndRestart(workload.nextLong(TimeUnit.SECONDS.toNanos(10)));
    }
  }

  private void stall() {
    stalls++;
    long most = TimeUnit.SECONDS.toNanos(1L << workload.nextInt(6));
    anyMember().stall(workload.nextLong(most));
  }

  /** The handler of a record kills the process that it runs in: nothing of that goes on. */
  void killedBy(Jvm jvm, TopicPartition partition, long offset) {
    for (Member member : members) {
      if (member.is(jvm) && member.isUp()) {
        killings++;
        member.killedBy(partition, offset, workload.nextLong(TimeUnit.SECONDS.toNanos(10)));
      }
    }
    throw new ProcessKilled();
  }

  /** A topic's records take far longer for a while. */
  private void jump() {
    String topic = partitions.get(workload.nextInt(partitions.size())).topic();
    long nanos = workload.nextLong(LONGEST_JUMP);
    trace("SLOW " + topic + " for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    slowUntil.merge(topic, scheduler.nanos() + nanos, Math::max);
  }

  /** Whether the records of a topic take a hundred times as long. */
  boolean isSlow(String topic) {
    return !calm
        && ((plan.tempo().uneven() && topic.equals("t0"))
            || scheduler.nanos() < slowUntil.getOrDefault(topic, 0L));
  }

  private void produce() {
    while (!calm) {
      int burst = workload.nextInt(20) == 0 ? 1 + workload.nextInt(50) : 1;
      for (int i = 0; i < burst; i++) {
        append();
      }
      scheduler.pass(workload.nextLong(burst * 2_000_000_000L / plan.recordsPerSecond()));
    }
  }

  private void append() {
    TopicPartition partition = partitions.get(workload.nextInt(partitions.size()));
    int key = key();
    long offset =
        cluster.append(
            partition,
            key < 0 ? null : Integer.toString(key).getBytes(StandardCharsets.UTF_8),
            new byte[] {1});
    see(new Fact.Appended(partition, offset));
    if (hanging.appended(partition, offset)) {
      trace("HANGS " + partition + "@" + offset);
      see(new Fact.Hangs(partition, offset));
    }
    if (killers.appended(partition, offset)) {
      trace("KILLER " + partition + "@" + offset);
      see(new Fact.Killer(partition, offset));
    }
  }

  /** -1 for none. */
  private int key() {
    return switch (plan.work().keys()) {
      case FEW_HOT -> workload.nextInt(10) < 7 ? workload.nextInt(2) : workload.nextInt(50);
      case SOME -> workload.nextInt(50);
      case MANY -> workload.nextInt(100_000);
      case HALF_NULL -> workload.nextBoolean() ? -1 : workload.nextInt(50);
    };
  }

  /** Another topic of that name; nobody has anything of it. */
  void recreate(String topic) {
    trace("OPERATOR creates " + topic + " again");
    killers.recreated(topic);
    hanging.recreated(topic);
    see(new Fact.Recreated(topic));
    cluster.recreateTopic(topic, plan.partitions());
  }

  /** No more faults, no more commands but the ones that undo the others. */
  private void calmDown() {
    calm = true;
    faults.stop();
    trace("CALM");
    see(new Fact.FaultsOver(catchUpBound()));
  }

  /**
   * What the last fault left: a session to run out, a rebalance to time out, a client to be
   * replaced after its back-off, permissions to be asked for again, a long stall to end. A probe
   * that hangs is out until it is abandoned, and opens the breaker again, for a minute at most.
   */
  private long catchUpBound() {
    return CATCH_UP
        + TimeUnit.SECONDS.toNanos(
            plan.sessionSeconds()
                + plan.maxPollSeconds()
                + (plan.faults().contains(FaultKind.CALL_UNAUTHORIZED) ? 75 : 30)
                + (plan.accidents().stallEverySeconds() > 0 ? 32 : 0)
                + plan.perils().hanging() * 60L
                + (long) plan.perils().hanging()
                    * (plan.perils().timeoutMillis() + plan.perils().graceMillis())
                    / 1000
                + (long) plan.perils().killers()
                    * (plan.perils().crashLimit() + 1)
                    * (plan.sessionSeconds() + plan.maxPollSeconds() + 30));
  }

  /** Everybody resumes, again and again, until all is handled; the run ends where it takes long. */
  private void catchUp() {
    long began = scheduler.nanos();
    while (oracle.offsets().open() > 0) {
      see(new Fact.Waited());
      for (Member member : members) {
        SimConsumer consumer = member.consumer();
        if (consumer != null && !consumer.isOver() && consumer.hasTooManyHung()) {
          // More than are replaced: only a restart helps, and the liveness probe asks for it.
          kills++;
          member.killAndRestart(TimeUnit.SECONDS.toNanos(1));
        } else if (consumer != null && !consumer.isOver()) {
          resume(consumer);
        }
      }
      scheduler.await(() -> oracle.offsets().open() == 0, TimeUnit.SECONDS.toNanos(5), false);
    }
    caughtUpAfter = scheduler.nanos() - began;
  }

  private void resume(SimConsumer consumer) {
    if (plan.tempo().perSecond() > 0) {
      consumer.commands().rate(Double.POSITIVE_INFINITY);
    }
    consumer.resolve();
    consumer.commands().give(Command.RESUME, Set.of());
    consumer.commands().give(Command.RESUME_PARTITIONS, Set.copyOf(partitions));
  }

  private void closeAll() {
    ending = true;
    trace("END");
    scheduler.pass(
        TimeUnit.SECONDS.toNanos(20)); // commits leave at once, but for a while after a stall
    boolean clean = true;
    List<CompletableFuture<CloseReport>> reports = new ArrayList<>();
    for (Member member : members) {
      if (member.isUp()) {
        for (SimConsumer consumer : member.consumers()) {
          reports.add(consumer.commands().close(Duration.ofSeconds(25), false, false));
        }
      }
    }
    for (CompletableFuture<CloseReport> report : reports) {
      scheduler.await(report::isDone, TimeUnit.SECONDS.toNanos(60), false);
      clean &= report.isDone();
    }
    scheduler.pass(TimeUnit.SECONDS.toNanos(3));
    if (!clean) {
      oracle.verdicts().violated(Invariant.L4, "a consumer did not close");
    }
    see(new Fact.RunOver());
    oracle.offsets().allClosed();
    for (Member member : members) {
      for (SimConsumer consumer : member.consumers()) {
        if (member.isUp() && !consumer.busyThreads().isEmpty()) {
          oracle
              .verdicts()
              .violated(
                  Invariant.S4, consumer.name() + " is closed and has " + consumer.busyThreads());
        }
      }
    }
  }

  // ---- for its parts

  void see(Fact fact) {
    if (fact instanceof Fact.Ended) {
      attempts++;
    }
    oracle.see(scheduler.nanos(), fact);
  }

  /** A poll begins: what is paused is compared with what should be. */
  void polling(String consumer, int client) {
    SimConsumer of = consumers.get(consumer);
    Fact.Polling polling = of == null ? null : of.polling(client);
    if (polling != null) {
      see(polling);
      see(of.turned());
      see(of.loaded());
    }
  }

  void add(SimConsumer consumer) {
    consumers.put(consumer.name(), consumer);
  }

  void trace(String line) {
    scheduler.trace(line);
  }

  long chance(long bound) {
    return workload.nextLong(bound);
  }

  long nextId() {
    return ++ids;
  }

  boolean calm() {
    return calm;
  }

  boolean ending() {
    return ending;
  }

  /** Whether the simulated downstream of the handlers is away. */
  boolean outage() {
    return !calm && scheduler.nanos() < outageUntil;
  }

  Plan plan() {
    return plan;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SimCluster cluster() {
    return cluster;
  }

  List<Member> members() {
    return members;
  }

  /** Whether consumers may be started. */
  boolean isOpen() {
    return calm || !operator.isBusy();
  }

  List<TopicPartition> partitions() {
    return partitions;
  }

  List<String> topics() {
    return partitions.stream().map(TopicPartition::topic).distinct().toList();
  }

  // ---- for the report

  Oracle oracle() {
    return oracle;
  }

  /** What went wrong, or null. */
  String verdict() {
    if (scheduler.failure() != null) {
      return scheduler.failure();
    }
    List<Verdicts.Violation> violations = oracle.violations();
    return violations.isEmpty() ? null : violations.get(0).toString();
  }

  Trace trace() {
    return trace;
  }

  Map<FaultKind, Long> faults() {
    return faults.counts();
  }

  long attempts() {
    return attempts;
  }

  long kills() {
    return kills;
  }

  /** How often a record killed its process. */
  long killings() {
    return killings;
  }

  Killers hanging() {
    return hanging;
  }

  Killers killers() {
    return killers;
  }

  long stalls() {
    return stalls;
  }

  long caughtUpAfter() {
    return caughtUpAfter;
  }

  /** Hears of the faults on their way to the trace. */
  private final class Ear implements World {
    @Override
    public long nanos() {
      return scheduler.nanos();
    }

    @Override
    public long millis() {
      return scheduler.millis();
    }

    @Override
    public long nextLong(long bound) {
      return scheduler.nextLong(bound);
    }

    @Override
    public void pass(long nanos) {
      scheduler.pass(nanos);
    }

    @Override
    public void at(long delayNanos, Runnable event) {
      scheduler.at(delayNanos, event);
    }

    @Override
    public void trace(String line) {
      scheduler.trace(line);
      if (line.startsWith("FAULT ")) {
        String[] words = line.split(" ", -1);
        String where = words[3];
        int at = where.indexOf('@');
        String kind = words[1];
        boolean all =
            kind.equals("BROKER_OUTAGE")
                || kind.equals("COORDINATOR_MOVED")
                || kind.equals("REBALANCE");
        String who = all ? "" : at >= 0 ? where.substring(at + 1) : where;
        if (!kind.equals("OFFSET_GAP")) {
          see(new Fact.Struck(kind, who));
        }
      }
    }
  }
}
