package io.github.safeconsumer.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What excuses: faults, stalls, kills. A check that could be broken by one of them within its span
 * does not count as checked.
 */
final class Circumstances {
  /** A fault can last: what happens this long after it may be its consequence. */
  static final long AFTERMATH = TimeUnit.SECONDS.toNanos(30);

  private record Span(long from, long to) {}

  private final Map<String, Traits> consumers = new HashMap<>();
  private final Map<String, List<Span>> stalls = new HashMap<>();
  private final Map<String, Long> killed = new HashMap<>();
  private final Map<String, List<Long>> struck = new HashMap<>();
  private final Set<Integer> expelled = new HashSet<>();
  private final Set<String> refusedNotes = new HashSet<>();
  private final List<Long> struckAll = new ArrayList<>();
  private long faultsOver = -1;

  void see(long now, Fact fact) {
    if (fact instanceof Fact.Built built) {
      consumers.put(built.consumer(), built.traits());
    } else if (fact instanceof Fact.Stalled stalled) {
      stalls
          .computeIfAbsent(stalled.process(), p -> new ArrayList<>())
          .add(new Span(now, now + stalled.nanos()));
    } else if (fact instanceof Fact.Killed kill) {
      killed.put(kill.process(), now);
    } else if (fact instanceof Fact.Struck strike) {
      (strike.consumer().isEmpty()
              ? struckAll
              : struck.computeIfAbsent(strike.consumer(), c -> new ArrayList<>()))
          .add(now);
      if (strike.kind().equals("COMMIT_METADATA_REFUSED")) {
        refusedNotes.add(strike.consumer());
      }
    } else if (fact instanceof Fact.Expelled gone) {
      struck.computeIfAbsent(gone.consumer(), c -> new ArrayList<>()).add(now);
      expelled.add(gone.client());
    } else if (fact instanceof Fact.Assigned back) {
      expelled.remove(back.client()); // it joined again
    } else if (fact instanceof Fact.FaultsOver) {
      faultsOver = now;
    }
  }

  Traits traits(String consumer) {
    return consumers.get(consumer);
  }

  /** Whether its process was killed: nothing of it counts from then on. */
  boolean isKilled(String consumer) {
    return killed.containsKey(traits(consumer).process());
  }

  /** When its process was killed, or -1. */
  long killedAt(String consumer) {
    return killed.getOrDefault(traits(consumer).process(), -1L);
  }

  /** Whether the group has thrown this client out, which may not have heard of it yet. */
  boolean isExpelled(int client) {
    return expelled.contains(client);
  }

  /** Whether a broker did not allow all that it wanted to write beside an offset. */
  boolean isShortOfMetadata(String consumer) {
    return refusedNotes.contains(consumer)
        || traits(consumer).metadataLimit() < Traits.USUAL_METADATA;
  }

  /** When the last fault was over, -1 before. */
  long faultsOver() {
    return faultsOver;
  }

  /** For how long its process stood still within this span. */
  long stalled(String consumer, long from, long to) {
    long sum = 0;
    for (Span span : stalls.getOrDefault(traits(consumer).process(), List.of())) {
      sum += Math.max(0, Math.min(to, span.to()) - Math.max(from, span.from()));
    }
    return sum;
  }

  /** Whether a fault or a stall can have had a hand in what happened within this span. */
  boolean troubled(String consumer, long from, long to) {
    return any(struckAll, from - AFTERMATH, to)
        || any(struck.getOrDefault(consumer, List.of()), from - AFTERMATH, to)
        || stalled(consumer, from - AFTERMATH, to) > 0;
  }

  private static boolean any(List<Long> times, long from, long to) {
    for (int i = times.size() - 1; i >= 0; i--) {
      long time = times.get(i);
      if (time <= to) {
        return time >= from;
      }
    }
    return false;
  }
}
