package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** S17: what a batch holds, and that nobody pays for one that threw. */
final class BatchCheck implements Check {
  /** A batch as far as it was seen. */
  private static final class Batch {
    final TopicPartition partition;
    long last = -1;

    Batch(TopicPartition partition) {
      this.partition = partition;
    }
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<Long, Batch> batches = new HashMap<>();
  private final Map<String, Map<TopicPartition, Map<Long, Integer>>> begunAs = new HashMap<>();

  /** The most that the next attempt of a record may be called, which has to be alone. */
  private final Map<String, Map<TopicPartition, Map<Long, Integer>>> alone = new HashMap<>();

  BatchCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private static Map<Long, Integer> of(
      Map<String, Map<TopicPartition, Map<Long, Integer>>> all,
      String consumer,
      TopicPartition partition) {
    return all.computeIfAbsent(consumer, c -> new HashMap<>())
        .computeIfAbsent(partition, p -> new HashMap<>());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Begun begun) {
      if (circumstances.traits(begun.consumer()).batch() > 1) {
        begun(begun);
      }
    } else if (fact instanceof Fact.Ended ended) {
      ended(ended);
    } else if (fact instanceof Fact.Assigned assigned) {
      for (TopicPartition partition : assigned.partitions()) {
        of(alone, assigned.consumer(), partition).clear();
        of(begunAs, assigned.consumer(), partition).clear();
      }
    }
  }

  private void begun(Fact.Begun begun) {
    String what = begun.consumer() + " " + begun.partition() + "@" + begun.offset();
    Batch batch = batches.computeIfAbsent(begun.work(), w -> new Batch(begun.partition()));
    Integer most = of(alone, begun.consumer(), begun.partition()).get(begun.offset());
    if (begun.batch() > 1 || most != null) {
      verdicts.checked(Invariant.S17);
    }
    if (!batch.partition.equals(begun.partition()) || begun.offset() <= batch.last) {
      verdicts.violated(Invariant.S17, what + " is in one batch behind @" + batch.last);
    }
    batch.last = begun.offset();
    if (begun.batch() > circumstances.traits(begun.consumer()).batch()) {
      verdicts.violated(Invariant.S17, what + " is in a batch of " + begun.batch());
    }
    if (begun.batch() > 1 && (most != null || begun.attempt() > 1)) {
      verdicts.violated(Invariant.S17, what + " failed before and is not alone");
    }
    if (most != null && begun.attempt() > most) {
      verdicts.violated(
          Invariant.S17, what + " pays for a batch that threw: attempt " + begun.attempt());
    }
    of(begunAs, begun.consumer(), begun.partition()).put(begun.offset(), begun.attempt());
  }

  private void ended(Fact.Ended ended) {
    Map<Long, Integer> its = of(alone, ended.consumer(), ended.partition());
    Integer attempt = of(begunAs, ended.consumer(), ended.partition()).get(ended.offset());
    if (attempt == null) {
      return; // it outlived its ownership: what it says counts for nothing
    }
    switch (ended.end()) {
      case DONE -> its.remove(ended.offset());
      // It may pay for an outage besides, that turns out to have been none.
      case FAILED, OUTAGE -> its.put(ended.offset(), Integer.MAX_VALUE);
      case THROWN -> its.put(ended.offset(), attempt);
      case RETURNED -> {}
    }
  }
}
