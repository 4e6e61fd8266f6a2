package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * L6: where there is not enough for all, partitions take turns. One that has records, that nothing
 * holds and of which nothing runs, waits long enough when another one of the same consumer had
 * twenty turns meanwhile. Starts close together are one turn: a fast handler does many in it. And
 * it does not wait for long while nothing at all runs.
 */
final class TurnsCheck implements Check {
  private static final int TURNS = 20;
  private static final long ONE_TURN = TimeUnit.MILLISECONDS.toNanos(250);

  /** The lowest rate lets a record start in ten seconds. */
  private static final long STANDSTILL = TimeUnit.SECONDS.toNanos(30);

  /** Turns of others since a partition waits. */
  private static final class Wait {
    final long since;
    final Map<TopicPartition, Integer> turns = new HashMap<>();
    final Map<TopicPartition, Long> last = new HashMap<>();

    Wait(long since) {
      this.since = since;
    }
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, Map<TopicPartition, Wait>> waits = new HashMap<>();

  TurnsCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private final Map<String, Set<String>> running = new HashMap<>();
  private final Map<String, Long> busy = new HashMap<>();

  private Map<TopicPartition, Wait> of(String consumer) {
    return waits.computeIfAbsent(consumer, c -> new HashMap<>());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Turned turned) {
      of(turned.consumer()).keySet().retainAll(turned.waiting());
      turned.waiting().forEach(p -> of(turned.consumer()).computeIfAbsent(p, w -> new Wait(now)));
      standsStill(now, turned.consumer());
    } else if (fact instanceof Fact.Begun begun) {
      begun(now, begun);
      running(begun.consumer()).add(begun.partition() + "@" + begun.offset());
    } else if (fact instanceof Fact.Ended ended) {
      running(ended.consumer()).remove(ended.partition() + "@" + ended.offset());
      busy.put(ended.consumer(), now);
    } else if (fact instanceof Fact.CloseAsked asked) {
      of(asked.consumer()).clear();
    } else if (fact instanceof Fact.Assigned assigned) {
      of(assigned.consumer()).clear();
    }
  }

  private Set<String> running(String consumer) {
    return running.computeIfAbsent(consumer, c -> new HashSet<>());
  }

  private void standsStill(long now, String consumer) {
    if (!running(consumer).isEmpty()) {
      return;
    }
    for (Map.Entry<TopicPartition, Wait> entry : of(consumer).entrySet()) {
      Wait wait = entry.getValue();
      long since = Math.max(wait.since, busy.getOrDefault(consumer, 0L));
      if (now - since > STANDSTILL
          && !circumstances.troubled(consumer, since, now)
          && !circumstances.isShortOfMetadata(consumer)) {
        verdicts.violated(
            Invariant.L6,
            "%s has records of %s for %d ms and runs nothing at all"
                .formatted(consumer, entry.getKey(), TimeUnit.NANOSECONDS.toMillis(now - since)));
      }
    }
  }

  private void begun(long now, Fact.Begun begun) {
    Map<TopicPartition, Wait> all = of(begun.consumer());
    all.remove(begun.partition());
    for (Map.Entry<TopicPartition, Wait> entry : all.entrySet()) {
      Wait wait = entry.getValue();
      if (now - wait.last.getOrDefault(begun.partition(), wait.since) >= ONE_TURN) {
        wait.last.put(begun.partition(), now);
        verdicts.checked(Invariant.L6);
        if (wait.turns.merge(begun.partition(), 1, Integer::sum) == TURNS) {
          starved(now, begun, entry.getKey(), wait.since);
        }
      }
    }
  }

  private void starved(long now, Fact.Begun begun, TopicPartition starved, long since) {
    if (!circumstances.troubled(begun.consumer(), since, now)
        && !circumstances.isShortOfMetadata(begun.consumer())) {
      verdicts.violated(
          Invariant.L6,
          "%s has records of %s for %d ms and starts none, while %s had %d turns"
              .formatted(
                  begun.consumer(),
                  starved,
                  TimeUnit.NANOSECONDS.toMillis(now - since),
                  begun.partition(),
                  TURNS));
    }
  }
}
