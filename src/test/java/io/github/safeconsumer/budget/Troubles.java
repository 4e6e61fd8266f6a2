package io.github.safeconsumer.budget;

import io.github.safeconsumer.SafeConsumerEvent;
import java.util.List;

/** What a member that lives in peace never says. */
final class Troubles {
  private Troubles() {}

  /** Expulsions, and hand-overs that left a handler running. */
  static List<SafeConsumerEvent> in(List<SafeConsumerEvent> events) {
    return events.stream().filter(Troubles::isOne).toList();
  }

  private static boolean isOne(SafeConsumerEvent event) {
    return event instanceof SafeConsumerEvent.PartitionsLost
        || event instanceof SafeConsumerEvent.Fenced
        || event instanceof SafeConsumerEvent.Restarting
        || (event instanceof SafeConsumerEvent.PartitionsRevoked revoked
            && revoked.unfinished() > 0);
  }
}
