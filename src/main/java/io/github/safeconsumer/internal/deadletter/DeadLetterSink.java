package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes dead letters. Nothing here ever blocks the caller. Thread-safe. */
public interface DeadLetterSink extends AutoCloseable {

  /**
   * Takes a letter; exactly one of {@code acknowledged}, {@code blocked} or {@code Sending.cancel()
   * == true} ends it. After {@link #close} it is given up at once.
   */
  Sending send(DeadLetter letter, Progress progress);

  /**
   * The same with the failure, where it is at hand: the letter's topic may depend on its class,
   * superclasses and causes. It is let go once that is known.
   */
  default Sending send(DeadLetter letter, @Nullable Throwable failure, Progress progress) {
    return send(letter, progress);
  }

  /** True while the last try of some letter failed and that letter has not ended. For health. */
  boolean failing();

  /** What {@link #failing} means, in detail. */
  default Optional<Trouble> trouble() {
    return Optional.empty();
  }

  /**
   * Ends the producer within the bound; letters not acknowledged are dropped here (their offsets
   * are not committed) and told nothing any more.
   */
  void close(Duration bound);

  @Override
  default void close() {
    close(Duration.ZERO);
  }

  /** One letter under way. */
  interface Sending {
    /**
     * True while the letter is with the producer and its acknowledgement may still come. It stays
     * true until the {@link Progress} method that tells the result has returned: false means that
     * the caller has been told.
     */
    boolean inFlight();

    /**
     * Gives the letter up, unless it is in flight or already ended. True when given up: no callback
     * comes any more. A letter that is in flight is not tried again: {@code acknowledged} may still
     * come; after a {@code failed} or {@code blocked} nothing comes.
     */
    boolean cancel();
  }

  /** Told on the sink's thread or the producer's; must not block. */
  interface Progress {
    /** The topic acknowledged the letter (acks=all). Ends it. */
    void acknowledged(String topic);

    /**
     * A try failed and is repeated after the delay. Zero: at once, in a form that the topic may
     * accept (a part was cut), or never, if the letter was cancelled meanwhile.
     */
    void failed(String topic, String exceptionClass, Duration delay);

    /** No repetition can help. Ends it: the record holds its lane until an operator acts. */
    void blocked(String reason, String remedy);
  }

  /**
   * Letters that could not be written so far.
   *
   * @param topic of the letter that waits longest
   * @param exceptionClass what its last try failed with
   * @param since when its first try failed, by the wall clock
   * @param letters how many letters fail
   */
  record Trouble(String topic, String exceptionClass, Instant since, int letters) {}
}
