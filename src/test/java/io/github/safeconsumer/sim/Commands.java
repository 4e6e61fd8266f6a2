package io.github.safeconsumer.sim;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.internal.shell.Coordinator;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Gives commands to one SafeConsumer and books what becomes of them. */
final class Commands {
  private final Simulation simulation;
  private final SimConsumer consumer;

  Commands(Simulation simulation, SimConsumer consumer) {
    this.simulation = simulation;
    this.consumer = consumer;
  }

  /** A random one, from a thread of the user's that may wait. */
  void random(SplittableRandom random) {
    Command command = draw(random);
    CompletableFuture<?> future = give(command, random, false);
    if (random.nextBoolean()) {
      simulation.scheduler().await(future::isDone, random.nextLong(20_000_000_000L), false);
    }
  }

  /**
   * One from a handler, a listener or a callback: its future is not waited for.
   *
   * @param inside on the thread on which the library called the user
   */
  void fromHandler(SplittableRandom random, boolean inside) {
    give(draw(random), random, inside);
  }

  private Command draw(SplittableRandom random) {
    if (simulation.plan().tempo().perSecond() > 0 && random.nextInt(4) == 0) {
      return Command.RATE;
    }
    int drawn = random.nextInt(100);
    if (drawn < 25) {
      return Command.PAUSE;
    } else if (drawn < 65) {
      return Command.RESUME;
    } else if (drawn < 75) {
      return Command.SUSPEND;
    } else if (drawn < 83) {
      return Command.PAUSE_AND_DRAIN;
    } else if (drawn < 89) {
      return Command.PAUSE_PARTITIONS;
    } else if (drawn < 98) {
      return Command.RESUME_PARTITIONS;
    }
    return Command.CLOSE;
  }

  CompletableFuture<?> give(Command command, SplittableRandom random, boolean inside) {
    Set<TopicPartition> partitions = command.ofPartitions() ? somePartitions(random) : Set.of();
    return switch (command) {
      case CLOSE -> close(Duration.ofMillis(random.nextInt(30_000)), random.nextBoolean(), inside);
      case RATE -> rate(simulation.plan().tempo().anotherRate(random));
      default -> give(command, partitions);
    };
  }

  private Set<TopicPartition> somePartitions(SplittableRandom random) {
    Set<TopicPartition> some = new HashSet<>();
    for (TopicPartition partition : simulation.partitions()) {
      if (random.nextInt(3) == 0) {
        some.add(partition);
      }
    }
    return some;
  }

  /** start(), which is refused for a consumer that was closed before. */
  void start() {
    long id = simulation.nextId();
    try {
      give(id, Command.START, Set.of());
    } catch (IllegalStateException closedBefore) {
      simulation.trace("start() refused: " + closedBefore.getMessage());
      simulation.see(new Fact.Refused(consumer.name(), id));
    }
  }

  CompletableFuture<Outcome> give(Command command, Set<TopicPartition> partitions) {
    return give(simulation.nextId(), command, partitions);
  }

  private CompletableFuture<Outcome> give(
      long id, Command command, Set<TopicPartition> partitions) {
    Coordinator<byte[], byte[]> coordinator = consumer.coordinator();
    String names =
        partitions.stream().map(String::valueOf).sorted().collect(Collectors.joining(","));
    simulation.trace(consumer.name() + " " + command + "#" + id + " " + names);
    simulation.see(new Fact.Commanded(consumer.name(), id, command, partitions));
    CompletableFuture<Outcome> future =
        switch (command) {
          case START -> coordinator.start();
          case PAUSE -> coordinator.pause();
          case PAUSE_AND_DRAIN -> coordinator.pauseAndDrain();
          case RESUME -> coordinator.resume();
          case SUSPEND -> coordinator.suspend();
          case PAUSE_PARTITIONS -> coordinator.pause(List.copyOf(partitions));
          case RESUME_PARTITIONS -> coordinator.resume(List.copyOf(partitions));
          case CLOSE -> throw new IllegalArgumentException("see close()");
          case RATE -> throw new IllegalArgumentException("see rate()");
        };
    future.whenComplete(
        (outcome, thrown) -> {
          if (thrown != null) {
            simulation.see(new Fact.Misused("L1", command + " ended with " + thrown));
            return;
          }
          simulation.trace(
              consumer.name()
                  + " "
                  + command
                  + "#"
                  + id
                  + " -> "
                  + outcome.result()
                  + ": "
                  + outcome.reason());
          simulation.see(
              new Fact.Answered(consumer.name(), id, outcome.result(), outcome.reason()));
        });
    return future;
  }

  /** From now on so many records a second. */
  CompletableFuture<Void> rate(double perSecond) {
    long id = simulation.nextId();
    simulation.trace(consumer.name() + " " + Command.RATE + "#" + id + " " + perSecond);
    simulation.see(new Fact.RateAsked(consumer.name(), id, perSecond));
    consumer.coordinator().maxRecordsPerSecond(perSecond);
    simulation.see(new Fact.RateSet(consumer.name(), id));
    return CompletableFuture.completedFuture(null);
  }

  CompletableFuture<CloseReport> close(Duration bound, boolean blocking, boolean inside) {
    long id = simulation.nextId();
    simulation.trace(consumer.name() + " CLOSE#" + id + " within " + bound.toMillis() + " ms");
    simulation.see(new Fact.CloseAsked(consumer.name(), id, bound.toNanos(), blocking));
    if (blocking) {
      CloseReport report = consumer.coordinator().close(bound);
      report(id, report, inside);
      return CompletableFuture.completedFuture(report);
    }
    CompletableFuture<CloseReport> future = consumer.coordinator().closeAsync(bound);
    future.whenComplete((report, thrown) -> report(id, report, false));
    return future;
  }

  private void report(long id, CloseReport report, boolean inside) {
    consumer.execution().alive();
    simulation.trace(
        consumer.name()
            + " CLOSE#"
            + id
            + " -> "
            + report.state()
            + (report.clean() ? " clean" : "")
            + report.stillRunning().stream().map(CloseReport.StillRunning::what).sorted().toList());
    simulation.see(
        new Fact.Reported(
            consumer.name(),
            id,
            report.clean(),
            report.state().isFinal(),
            inside,
            report.stillRunning().stream()
                .map(CloseReport.StillRunning::what)
                .collect(Collectors.toSet())));
  }
}
