package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.PauseReason;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Since when each reason to pause is set, as far as somebody looked. Thread-safe. */
public final class PauseTimes {
  private final Map<PauseReason, Instant> since = new EnumMap<>(PauseReason.class);

  /** These are set now, and no others. */
  public synchronized void look(Set<PauseReason> reasons, Instant now) {
    if (since.isEmpty() && reasons.isEmpty()) {
      return;
    }
    since.keySet().retainAll(reasons);
    for (PauseReason reason : reasons) {
      since.putIfAbsent(reason, now);
    }
  }

  /** It is not set any more. */
  synchronized void released(PauseReason reason) {
    since.remove(reason);
  }

  /** By reason. */
  public synchronized Map<PauseReason, Instant> since() {
    return Map.copyOf(since);
  }
}
