package io.github.safeconsumer.internal.core;

import static io.github.safeconsumer.State.CLOSED;
import static io.github.safeconsumer.State.CLOSING;
import static io.github.safeconsumer.State.FAILED;
import static io.github.safeconsumer.State.NEW;
import static io.github.safeconsumer.State.PAUSED;
import static io.github.safeconsumer.State.RESTARTING;
import static io.github.safeconsumer.State.RUNNING;
import static io.github.safeconsumer.State.STARTING;
import static io.github.safeconsumer.State.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Map<State, Set<State>> LEGAL =
      Map.of(
          NEW, Set.of(STARTING, CLOSING),
          STARTING, Set.of(RUNNING, PAUSED, RESTARTING, SUSPENDED, CLOSING),
          RUNNING, Set.of(PAUSED, RESTARTING, SUSPENDED, CLOSING),
          PAUSED, Set.of(RUNNING, RESTARTING, SUSPENDED, CLOSING),
          RESTARTING, Set.of(RUNNING, PAUSED, SUSPENDED, CLOSING),
          SUSPENDED, Set.of(RESTARTING, CLOSING),
          CLOSING, Set.of(CLOSED, FAILED),
          CLOSED, Set.of(),
          FAILED, Set.of());

  private static final Map<State, List<State>> WAY =
      Map.of(
          NEW, List.of(),
          STARTING, List.of(STARTING),
          RUNNING, List.of(STARTING, RUNNING),
          PAUSED, List.of(STARTING, PAUSED),
          RESTARTING, List.of(STARTING, RESTARTING),
          SUSPENDED, List.of(STARTING, SUSPENDED),
          CLOSING, List.of(CLOSING),
          CLOSED, List.of(CLOSING, CLOSED),
          FAILED, List.of(CLOSING, FAILED));

  @Test
  void shouldMakeTheMovesOfTheTableAndRefuseEveryOther() {
    for (State from : State.values()) {
      for (State to : State.values()) {
        Lifecycle lifecycle = in(from);
        if (LEGAL.get(from).contains(to)) {
          assertThat(lifecycle.moveTo(to)).isEqualTo(from);
          assertThat(lifecycle.state()).isEqualTo(to);
        } else {
          assertThatThrownBy(() -> lifecycle.moveTo(to))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(from + " cannot become " + to);
          assertThat(lifecycle.state()).isEqualTo(from);
        }
      }
    }
  }

  @Test
  void shouldLeaveNoWayOutOfTheFinalStates() {
    for (State state : State.values()) {
      assertThat(LEGAL.get(state).isEmpty()).as("%s", state).isEqualTo(state.isFinal());
    }
  }

  @Test
  void shouldMoveOnlyFromTheExpectedState() {
    Lifecycle lifecycle = new Lifecycle();
    assertThat(lifecycle.moveIf(RUNNING, PAUSED)).isFalse();
    assertThat(lifecycle.state()).isEqualTo(NEW);
    assertThat(lifecycle.moveIf(NEW, STARTING)).isTrue();
    assertThat(lifecycle.moveIf(NEW, STARTING)).as("once").isFalse();
  }

  private static Lifecycle in(State state) {
    Lifecycle lifecycle = new Lifecycle();
    WAY.get(state).forEach(lifecycle::moveTo);
    return lifecycle;
  }
}
