package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Once a turn, partition after partition: what was polled is admitted, and workers are sent to
 * where records may start. Only the loop is ever in here.
 */
final class Rounds {
  private final Admission admission;
  private final Assignment assignment;
  private final Workers<?, ?> workers;
  private final Time time;
  private int first;

  Rounds(Admission admission, Assignment assignment, Workers<?, ?> workers, Time time) {
    this.admission = admission;
    this.assignment = assignment;
    this.workers = workers;
    this.time = time;
  }

  /** One round. True when something is with a worker or about to be. */
  boolean admit() {
    admission.roundBegins();
    boolean busy = false;
    long now = time.nanos();
    for (OwnedPartition partition : inTurn()) {
      workers.visit(partition);
      busy |= partition.isBusy(now);
    }
    return busy;
  }

  /** Where there is not enough for all, each round begins with another one. */
  private Collection<OwnedPartition> inTurn() {
    if (!admission.isScarce()) {
      return assignment.all();
    }
    List<OwnedPartition> all = new ArrayList<>(assignment.all());
    if (!all.isEmpty()) {
      Collections.rotate(all, -(first++ % all.size()));
    }
    return all;
  }

  /** How long nothing can start that waits for others of its batch or for the rate. */
  long nanosToStart(long limit) {
    long rest = limit;
    for (OwnedPartition partition : assignment.all()) {
      rest = partition.work().nanosToStart(time.nanos(), rest);
    }
    return rest;
  }
}
