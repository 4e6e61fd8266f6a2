package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.internal.deadletter.DeadLetterSink.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which letters fail, and since when. Says so once when it begins, once a minute while it lasts,
 * and once when it is over; every try would be a line for each lane. Thread-safe.
 */
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Troubles.class);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<Letter, Trouble> letters = new ConcurrentHashMap<>();
  private volatile @Nullable Instant said;

  Troubles(Clock clock) {
    this.clock = clock;
  }

  void failed(Letter letter, String exceptionClass, Duration delay) {
    Instant now = clock.instant();
    letters.compute(
        letter,
        (l, before) ->
            new Trouble(l.topic, exceptionClass, before == null ? now : before.since(), 1));
    if (delay.isZero()) {
      return; // sent again at once, in another form: nothing that anybody could do about
    }
    Instant last = said;
    if (last == null || Duration.between(last, now).abs().compareTo(AGAIN) >= 0) {
      said = now;
      log.warn(
          "group={} problem=\"dead letters cannot be written: their lanes hold, they are tried again\""
              + " record={}@{} topic={} exceptionClass={} nextTryMs={} failingNow={}",
          letter.given.groupId(),
          letter.given.origin(),
          letter.given.offset(),
          letter.topic,
          exceptionClass,
          delay.toMillis(),
          letters.size());
    }
  }

  void ended(Letter letter) {
    if (letters.remove(letter) != null && letters.isEmpty() && said != null) {
      said = null;
      log.info("group={} news=\"no dead letter fails any more\"", letter.given.groupId());
    }
  }

  boolean any() {
    return !letters.isEmpty();
  }

  Optional<Trouble> worst() {
    return letters.values().stream()
        .min(Comparator.comparing(Trouble::since))
        .map(t -> new Trouble(t.topic(), t.exceptionClass(), t.since(), letters.size()));
  }
}
