package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Incidents: each is told once when it has lasted for long enough, and once when it is over. It is
 * over when it was not seen for a while: what flickers, once told, is one incident. Pure; not
 * thread-safe.
 */
public final class Alarms {
  /** For so long something must be gone before it is over. */
  static final Duration GONE = Duration.ofSeconds(30);

  /** What an incident is told apart by. */
  private record Key(String name, String subject) {}

  private static final class Incident {
    private final Instant since;
    private Instant seen;
    private @Nullable Alert told;

    Incident(Instant since) {
      this.since = since;
      this.seen = since;
    }
  }

  /**
   * Something is the case now.
   *
   * @param name of the alert
   * @param subject what it is about, where several can be at once; else empty
   * @param evidence for a person
   * @param after for how long it has to be the case before it is told
   */
  public record Condition(String name, String subject, String evidence, Duration after) {}

  /**
   * To be told.
   *
   * @param lasted for how long, where it is over; empty where it begins
   */
  public record Change(Alert alert, Optional<Duration> lasted) {}

  private final Map<Key, Incident> incidents = new LinkedHashMap<>();

  /** What is to be told, given all that is the case now. To be asked in the order of time. */
  public List<Change> look(List<Condition> conditions, Instant now) {
    List<Change> changes = new ArrayList<>();
    for (Condition one : conditions) {
      Incident incident =
          incidents.computeIfAbsent(new Key(one.name(), one.subject()), added -> new Incident(now));
      incident.seen = now;
      if (incident.told == null
          && Duration.between(incident.since, now).compareTo(one.after()) >= 0) {
        incident.told = new Alert(one.name(), one.subject(), incident.since, one.evidence());
        changes.add(new Change(incident.told, Optional.empty()));
      }
    }
    for (Iterator<Incident> all = incidents.values().iterator(); all.hasNext(); ) {
      Incident incident = all.next();
      Duration unseen = Duration.between(incident.seen, now);
      if (incident.told == null && !unseen.isZero()) {
        all.remove(); // it has to last without a break before it is told
      } else if (incident.told != null && unseen.compareTo(GONE) >= 0) {
        all.remove();
        Duration lasted = Duration.between(incident.since, incident.seen);
        changes.add(new Change(incident.told, Optional.of(lasted)));
      }
    }
    return changes;
  }

  /** Those that were told and are not over. */
  public List<Alert> active() {
    List<Alert> active = new ArrayList<>();
    for (Incident incident : incidents.values()) {
      if (incident.told != null) {
        active.add(incident.told);
      }
    }
    return active;
  }
}
