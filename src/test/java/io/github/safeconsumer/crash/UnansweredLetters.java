package io.github.safeconsumer.crash;

import io.github.safeconsumer.crash.Fact.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dead letters whose send failed as far as their sender could see: the topic may have taken each of
 * them all the same, and a further one follows.
 */
final class UnansweredLetters {
  private static final Pattern FAILED =
      Pattern.compile("DeadLetterSendFailed\\[.*partition=\\S+-(\\d+), offset=(\\d+),.*");

  private final Map<Place, Integer> failed = new HashMap<>();

  void see(Fact fact) {
    if (fact instanceof Fact.Noted noted) {
      Matcher event = FAILED.matcher(noted.text());
      if (event.matches()) {
        failed.merge(
            new Place(Integer.parseInt(event.group(1)), Long.parseLong(event.group(2))),
            1,
            Integer::sum);
      }
    }
  }

  /** How many of this record. */
  int of(Place place) {
    return failed.getOrDefault(place, 0);
  }
}
