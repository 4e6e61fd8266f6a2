package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** S1, S2, S3: how many clients there are, and who is in them. */
final class ClientCheck implements Check {
  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, Set<Integer>> live = new HashMap<>();
  private final Map<String, Integer> creating = new HashMap<>();
  private final Set<String> unclean = new HashSet<>();

  ClientCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private Set<Integer> live(String consumer) {
    return live.computeIfAbsent(consumer, c -> new HashSet<>());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Misused misused && !misused.rule().equals("S21")) {
      verdicts.violated(Invariant.S1, misused.rule() + ": " + misused.what());
    } else if (fact instanceof Fact.CallBegun) {
      verdicts.checked(Invariant.S1);
    } else if (fact instanceof Fact.Creating begins) {
      creating(begins.consumer());
    } else if (fact instanceof Fact.CreationFailed failed) {
      creating.merge(failed.consumer(), -1, Integer::sum);
    } else if (fact instanceof Fact.Created created) {
      creating.merge(created.consumer(), -1, Integer::sum);
      created(created);
    } else if (fact instanceof Fact.Closed closed) {
      live(closed.consumer()).remove(closed.client());
    } else if (fact instanceof Fact.Reported reported && !reported.clean()) {
      unclean.add(reported.consumer());
    }
  }

  private void creating(String consumer) {
    verdicts.checked(Invariant.S3);
    if (creating.merge(consumer, 1, Integer::sum) > 1) {
      verdicts.violated(Invariant.S3, consumer + " makes two clients at once");
    }
    if (!live(consumer).isEmpty()) {
      verdicts.violated(
          Invariant.S2, consumer + " makes a client and has " + live(consumer) + " still open");
    }
  }

  private void created(Fact.Created created) {
    verdicts.checked(Invariant.S2);
    live(created.consumer()).add(created.client());
    String instance = circumstances.traits(created.consumer()).instance();
    if (instance == null) {
      return;
    }
    live.forEach(
        (consumer, clients) -> {
          if (!consumer.equals(created.consumer())
              && !clients.isEmpty()
              && instance.equals(circumstances.traits(consumer).instance())
              && !circumstances.isKilled(consumer)
              && !unclean.contains(consumer)) {
            verdicts.violated(
                Invariant.S2, consumer + " and " + created.consumer() + " are both " + instance);
          }
        });
  }
}
