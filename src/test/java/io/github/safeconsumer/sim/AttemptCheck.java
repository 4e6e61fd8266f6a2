package io.github.safeconsumer.sim;

import io.github.safeconsumer.sim.Ownerships.How;
import io.github.safeconsumer.sim.Ownerships.Ownership;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * S11: attempts of a record over all its owners. An owner that ends without a last commit may cost
 * one; and nothing is known of those before somebody damaged what the group keeps about them.
 */
final class AttemptCheck implements Check {
  /** One record, until it is done. */
  private static final class Count {
    int attempts;
    int allowed;
    long failed = -1;

    /** Calls of the handler that have it, and for which ownership. */
    final Map<Long, Ownership> running = new HashMap<>();
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Ownerships ownerships;
  private final Map<TopicPartition, Map<Long, Count>> counts = new HashMap<>();
  private long severalOwners;

  AttemptCheck(Verdicts verdicts, Circumstances circumstances, Ownerships ownerships) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
    this.ownerships = ownerships;
    ownerships.whenEnded((at, ended) -> ended(ended));
  }

  /** How often a record that had failed before was handed from one owner to the next. */
  long severalOwners() {
    return severalOwners;
  }

  private Map<Long, Count> of(TopicPartition partition) {
    return counts.computeIfAbsent(partition, p -> new HashMap<>());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Assigned assigned) {
      assigned.partitions().forEach(p -> overtake(assigned.consumer(), p));
    } else if (fact instanceof Fact.Begun begun) {
      begun(begun);
    } else if (fact instanceof Fact.Ended ended) {
      ended(now, ended);
    } else if (fact instanceof Fact.Buried buried) {
      of(buried.partition()).remove(buried.offset());
    } else if (fact instanceof Fact.BreakerOpen open) { // what it refunds, only it can know
      counts.keySet().removeIf(p -> ownerships.current(open.consumer(), p) != null);
    } else if (fact instanceof Fact.Uncharged uncharged) {
      Count count = of(uncharged.partition()).get(uncharged.offset());
      if (count != null && count.attempts > 0) {
        count.attempts--;
      }
    } else if (fact instanceof Fact.Tampered tampered) {
      counts.remove(tampered.partition());
    } else if (fact instanceof Fact.Recreated recreated) {
      counts.keySet().removeIf(partition -> partition.topic().equals(recreated.topic()));
    } else if (fact instanceof Fact.Committed committed
        && circumstances.isExpelled(committed.client())) {
      counts.remove(committed.partition()); // an old note took the place of the last one
    }
  }

  private void begun(Fact.Begun begun) {
    Traits traits = circumstances.traits(begun.consumer());
    Count count = of(begun.partition()).computeIfAbsent(begun.offset(), o -> new Count());
    if (begun.attempt() > 1 || count.attempts > 0) {
      verdicts.checked(Invariant.S11);
    }
    int most = traits.maxAttempts() + count.allowed;
    if (begun.attempt() > traits.maxAttempts() || count.attempts >= most) {
      verdicts.violated(
          Invariant.S11,
          "%s %s@%d attempt %d, %d before and at most %d"
              .formatted(
                  begun.consumer(),
                  begun.partition(),
                  begun.offset(),
                  begun.attempt(),
                  count.attempts,
                  most));
    }
    count.attempts++;
    count.running.put(begun.work(), ownerships.current(begun.consumer(), begun.partition()));
  }

  private void ended(long now, Fact.Ended ended) {
    Count count = of(ended.partition()).get(ended.offset());
    if (count == null || !count.running.containsKey(ended.work())) {
      return;
    }
    count.running.remove(ended.work());
    switch (ended.end()) {
      case DONE -> of(ended.partition()).remove(ended.offset());
      case FAILED -> count.failed = now;
      case OUTAGE, RETURNED, THROWN -> count.attempts--;
    }
  }

  /** The end of an ownership that does not know of it yet. */
  private void overtake(String consumer, TopicPartition partition) {
    Ownership other = ownerships.other(consumer, partition);
    if (other != null && !other.overtaken) {
      other.overtaken = true;
      of(partition).values().forEach(count -> count.allowed += count.attempts > 0 ? 1 : 0);
    }
  }

  private void ended(Ownership ended) {
    if (ended.overtaken) {
      return;
    }
    if (circumstances.isShortOfMetadata(ended.consumer)) {
      counts.remove(ended.partition); // it may have dropped them
      return;
    }
    for (Count count : of(ended.partition).values()) {
      boolean clean =
          ended.how == How.GRACEFUL
              && ended.commitFailed < count.failed
              && count.failed <= ended.doneInTime;
      boolean outlasted = count.running.containsValue(ended);
      if (outlasted || (!clean && count.attempts > 0)) {
        count.allowed++;
      }
      severalOwners += count.attempts > 0 ? 1 : 0;
    }
  }
}
