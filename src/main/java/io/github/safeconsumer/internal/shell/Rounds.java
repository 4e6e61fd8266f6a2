package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Once a turn, partition after partition: what was polled is admitted, and workers are sent to
 * where records may start. Only the loop is ever in here.
 */
final class Rounds {
  private final Admission admission;
  private final Assignment assignment;
  private final Workers<?, ?> workers;
  private final Time time;
  private @Nullable OwnedPartition next;

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
    OwnedPartition refused = null;
    List<OwnedPartition> all = inTurn();
    boolean starts = admission.hasStarts(now);
    for (OwnedPartition partition : all) {
      workers.visit(partition);
      busy |= partition.isBusy(now);
      if (refused == null && admission.hasRefused()) {
        refused = partition;
      }
    }
    if (refused != null) {
      next = refused;
    } else if (starts && all.size() > 1) {
      next = all.get(1);
    }
    return busy;
  }

  /** Where there is not enough for all, beginning with the one whose turn it is. */
  private List<OwnedPartition> inTurn() {
    List<OwnedPartition> all = new ArrayList<>(assignment.all());
    if (admission.isScarce()) {
      Collections.rotate(all, -Math.max(0, all.indexOf(next)));
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
