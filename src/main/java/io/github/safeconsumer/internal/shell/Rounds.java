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
  private @Nullable OwnedPartition starter;

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
    if (admission.isLimited()) {
      giveTurn(now);
    }
    for (int i = 0; i < all.size(); i++) {
      OwnedPartition partition = all.get(i);
      workers.visit(partition);
      busy |= partition.isBusy(now);
      if (refused == null && admission.hasRefused()) {
        refused = admission.hasServedRefused() ? all.get((i + 1) % all.size()) : partition;
      }
    }
    if (refused != null) {
      next = refused;
    }
    return busy;
  }

  /** Looks at how things stand every time: whoever has the turn may be paused, or gone. */
  private void giveTurn(long now) {
    List<OwnedPartition> all = new ArrayList<>(assignment.all());
    OwnedPartition last = starter;
    if (last != null) {
      int first = all.indexOf(last) + (last.work().hadTurn() ? 1 : 0);
      Collections.rotate(all, -Math.max(0, first));
    }
    starter = null;
    for (OwnedPartition partition : all) {
      if (partition.work().wantsStart(now)) {
        starter = partition;
        partition.work().takeTurn();
        return;
      }
    }
    admission.anybodysTurn();
    starter = last;
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
