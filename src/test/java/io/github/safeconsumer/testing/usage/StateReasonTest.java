package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent.StateChanged;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a change of state gives as its reason is the reason of that change. */
class StateReasonTest {
  @Test
  void shouldNameWhoPausedAndNotThatItHadJoined() {
    List<String> reasons = new ArrayList<>();
    try (HandlerTestDriver<String, String> driver =
        HandlerTestDriver.of(
            Setup.builder(RecordHandler.of((record, context) -> {}))
                .listener(
                    event -> {
                      if (event instanceof StateChanged change) {
                        reasons.add(change.to() + ": " + change.reason());
                      }
                    }))) {
      driver.consumer().pause();
      driver.consumer().resume();
    }
    assertThat(reasons)
        .startsWith("RUNNING: joined", "PAUSED: paused by [USER]", "RUNNING: no longer paused");
  }
}
