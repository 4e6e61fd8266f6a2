package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.HashMap;
import java.util.Map;

/** Which records are known to have ended their process, and what members made of such ends. */
final class DeathCheck {
  private static final String UNCLEAN_END = "UncleanEnd[";
  private static final String CONVICTED = "Convicted[";

  private final Map<Place, Integer> deaths = new HashMap<>();
  private int uncleanEnds;
  private int convictions;

  void see(Fact fact) {
    if (fact instanceof Fact.Dying dying) {
      deaths.merge(dying.place(), 1, Integer::sum);
    } else if (fact instanceof Fact.Noted noted) {
      uncleanEnds += noted.text().startsWith(UNCLEAN_END) ? 1 : 0;
      convictions += noted.text().startsWith(CONVICTED) ? 1 : 0;
    }
  }

  /** How many processes this record ended. */
  int of(Place place) {
    return deaths.getOrDefault(place, 0);
  }

  /** How many processes ended by a record, whichever. */
  int all() {
    return deaths.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How often a member said that the last owner of a partition had died. */
  int uncleanEnds() {
    return uncleanEnds;
  }

  /** How often a member said that it convicts a record. */
  int convictions() {
    return convictions;
  }
}
