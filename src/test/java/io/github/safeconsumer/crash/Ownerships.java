package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Ownership.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who owns what, from the first line of a journal to the one that was read last. */
final class Ownerships {
  private final Map<String, Map<Integer, Ownership>> latest = new HashMap<>();
  private final Map<Integer, Integer> uncleanEnds = new HashMap<>();

  void see(Fact fact) {
    if (fact instanceof Fact.Assigned assigned) {
      for (int partition : assigned.partitions()) {
        latest
            .computeIfAbsent(assigned.member(), m -> new HashMap<>())
            .put(partition, new Ownership(assigned.member(), partition));
      }
    } else if (fact instanceof Fact.Revoked revoked) {
      end(revoked.member(), revoked.partitions(), End.REVOKED);
    } else if (fact instanceof Fact.Lost lost) {
      end(lost.member(), lost.partitions(), End.LOST);
    } else if (fact instanceof Fact.Frozen frozen) {
      end(frozen.member(), frozen.partitions(), End.FROZEN);
    } else if (fact instanceof Fact.Killed killed) {
      open(killed.member()).forEach(ownership -> end(ownership, End.KILLED));
    }
  }

  private void end(String member, List<Integer> partitions, End how) {
    for (int partition : partitions) {
      Ownership ownership = of(member, partition);
      if (ownership != null && ownership.end() == End.NONE) {
        end(ownership, how);
      }
    }
  }

  private void end(Ownership ownership, End how) {
    ownership.end(how);
    if (ownership.endedUnclean()) {
      uncleanEnds.merge(ownership.partition(), 1, Integer::sum);
    }
  }

  /** How many owners of the partition had no chance to tell the next one what they did. */
  int uncleanEnds(int partition) {
    return uncleanEnds.getOrDefault(partition, 0);
  }

  /** The member's latest ownership of the partition; null where it never had one. */
  Ownership of(String member, int partition) {
    return latest.getOrDefault(member, Map.of()).get(partition);
  }

  /** Those that a member has now. */
  List<Ownership> open(String member) {
    return new ArrayList<>(
        latest.getOrDefault(member, Map.of()).values().stream()
            .filter(ownership -> ownership.end() == End.NONE)
            .toList());
  }
}
