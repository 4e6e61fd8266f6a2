package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** S10, S11, S12: order and overlap within a partition, attempts, attempts at once. */
final class LaneCheck implements Check {
  /** One partition in one consumer. */
  private static final class Lane {
    /** The record that runs, -1 for none. */
    long running = -1;

    /** The last record begun in this ownership, and how often it failed on its own account. */
    long last = -1;

    boolean lastDone = true;

    /** A letter of it was written: by this ownership or late by one before, nobody can tell. */
    boolean buried;

    int charged;
  }

  private static final class State {
    final Map<TopicPartition, Lane> lanes = new HashMap<>();
    int running;
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, State> states = new HashMap<>();

  LaneCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private State state(String consumer) {
    return states.computeIfAbsent(consumer, c -> new State());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Begun begun) {
      begun(begun);
    } else if (fact instanceof Fact.Ended ended) {
      ended(ended);
    } else if (fact instanceof Fact.Buried buried) {
      Lane lane = state(buried.consumer()).lanes.get(buried.partition());
      if (lane != null && lane.last == buried.offset()) {
        lane.buried = true;
      }
    } else if (fact instanceof Fact.Assigned assigned) {
      assigned.partitions().forEach(p -> newOwnership(assigned.consumer(), p));
    }
  }

  private void newOwnership(String consumer, TopicPartition partition) {
    Lane lane = state(consumer).lanes.get(partition);
    if (lane != null) {
      lane.last = -1;
      lane.lastDone = true;
      lane.buried = false;
      lane.charged = 0;
    }
  }

  private void begun(Fact.Begun begun) {
    State state = state(begun.consumer());
    Traits traits = circumstances.traits(begun.consumer());
    Lane lane = state.lanes.computeIfAbsent(begun.partition(), p -> new Lane());
    String what = begun.consumer() + " " + begun.partition() + "@" + begun.offset();
    verdicts.checked(Invariant.S10);
    if (lane.running >= 0) {
      verdicts.violated(Invariant.S10, what + " begins while @" + lane.running + " runs");
    }
    if (begun.offset() < lane.last) {
      verdicts.violated(Invariant.S10, what + " begins after @" + lane.last + " of one ownership");
    } else if (begun.offset() > lane.last && !lane.lastDone && !lane.buried) {
      verdicts.violated(Invariant.S10, what + " begins though @" + lane.last + " is not done");
    } else if (begun.offset() == lane.last && lane.lastDone) {
      verdicts.violated(Invariant.S10, what + " begins again in one ownership though it is done");
    }
    if (begun.offset() != lane.last) {
      lane.charged = 0;
      lane.buried = false;
    }
    lane.last = begun.offset();
    lane.lastDone = false;
    lane.running = begun.offset();
    if (begun.attempt() > 1) {
      verdicts.checked(Invariant.S11);
    }
    if (begun.attempt() > traits.maxAttempts() || lane.charged > traits.maxAttempts()) {
      verdicts.violated(
          Invariant.S11,
          what + " attempt " + begun.attempt() + ", " + lane.charged + " failed before");
    }
    state.running++;
    if (state.running > 1) {
      verdicts.checked(Invariant.S12);
    }
    if (state.running > traits.concurrency()) {
      verdicts.violated(Invariant.S12, what + " is attempt " + state.running + " at once");
    }
  }

  private void ended(Fact.Ended ended) {
    State state = state(ended.consumer());
    Lane lane = state.lanes.get(ended.partition());
    state.running--;
    lane.running = -1;
    if (lane.last == ended.offset()) {
      lane.lastDone = ended.end() == Fact.End.DONE;
      lane.charged += ended.end() == Fact.End.FAILED ? 1 : 0;
    }
  }

  /** Records that run now in that consumer, as topic-partition@offset. */
  Set<String> running(String consumer) {
    Set<String> running = new TreeSet<>();
    state(consumer)
        .lanes
        .forEach(
            (partition, lane) -> {
              if (lane.running >= 0) {
                running.add(partition + "@" + lane.running);
              }
            });
    return running;
  }
}
