package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * One place in the group: a process with a SafeConsumer, a new consumer when one has ended, a new
 * process when one was killed; and the threads that give it commands.
 */
final class Member {
  private final Simulation simulation;
  private final int number;
  private final SplittableRandom random;
  private final List<SimConsumer> consumers = new ArrayList<>();
  private Jvm jvm;
  private int lives;
  private SimConsumer consumer;

  Member(Simulation simulation, int number, SplittableRandom random) {
    this.simulation = simulation;
    this.number = number;
    this.random = random;
  }

  /** Starts its process. */
  void boot() {
    lives++;
    jvm = simulation.scheduler().jvm("m" + number + "." + lives);
    SimExecution execution =
        new SimExecution(
            simulation.scheduler(),
            jvm,
            random.split(),
            simulation.plan().yields(),
            simulation.plan().fine());
    consumers.clear();
    simulation.scheduler().spawn("main", jvm, execution.inside(() -> main(execution)));
    for (int i = 0; i < simulation.plan().callers(); i++) {
      SplittableRandom own = random.split();
      simulation.scheduler().spawn("caller" + i, jvm, execution.inside(() -> call(own)));
    }
  }

  private void main(SimExecution execution) {
    SplittableRandom own = random.split();
    for (int i = 1; ; i++) {
      String instance = simulation.plan().staticMembers() ? "static" + number : null;
      SimConsumer made =
          new SimConsumer(simulation, jvm.name + "." + i, instance, execution, own.nextLong());
      consumers.add(made);
      consumer = made;
      if (!simulation.calm() && own.nextInt(5) == 0) {
        simulation.scheduler().pass(own.nextLong(TimeUnit.SECONDS.toNanos(2)));
      }
      simulation.scheduler().await(simulation::isOpen, Scheduler.FOREVER, false);
      made.commands().start();
      simulation.scheduler().await(made::isOver, Scheduler.FOREVER, false);
      if (simulation.ending()) {
        return;
      }
      simulation.scheduler().pass(own.nextLong(TimeUnit.SECONDS.toNanos(3)));
    }
  }

  private void call(SplittableRandom own) {
    long pace = TimeUnit.MILLISECONDS.toNanos(200L << own.nextInt(7));
    for (int i = 0; i < simulation.plan().commands() && !simulation.calm(); i++) {
      simulation.scheduler().pass(own.nextLong(pace));
      SimConsumer now = consumer;
      if (now != null && !simulation.calm()) {
        now.commands().random(own);
      }
    }
  }

  /** kill -9, and the process is started again after a while. */
  void killAndRestart(long afterNanos) {
    if (!jvm.isDead()) {
      simulation.trace("KILL " + jvm.name);
      die(new Fact.Killed(jvm.name), afterNanos);
    }
  }

  /** The same, by a record's handler. */
  void killedBy(TopicPartition partition, long offset, long afterNanos) {
    simulation.trace("KILL " + jvm.name + " by " + partition + "@" + offset);
    die(new Fact.Killed(jvm.name, partition, offset), afterNanos);
  }

  private void die(Fact.Killed killed, long afterNanos) {
    simulation.see(killed);
    consumers.forEach(c -> c.process().kill());
    simulation.scheduler().kill(jvm);
    simulation.scheduler().at(afterNanos, this::boot);
  }

  /** SIGSTOP, or a long garbage collection. */
  void stall(long nanos) {
    if (jvm.isDead() || jvm.isStalled()) {
      return;
    }
    long now = simulation.scheduler().nanos();
    simulation.trace("STALL " + jvm.name + " for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    simulation.see(new Fact.Stalled(jvm.name, nanos));
    consumers.forEach(c -> c.process().stalled(now, now + nanos));
    Jvm stalled = jvm;
    stalled.stall(now);
    simulation.scheduler().at(nanos, () -> stalled.goOn(simulation.scheduler().nanos()));
  }

  boolean is(Jvm process) {
    return jvm == process;
  }

  SimConsumer consumer() {
    return jvm.isDead() ? null : consumer;
  }

  List<SimConsumer> consumers() {
    return consumers;
  }

  boolean isUp() {
    return !jvm.isDead();
  }
}
