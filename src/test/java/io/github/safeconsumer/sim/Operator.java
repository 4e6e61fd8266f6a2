package io.github.safeconsumer.sim;

import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import io.github.safeconsumer.sim.kafka.SimCluster;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Somebody who changes what the group has committed: with a tool, which needs a group without
 * members, or from a program that commits in the group without knowing what else is in it.
 */
final class Operator {
  /** What is done while nobody is there. */
  private enum Deed {
    RESET,
    EXPIRED,
    TRANSLATED,
    DAMAGED,
    FOREIGN,
    RECREATED
  }

  /** Nobody is there for so long at most. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(90);

  private final Simulation simulation;
  private final SplittableRandom random;
  private boolean busy;

  Operator(Simulation simulation, SplittableRandom random) {
    this.simulation = simulation;
    this.random = random;
  }

  /** Whether no consumer is to be started. */
  boolean isBusy() {
    return busy;
  }

  /** On a thread of its own. */
  void work(int everySeconds) {
    while (!simulation.calm()) {
      simulation.scheduler().pass(random.nextLong(TimeUnit.SECONDS.toNanos(2L * everySeconds)));
      if (!simulation.calm()) {
        if (random.nextInt(3) == 0) {
          tamper(anyPartition(), random.nextBoolean() ? Deed.DAMAGED : Deed.FOREIGN);
        } else {
          whileNobodyIsThere();
        }
      }
    }
  }

  private TopicPartition anyPartition() {
    return simulation.partitions().get(random.nextInt(simulation.partitions().size()));
  }

  private void whileNobodyIsThere() {
    busy = true;
    for (Member member : simulation.members()) {
      SimConsumer consumer = member.consumer();
      if (random.nextInt(3) == 0) {
        member.killAndRestart(0);
      } else if (consumer != null) {
        consumer.commands().close(Duration.ofSeconds(25), false, false);
      }
    }
    SimCluster cluster = simulation.cluster();
    simulation
        .scheduler()
        .await(() -> simulation.calm() || isNobodyThere(cluster), PATIENCE, false);
    if (!simulation.calm() && isNobodyThere(cluster)) {
      Deed deed = Deed.values()[random.nextInt(Deed.values().length)];
      if (deed == Deed.RECREATED) {
        simulation.recreate(anyPartition().topic());
      } else {
        simulation.partitions().stream()
            .filter(p -> random.nextInt(3) > 0)
            .forEach(p -> tamper(p, deed));
      }
    }
    busy = false;
  }

  private boolean isNobodyThere(SimCluster cluster) {
    return cluster.members(SimConsumer.GROUP).isEmpty() && simulation.oracle().lanes().idle();
  }

  private void tamper(TopicPartition partition, Deed deed) {
    OffsetAndMetadata now = simulation.cluster().offsets(SimConsumer.GROUP).get(partition);
    if (now == null) {
      return;
    }
    simulation.trace("OPERATOR " + deed + " " + partition);
    long offset = now.offset();
    long earlier = offset == 0 ? 0 : random.nextLong(offset);
    String note = now.metadata();
    simulation
        .cluster()
        .tamper(
            SimConsumer.GROUP,
            partition,
            switch (deed) {
              case EXPIRED -> null;
              case RESET -> new OffsetAndMetadata(earlier);
              case TRANSLATED -> new OffsetAndMetadata(earlier, noteOfAnother(earlier));
              case DAMAGED -> new OffsetAndMetadata(offset, damaged(note));
              default -> new OffsetAndMetadata(offset, "somebody else's");
            });
  }

  /**
   * As where a mirroring tool copies notes beside offsets of a log in which the records have other
   * places. Never one that was written beside the same number: nobody could tell.
   */
  private String noteOfAnother(long offset) {
    OffsetAndMetadata other = simulation.cluster().offsets(SimConsumer.GROUP).get(anyPartition());
    String note = other == null ? "" : other.metadata();
    boolean believed = NoteCodec.decode(note, offset, new Identity(0, 0)) instanceof Reading.Read;
    return believed ? "" : note;
  }

  /** Cut, or with another character somewhere. */
  private String damaged(String note) {
    if (note.isEmpty()) {
      return note;
    }
    int at = random.nextInt(note.length());
    char other = (char) ('A' + random.nextInt(26));
    return random.nextBoolean()
        ? note.substring(0, at)
        : note.substring(0, at) + other + note.substring(at + 1);
  }
}
