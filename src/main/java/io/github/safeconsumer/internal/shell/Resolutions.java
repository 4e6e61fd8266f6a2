package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.StoppedLanes;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What operators decide about blocked records. Thread-safe: each partition's lock decides. */
final class Resolutions<K, V> {
  private final Lasting<K, V> lasting;

  Resolutions(Lasting<K, V> lasting) {
    this.lasting = lasting;
  }

  /**
   * @param parts of the run; null where there is none
   */
  Outcome resolve(
      @Nullable Parts<K, V> parts, TopicPartition partition, long offset, FailureAction action) {
    String record = partition + "@" + offset;
    OwnedPartition owned = lasting.assignment().get(partition);
    if (parts == null || owned == null) {
      return refused(
          record + ": this instance does not own the partition now; ask the one that does");
    }
    if (action == FailureAction.OUTAGE || action == FailureAction.STOP) {
      return refused(record + ": " + action + " moves no record; use RETRY, DEAD_LETTER or SKIP");
    }
    if (action == FailureAction.DEAD_LETTER && !parts.burials().isPossible()) {
      return refused(
          record
              + ": there is no dead-letter topic; use RETRY or SKIP, or configure deadLetter(..)");
    }
    if (owned.suspects().heldOffset() == offset && offset >= 0) {
      return decide(parts, owned, offset, action);
    }
    StoppedLanes.Held held = owned.stopped().held(offset);
    if (held == null) {
      long other = owned.stopped().heldOffset();
      return refused(
          record
              + " is not blocked; "
              + (other < 0 ? "no record of its partition is" : partition + "@" + other + " is"));
    }
    boolean moved =
        switch (action) {
          case RETRY -> owned.stopped().retry(held);
          case SKIP -> owned.stopped().skip(held);
          default -> parts.burials().bury(held);
        };
    return moved ? resolved(parts, owned, offset, action, held.because()) : tooLate(record);
  }

  private Outcome decide(
      Parts<K, V> parts, OwnedPartition owned, long offset, FailureAction action) {
    if (action == FailureAction.SKIP) {
      return refused(
          owned.topicPartition()
              + "@"
              + offset
              + ": it was not read yet, so it cannot be skipped; use DEAD_LETTER, or RETRY");
    }
    return owned.suspects().decide(offset, action == FailureAction.DEAD_LETTER)
        ? resolved(parts, owned, offset, action, "its process died while it ran alone")
        : tooLate(owned.topicPartition() + "@" + offset);
  }

  private Outcome resolved(
      Parts<K, V> parts, OwnedPartition owned, long offset, FailureAction action, String because) {
    if (action == FailureAction.SKIP) {
      lasting.counters().skipped.increment();
    }
    lasting
        .events()
        .emit(
            new SafeConsumerEvent.Resolved(
                lasting.events().now(), owned.topicPartition(), offset, action, because));
    parts.workers().wake(owned);
    parts.parker().wake();
    return new Outcome(
        Outcome.Result.APPLIED, owned.topicPartition() + "@" + offset + ": " + action);
  }

  private static Outcome tooLate(String record) {
    return refused(record + " is not blocked any more");
  }

  private static Outcome refused(String reason) {
    return new Outcome(Outcome.Result.FAILED, reason);
  }
}
