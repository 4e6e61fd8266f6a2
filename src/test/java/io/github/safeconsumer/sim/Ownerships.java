package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** Which consumer had which partition, from when to when, and how that ended. */
final class Ownerships implements Check {
  /** How an ownership came to its end. */
  enum How {
    /** Handed over, with a chance to commit. */
    GRACEFUL,
    /** Without a chance to commit: killed, lost, fenced. */
    ABRUPT
  }

  /** One of them. */
  static final class Ownership {
    final String consumer;
    final int client;
    final TopicPartition partition;
    final long from;
    long to = -1;
    How how;

    /** What was done later was not in the commit of the hand-over: it outlasted the drain. */
    long doneInTime = -1;

    /** Whether it lasted long enough for running attempts to have been awaited. */
    boolean awaited = true;

    /** Somebody else has the partition too: the group threw this one out, which has not heard. */
    boolean overtaken;

    /** When the last commit of it was refused, or is in doubt; -1 for never. */
    long commitFailed = -1;

    Ownership(String consumer, int client, TopicPartition partition, long from) {
      this.consumer = consumer;
      this.client = client;
      this.partition = partition;
      this.from = from;
    }

    boolean isOver() {
      return to >= 0;
    }

    @Override
    public String toString() {
      return consumer + "/client" + client;
    }
  }

  /** A stall this long makes the library hold its commits for a while. */
  private static final long LONG_STALL = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** The shortest time for which running attempts are awaited: when a client is replaced. */
  private static final long LEAST_DRAIN = TimeUnit.MILLISECONDS.toNanos(2_400);

  private static final long HELD = TimeUnit.SECONDS.toNanos(20);

  /** Hears of the end of an ownership. */
  interface Ends {
    void ended(long at, Ownership ownership);
  }

  private final List<Ends> ends = new ArrayList<>();
  private final Circumstances circumstances;
  private final Map<String, Map<TopicPartition, Ownership>> now = new HashMap<>();

  private final Map<String, Long> polled = new HashMap<>();
  private final Map<String, Long> synced = new HashMap<>();
  private final Map<String, Long> pollBegun = new HashMap<>();
  private final Set<String> closeAsked = new HashSet<>();
  private final Set<Integer> closing = new HashSet<>();

  Ownerships(Circumstances circumstances) {
    this.circumstances = circumstances;
  }

  private Map<TopicPartition, Ownership> of(String consumer) {
    return now.computeIfAbsent(consumer, c -> new HashMap<>());
  }

  void whenEnded(Ends listener) {
    ends.add(listener);
  }

  /** Its ownership that lasts, or null. */
  Ownership current(String consumer, TopicPartition partition) {
    return of(consumer).get(partition);
  }

  /** Whether the client is closing: what it had sent before may still arrive. */
  boolean isClosing(int client) {
    return closing.contains(client);
  }

  /** Somebody else that has it too, or null. */
  Ownership other(String consumer, TopicPartition partition) {
    for (Map.Entry<String, Map<TopicPartition, Ownership>> entry : now.entrySet()) {
      Ownership its = entry.getValue().get(partition);
      if (its != null
          && !entry.getKey().equals(consumer)
          && !circumstances.isKilled(its.consumer)) {
        return its;
      }
    }
    return null;
  }

  @Override
  public void see(long at, Fact fact) {
    if (fact instanceof Fact.Assigned assigned) {
      assigned
          .partitions()
          .forEach(
              p -> {
                end(at, assigned.consumer(), p, How.GRACEFUL);
                of(assigned.consumer())
                    .put(p, new Ownership(assigned.consumer(), assigned.client(), p, at));
              });
    } else if (fact instanceof Fact.Revoked revoked) {
      revoked.partitions().forEach(p -> end(at, revoked.consumer(), p, How.GRACEFUL));
    } else if (fact instanceof Fact.Lost lost) {
      lost.partitions().forEach(p -> end(at, lost.consumer(), p, How.ABRUPT));
    } else if (fact instanceof Fact.Polling polling) {
      polled.put(polling.consumer(), at);
    } else if (fact instanceof Fact.CallBegun call && call.call().equals("poll")) {
      pollBegun.put(call.consumer(), at);
    } else if (fact instanceof Fact.CloseAsked close) {
      closeAsked.add(close.consumer());
    } else if (fact instanceof Fact.CallBegun call && call.call().equals("commitSync")) {
      synced.put(call.consumer(), at);
    } else if (fact instanceof Fact.Fenced fenced) {
      commitFails(at, fenced.consumer());
    } else if (fact instanceof Fact.CallEnded call
        && call.threw()
        && (call.call().equals("commitSync") || call.call().equals("position"))) {
      commitFails(at, call.consumer());
    } else if (fact instanceof Fact.CallBegun call && call.call().equals("close")) {
      // What was to be handed over was handed over before.
      closing.add(call.client());
      List.copyOf(of(call.consumer()).keySet())
          .forEach(p -> end(at, call.consumer(), p, How.GRACEFUL));
    } else if (fact instanceof Fact.CommitAnswered answered && !answered.confirmed()) {
      answered
          .positions()
          .forEach(
              position -> {
                Ownership its = of(answered.consumer()).get(position.partition());
                if (its != null) {
                  its.commitFailed = at;
                }
              });
    } else if (fact instanceof Fact.Killed killed) {
      now.forEach(
          (consumer, owned) -> {
            if (circumstances.traits(consumer).process().equals(killed.process())) {
              List.copyOf(owned.keySet()).forEach(p -> end(at, consumer, p, How.ABRUPT));
            }
          });
    }
  }

  private void commitFails(long at, String consumer) {
    of(consumer).values().forEach(ownership -> ownership.commitFailed = at);
  }

  private void end(long at, String consumer, TopicPartition partition, How how) {
    Ownership ended = of(consumer).remove(partition);
    if (ended != null) {
      ended.to = at;
      long sync = synced.getOrDefault(consumer, -1L);
      long drained = sync - pollBegun.getOrDefault(consumer, sync);
      boolean outlasted =
          sync >= Math.max(ended.from, at - HELD)
              && (closeAsked.contains(consumer)
                  || drained >= Math.min(LEAST_DRAIN, circumstances.traits(consumer).drainNanos()));
      ended.doneInTime = outlasted ? sync : at;
      ended.awaited =
          closeAsked.contains(consumer)
              || at - pollBegun.getOrDefault(consumer, 0L)
                  >= Math.min(LEAST_DRAIN, circumstances.traits(consumer).drainNanos());
      long since = Math.min(at - HELD, polled.getOrDefault(consumer, at));
      boolean stalled = circumstances.stalled(consumer, since, at) >= LONG_STALL;
      ended.how = stalled ? How.ABRUPT : how;
      ends.forEach(listener -> listener.ended(at, ended));
    }
  }
}
