package io.github.safeconsumer.internal.core;

import static io.github.safeconsumer.internal.core.Lane.Phase.HELD;
import static io.github.safeconsumer.internal.core.Lane.Phase.IDLE;
import static io.github.safeconsumer.internal.core.Lane.Phase.READY;
import static io.github.safeconsumer.internal.core.Lane.Phase.RUNNING;
import static io.github.safeconsumer.internal.core.Lane.Phase.SENDING;
import static io.github.safeconsumer.internal.core.Lane.Phase.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneTest {
  /** Written down a second time, on purpose. */
  private static final Map<Lane.Phase, Set<Lane.Phase>> LEGAL =
      Map.of(
          IDLE, Set.of(READY),
          READY, Set.of(RUNNING),
          RUNNING, Set.of(IDLE, READY, WAITING, SENDING, HELD),
          WAITING, Set.of(READY, SENDING, HELD),
          SENDING, Set.of(IDLE, READY, HELD),
          HELD, Set.of(READY, IDLE, SENDING));

  private static final Map<Lane.Phase, List<Lane.Phase>> WAY =
      Map.of(
          IDLE, List.of(),
          READY, List.of(READY),
          RUNNING, List.of(READY, RUNNING),
          WAITING, List.of(READY, RUNNING, WAITING),
          SENDING, List.of(READY, RUNNING, SENDING),
          HELD, List.of(READY, RUNNING, HELD));

  @Test
  void shouldMakeTheMovesOfTheTableAndRefuseEveryOther() {
    for (Lane.Phase from : Lane.Phase.values()) {
      for (Lane.Phase to : Lane.Phase.values()) {
        Lane lane = laneIn(from);
        if (LEGAL.get(from).contains(to)) {
          lane.moveTo(to);
          assertThat(lane.phase()).isEqualTo(to);
        } else {
          assertThatThrownBy(() -> lane.moveTo(to))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining(from + " cannot become " + to);
          assertThat(lane.phase()).as("unchanged").isEqualTo(from);
        }
      }
    }
  }

  private static Lane laneIn(Lane.Phase phase) {
    Lane lane = new Lane(Records.active(new PauseGate(), 0), null, 0);
    WAY.get(phase).forEach(lane::moveTo);
    return lane;
  }
}
