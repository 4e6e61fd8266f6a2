package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.State;
import java.util.List;
import java.util.Optional;

/** The Kafka client cannot do its work. */
final class Brokers {
  private Brokers() {}

  static void add(Facts facts, List<Cause> causes) {
    State state = facts.status().state();
    if (state == State.FAILED) {
      return; // said already
    }
    Optional<String> trouble = facts.status().failure();
    if (trouble.isPresent() || state == State.RESTARTING || state == State.STARTING) {
      causes.add(
          new CauseBuilder("BROKER_TROUBLE")
              .says("state " + state)
              .says(trouble.map(words -> ": " + words).orElse(": the group is not joined yet"))
              .number("restarts", facts.status().restarts())
              .number("commitsFailed", facts.status().commitsFailed())
              .remedy(
                  "look at the brokers, the network and the credentials; it is tried again until they answer"));
    }
  }
}
