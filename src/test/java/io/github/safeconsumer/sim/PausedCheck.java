package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * S7, S13: what the client has paused is what the reasons say. Reasons change at any moment, and
 * the loop follows at its next turn: so a partition is judged when its reasons were the same at the
 * poll before, and nobody gave a command in between.
 */
final class PausedCheck implements Check {
  private record Seen(
      int client, Set<TopicPartition> owned, Set<TopicPartition> wanted, long commands) {}

  private final Verdicts verdicts;
  private final Map<String, Seen> before = new HashMap<>();
  private final Map<String, Long> commands = new HashMap<>();

  /** A client that may be on its way out holds what it hands over, whatever the reasons say. */
  private final Set<String> leaving = new HashSet<>();

  private final Map<String, Set<TopicPartition>> fresh = new HashMap<>();

  PausedCheck(Verdicts verdicts) {
    this.verdicts = verdicts;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Commanded commanded) {
      commands.merge(commanded.consumer(), 1L, Long::sum);
      if (commanded.command() == Command.SUSPEND) {
        leaving.add(commanded.consumer());
      }
    } else if (fact instanceof Fact.Created created) {
      leaving.remove(created.consumer());
    } else if (fact instanceof Fact.CloseAsked asked) {
      commands.merge(asked.consumer(), 1L, Long::sum);
    } else if (fact instanceof Fact.Assigned assigned) {
      fresh
          .computeIfAbsent(assigned.consumer(), c -> new HashSet<>())
          .addAll(assigned.partitions());
    } else if (fact instanceof Fact.Polling polling && !leaving.contains(polling.consumer())) {
      polling(polling);
    }
  }

  private void polling(Fact.Polling polling) {
    long given = commands.getOrDefault(polling.consumer(), 0L);
    Seen last = before.get(polling.consumer());
    if (last != null && last.client() == polling.client() && last.commands() == given) {
      for (TopicPartition partition : polling.owned()) {
        boolean wanted = polling.wanted().contains(partition);
        if (last.owned().contains(partition) && last.wanted().contains(partition) == wanted) {
          judge(polling, partition, wanted);
        }
      }
    }
    before.put(
        polling.consumer(), new Seen(polling.client(), polling.owned(), polling.wanted(), given));
    fresh.remove(polling.consumer());
  }

  private void judge(Fact.Polling polling, TopicPartition partition, boolean wanted) {
    Invariant invariant =
        fresh.getOrDefault(polling.consumer(), Set.of()).contains(partition)
            ? Invariant.S7
            : Invariant.S13;
    verdicts.checked(invariant);
    if (wanted) {
      verdicts.checked(Invariant.S7);
    }
    if (polling.paused().contains(partition) != wanted) {
      verdicts.violated(
          invariant,
          polling.consumer()
              + "/client"
              + polling.client()
              + " polls with "
              + partition
              + (wanted ? " flowing, though a reason holds it" : " paused for no reason"));
    }
  }
}
