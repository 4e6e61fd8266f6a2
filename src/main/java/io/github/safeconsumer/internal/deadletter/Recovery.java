package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes after a failed try: another one after the delay, with the letter changed so that it
 * may pass, or none.
 *
 * @param delay null where no repetition can help
 * @param reason why not; empty where there is a delay
 * @param remedy what an operator can do about it
 */
record Recovery(@Nullable Duration delay, String reason, String remedy) {

  private static Recovery again(Duration delay) {
    return new Recovery(delay, "", "");
  }

  private static Recovery never(String reason, String remedy) {
    return new Recovery(null, reason, remedy + ", then restart");
  }

  /**
   * Decides, and changes the letter. For the sink's thread only.
   *
   * @param held how long the letter's topic is held because the try blocked; zero where it did not
   * @param random from 0 (inclusive) to 1
   */
  static Recovery of(
      Letter letter, SendFailure kind, String exceptionClass, Duration held, double random) {
    return switch (kind) {
      case TOO_LARGE -> shrink(letter, exceptionClass);
      case REFUSED -> giveKey(letter, exceptionClass);
      case HOPELESS ->
          never(
              "topic " + letter.topic + " can never take this dead letter (" + exceptionClass + ")",
              "correct the topic or its name");
      case NOT_PERMITTED, NOT_AUTHENTICATED -> again(SendBackoff.slow(random));
      case PASSING, PRODUCER_BROKEN -> {
        letter.failures++;
        yield again(held.isZero() ? SendBackoff.delay(letter.failures, random) : held);
      }
    };
  }

  private static Recovery shrink(Letter letter, String exceptionClass) {
    Optional<DeadLetter> smaller = Shrink.next(form(letter));
    if (smaller.isEmpty()) {
      return never(
          "topic "
              + letter.topic
              + " refuses even the smallest form of this dead letter ("
              + exceptionClass
              + ")",
          "raise max.message.bytes of " + letter.topic);
    }
    letter.form = smaller.get();
    return again(Duration.ZERO);
  }

  /** A compacted topic refuses null keys. With the id as key, no letter replaces another one. */
  private static Recovery giveKey(Letter letter, String exceptionClass) {
    if (form(letter).key() != null || letter.keyReplaced) {
      return never(
          "topic " + letter.topic + " refuses this dead letter (" + exceptionClass + ")",
          "let "
              + letter.topic
              + " take any record (cleanup.policy=delete, no validation by the broker)");
    }
    letter.keyReplaced = true;
    return again(Duration.ZERO);
  }

  private static DeadLetter form(Letter letter) {
    return Objects.requireNonNull(letter.form, "form");
  }
}
