package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.State;
import java.util.Map;
import java.util.Set;

/** Where the consumer stands. The legal moves are data; another one throws. Thread-safe. */
public final class Lifecycle {
  private static final Map<State, Set<State>> SUCCESSORS =
      Map.of(
          State.NEW, Set.of(State.STARTING, State.CLOSING),
          State.STARTING,
              Set.of(State.RUNNING, State.PAUSED, State.RESTARTING, State.SUSPENDED, State.CLOSING),
          State.RUNNING, Set.of(State.PAUSED, State.RESTARTING, State.SUSPENDED, State.CLOSING),
          State.PAUSED, Set.of(State.RUNNING, State.RESTARTING, State.SUSPENDED, State.CLOSING),
          State.RESTARTING, Set.of(State.RUNNING, State.PAUSED, State.SUSPENDED, State.CLOSING),
          State.SUSPENDED, Set.of(State.RESTARTING, State.CLOSING),
          State.CLOSING, Set.of(State.CLOSED, State.FAILED),
          State.CLOSED, Set.of(),
          State.FAILED, Set.of());

  private volatile State state = State.NEW;

  public State state() {
    return state;
  }

  /**
   * The one way to move.
   *
   * @return the state before
   * @throws IllegalStateException for a move that the table does not have
   */
  public synchronized State moveTo(State next) {
    State before = state;
    if (!SUCCESSORS.getOrDefault(before, Set.of()).contains(next)) {
      throw new IllegalStateException(before + " cannot become " + next);
    }
    state = next;
    return before;
  }

  /** Moves if the consumer is in that state now. */
  public synchronized boolean moveIf(State expected, State next) {
    if (state != expected) {
      return false;
    }
    moveTo(next);
    return true;
  }
}
