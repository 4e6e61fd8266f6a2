package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** S10, S12: order and overlap within a lane, and how many attempts there are at once. */
final class LaneCheck implements Check {
  /** Records of one partition in one consumer that must not overtake each other. */
  private static final class Lane {
    /** Records that run now; several only in one batch. */
    final Set<Long> running = new TreeSet<>();

    /** The call of the handler that has them. */
    long work;

    /** Begun in this ownership and not done. */
    final TreeSet<Long> open = new TreeSet<>();

    /** The last record begun in this ownership, in the order of offsets. */
    long highest = -1;
  }

  /** One partition in one consumer. */
  private static final class Lanes {
    final Map<String, Lane> byName = new HashMap<>();
    final Map<Long, Lane> byOffset = new HashMap<>();
    final TreeSet<Long> open = new TreeSet<>();

    void done(long offset) {
      open.remove(offset);
      Lane lane = byOffset.get(offset);
      if (lane != null) {
        lane.open.remove(offset);
      }
    }
  }

  private static final class State {
    final Map<TopicPartition, Lanes> lanes = new HashMap<>();

    /** Calls of the handler, and how many records each has still. */
    final Map<Long, Integer> works = new HashMap<>();

    final Map<Long, Long> begunAt = new HashMap<>();

    /** Over time: nobody waits for them any more. */
    final Set<Long> abandoned = new HashSet<>();

    /** By partition@offset. */
    final Map<String, Lane> running = new HashMap<>();
  }

  private static final long BEHIND = TimeUnit.MILLISECONDS.toNanos(200);

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, State> states = new HashMap<>();
  private long overtakings;

  LaneCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private State state(String consumer) {
    return states.computeIfAbsent(consumer, c -> new State());
  }

  /** Records that were done before one ahead of them in their partition, as lanes allow. */
  long overtakings() {
    return overtakings;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Begun begun) {
      abandon(now, begun.consumer());
      state(begun.consumer()).begunAt.put(begun.work(), now);
      begun(begun);
    } else if (fact instanceof Fact.Ended ended) {
      ended(ended);
    } else if (fact instanceof Fact.Buried buried) {
      // By this ownership or late by one before, nobody can tell.
      lanes(buried.consumer(), buried.partition()).done(buried.offset());
    } else if (fact instanceof Fact.Assigned assigned) {
      assigned.partitions().forEach(p -> newOwnership(assigned.consumer(), p));
    }
  }

  private Lanes lanes(String consumer, TopicPartition partition) {
    return state(consumer).lanes.computeIfAbsent(partition, p -> new Lanes());
  }

  private void newOwnership(String consumer, TopicPartition partition) {
    Lanes lanes = lanes(consumer, partition);
    lanes.open.clear();
    lanes.byOffset.clear();
    lanes.byName.values().removeIf(lane -> lane.running.isEmpty());
    for (Lane lane : lanes.byName.values()) {
      lane.open.clear();
      lane.highest = -1;
    }
  }

  /**
   * What is over its time and the grace: its lane goes on, and it counts for nothing. It had begun
   * for the library a little earlier.
   */
  private void abandon(long now, String consumer) {
    long timeout = circumstances.traits(consumer).timeoutNanos();
    if (timeout == 0) {
      return;
    }
    State state = state(consumer);
    for (long work : List.copyOf(state.works.keySet())) {
      if (now - state.begunAt.getOrDefault(work, now) >= timeout - BEHIND) {
        state.works.remove(work);
        state.abandoned.add(work);
        for (Lanes lanes : state.lanes.values()) {
          lanes.byName.values().stream()
              .filter(lane -> lane.work == work)
              .forEach(lane -> lane.running.clear());
        }
      }
    }
  }

  private void begun(Fact.Begun begun) {
    State state = state(begun.consumer());
    Traits traits = circumstances.traits(begun.consumer());
    Lanes lanes = lanes(begun.consumer(), begun.partition());
    Lane lane =
        lanes.byName.computeIfAbsent(traits.lane(begun.offset(), begun.key()), l -> new Lane());
    String what = begun.consumer() + " " + begun.partition() + "@" + begun.offset();
    verdicts.checked(Invariant.S10);
    boolean sameBatch = !lane.running.isEmpty() && lane.work == begun.work();
    if (!lane.running.isEmpty() && !sameBatch) {
      verdicts.violated(Invariant.S10, what + " begins while @" + lane.running + " runs");
    }
    boolean again = lane.open.contains(begun.offset());
    if (!sameBatch && !lane.open.isEmpty() && lane.open.first() < begun.offset()) {
      verdicts.violated(
          Invariant.S10, what + " begins though @" + lane.open.first() + " is not done");
    } else if (!again && begun.offset() < lane.highest) {
      verdicts.violated(
          Invariant.S10, what + " begins after @" + lane.highest + " of one ownership");
    } else if (!again && begun.offset() == lane.highest) {
      verdicts.violated(Invariant.S10, what + " begins again in one ownership though it is done");
    }
    lane.highest = Math.max(lane.highest, begun.offset());
    lane.open.add(begun.offset());
    lane.running.add(begun.offset());
    lane.work = begun.work();
    lanes.byOffset.put(begun.offset(), lane);
    lanes.open.add(begun.offset());
    state.running.put(begun.partition() + "@" + begun.offset(), lane);
    state.works.merge(begun.work(), 1, Integer::sum);
    if (state.works.size() > 1) {
      verdicts.checked(Invariant.S12);
    }
    if (state.works.size() > traits.concurrency()) {
      verdicts.violated(Invariant.S12, what + " is attempt " + state.works.size() + " at once");
    }
  }

  private void ended(Fact.Ended ended) {
    State state = state(ended.consumer());
    if (state.abandoned.contains(ended.work())) {
      return;
    }
    Lane lane = state.running.remove(ended.partition() + "@" + ended.offset());
    state.works.computeIfPresent(ended.work(), (work, left) -> left == 1 ? null : left - 1);
    lane.running.remove(ended.offset());
    if (ended.end() == Fact.End.DONE) {
      Lanes lanes = lanes(ended.consumer(), ended.partition());
      if (lanes.byOffset.get(ended.offset()) == lane) {
        lanes.done(ended.offset());
        overtakings += !lanes.open.isEmpty() && lanes.open.first() < ended.offset() ? 1 : 0;
      }
    }
  }

  /** Records that run now in that consumer, as topic-partition@offset. */
  Set<String> running(String consumer) {
    return new TreeSet<>(state(consumer).running.keySet());
  }

  /** Whether anything runs anywhere, in processes that live. */
  boolean idle() {
    return states.entrySet().stream()
        .allMatch(e -> e.getValue().running.isEmpty() || circumstances.isKilled(e.getKey()));
  }
}
