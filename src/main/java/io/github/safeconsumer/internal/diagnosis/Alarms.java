package io.github.safeconsumer.internal.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Incidents: each is told once when it has lasted for long enough, and once when it is over. It is
 * over when it was not seen for a while: what flickers is one incident. Pure; not thread-safe.
 */
public final class Alarms {
  /** For so long something must be gone before it is over. */
  private static final Duration GONE = Duration.ofSeconds(30);

  private static final class Incident {
    private final Instant since;
    private Instant seen;
    private boolean told;

    Incident(Instant since) {
      this.since = since;
      this.seen = since;
    }
  }

  /**
   * Something is the case now.
   *
   * @param name of the alert, which stands for one incident
   * @param evidence for a person
   * @param after for how long it has to be the case before it is told
   */
  public record Condition(String name, String evidence, Duration after) {}

  /**
   * To be told.
   *
   * @param lasted how long the incident was, where it is over; null where it begins
   */
  public record Change(String name, String evidence, @Nullable Duration lasted) {
    public boolean begins() {
      return lasted == null;
    }
  }

  private final Map<String, Incident> incidents = new LinkedHashMap<>();

  /** What is to be told, given all that is the case now. To be asked in the order of time. */
  public List<Change> look(List<Condition> conditions, Instant now) {
    List<Change> changes = new ArrayList<>();
    for (Condition one : conditions) {
      Incident incident = incidents.computeIfAbsent(one.name(), added -> new Incident(now));
      incident.seen = now;
      if (!incident.told && Duration.between(incident.since, now).compareTo(one.after()) >= 0) {
        incident.told = true;
        changes.add(new Change(one.name(), one.evidence(), null));
      }
    }
    incidents
        .entrySet()
        .removeIf(
            entry -> {
              Incident incident = entry.getValue();
              Duration unseen = Duration.between(incident.seen, now);
              boolean over = incident.told ? unseen.compareTo(GONE) >= 0 : !unseen.isZero();
              if (over && incident.told) {
                changes.add(
                    new Change(
                        entry.getKey(), "", Duration.between(incident.since, incident.seen)));
              }
              return over;
            });
    return changes;
  }

  /** The names of those that were told and are not over. */
  public List<String> active() {
    return incidents.entrySet().stream()
        .filter(entry -> entry.getValue().told)
        .map(Map.Entry::getKey)
        .toList();
  }
}
