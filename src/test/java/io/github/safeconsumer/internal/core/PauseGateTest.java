package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.PauseReason;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PauseGateTest {
  @Test
  void shouldBePausedExactlyWhileSomeReasonIsSet() {
    Seeds.each(
        20,
        random -> {
          PauseGate gate = new PauseGate();
          Set<PauseReason> model = EnumSet.noneOf(PauseReason.class);
          for (int i = 0; i < 200; i++) {
            PauseReason reason = Records.any(PauseReason.values(), random);
            if (random.nextBoolean()) {
              assertThat(gate.close(reason)).isEqualTo(model.add(reason));
            } else {
              assertThat(gate.open(reason)).isEqualTo(model.remove(reason));
            }
            assertThat(gate.reasons()).isEqualTo(model);
            assertThat(gate.isPaused()).isEqualTo(!model.isEmpty());
            assertThat(gate.isClosed()).isEqualTo(!model.isEmpty());
          }
        });
  }

  @Test
  void shouldReleaseAReasonOnlyByItsOwnName() {
    PauseGate gate = new PauseGate();
    gate.close(PauseReason.USER);
    gate.close(PauseReason.FLOOD);
    gate.open(PauseReason.FLOOD);
    assertThat(gate.isClosed()).isTrue();
    assertThat(gate.reasons()).containsExactly(PauseReason.USER);
  }

  @Test
  void shouldStayClosedOnceStoppedWithoutLookingPaused() {
    PauseGate gate = new PauseGate();
    gate.stop();
    gate.close(PauseReason.USER);
    gate.open(PauseReason.USER);
    assertThat(gate.isClosed()).isTrue();
    assertThat(gate.isPaused()).isFalse();
  }
}
