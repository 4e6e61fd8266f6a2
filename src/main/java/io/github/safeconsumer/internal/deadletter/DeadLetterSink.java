package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import java.time.Duration;

/** Writes dead letters. Nothing here ever blocks the caller. Thread-safe. */
public interface DeadLetterSink extends AutoCloseable {

  /**
   * Takes a letter; exactly one of {@code acknowledged}, {@code blocked} or {@code Sending.cancel()
   * == true} ends it.
   */
  Sending send(DeadLetter letter, Progress progress);

  /** True while the last try of some letter failed and none was acknowledged since. For health. */
  boolean failing();

  /**
   * Ends the producer within the bound; letters not acknowledged are dropped here (their offsets
   * are not committed).
   */
  void close(Duration bound);

  @Override
  default void close() {
    close(Duration.ZERO);
  }

  /** One letter under way. */
  interface Sending {
    /** True while the letter is with the producer and its acknowledgement may still come. */
    boolean inFlight();

    /**
     * Gives the letter up, unless it is in flight or already ended. True when given up: no callback
     * comes any more.
     */
    boolean cancel();
  }

  /** Told on the sink's thread or the producer's; must not block. */
  interface Progress {
    /** The topic acknowledged the letter (acks=all). Ends it. */
    void acknowledged(String topic);

    /** A try failed and is repeated after the delay. */
    void failed(String topic, String exceptionClass, Duration delay);

    /** No repetition can help. Ends it: the record holds its lane until an operator acts. */
    void blocked(String reason, String remedy);
  }
}
