package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One letter under way.
 *
 * <pre>{@code
 * WAITING --take off--> IN_FLIGHT --acknowledged, blocked--> ENDED
 *    ^ |                 |   |                                 ^
 *    | cancel            |   cancel                            |
 *    | v                 |   v                                 |
 *    | GIVEN_UP <--failed-- LAST_TRY --acknowledged, blocked---+
 *    |                   |
 *    +------failed-------+
 * }</pre>
 *
 * <p>Concurrency: the state is one atomic and every move of it is one step, so of a cancel() and a
 * take-off at the same moment exactly one wins: either nothing is sent, or the canceller learns
 * that it is in flight. A letter leaves IN_FLIGHT or LAST_TRY only after its {@link
 * DeadLetterSink.Progress} was told, so whoever sees {@code inFlight() == false} has been told; and
 * no call can still come after a cancel() that returned true, because WAITING is entered only after
 * the last one returned. The other fields are written by the sink's thread alone, and read by the
 * producer's thread only after send() handed the letter to it.
 */
final class Letter implements DeadLetterSink.Sending {
  private enum State {
    WAITING,
    IN_FLIGHT,
    LAST_TRY,
    ENDED,
    GIVEN_UP
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final Consumer<Letter> onGivenUp;

  final DeadLetter given;
  final DeadLetterSink.Progress progress;

  /** Empty until its address is known. */
  String topic = "";

  /** What is sent: redacted, and smaller after the topic refused it. */
  @Nullable DeadLetter form;

  /** The topic refused the null key: the id stands in for it. */
  boolean keyReplaced;

  /** Failed tries in a row that were not the letter's own fault. */
  int failures;

  /** What the letter's topic may depend on; null once that is known, or where it is not at hand. */
  @Nullable Throwable failure;

  Letter(
      DeadLetter given,
      @Nullable Throwable failure,
      DeadLetterSink.Progress progress,
      Consumer<Letter> onGivenUp) {
    this.given = given;
    this.failure = failure;
    this.progress = progress;
    this.onGivenUp = onGivenUp;
  }

  boolean waiting() {
    return state.get() == State.WAITING;
  }

  /** From WAITING to IN_FLIGHT; false when it was cancelled first. */
  boolean takeOff() {
    return state.compareAndSet(State.WAITING, State.IN_FLIGHT);
  }

  /** From in flight to WAITING; false when it was cancelled meanwhile and is given up now. */
  boolean land() {
    if (state.compareAndSet(State.IN_FLIGHT, State.WAITING)) {
      return true;
    }
    giveUp();
    return false;
  }

  void end() {
    state.set(State.ENDED);
  }

  void giveUp() {
    state.updateAndGet(now -> now == State.ENDED ? now : State.GIVEN_UP);
    onGivenUp.accept(this);
  }

  @Override
  public boolean inFlight() {
    State now = state.get();
    return now == State.IN_FLIGHT || now == State.LAST_TRY;
  }

  @Override
  public boolean cancel() {
    while (true) {
      State now = state.get();
      if (now == State.WAITING && state.compareAndSet(now, State.GIVEN_UP)) {
        onGivenUp.accept(this);
        return true;
      }
      if (now == State.IN_FLIGHT && state.compareAndSet(now, State.LAST_TRY)) {
        return false;
      }
      if (now == State.LAST_TRY || now == State.ENDED || now == State.GIVEN_UP) {
        return now == State.GIVEN_UP;
      }
      // The letter moved between the look and the step: look again.
    }
  }
}
