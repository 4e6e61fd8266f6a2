package io.github.safeconsumer.internal.diagnosis;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.State;
import java.util.List;

/** It does not run at all. */
final class Ended {
  private Ended() {}

  static void add(Facts facts, List<Cause> causes) {
    State state = facts.status().state();
    if (state == State.FAILED) {
      causes.add(
          new CauseBuilder("FAILED")
              .says("the consumer has ended: " + facts.status().failure().orElse("not known why"))
              .remedy("mend what it says, and restart the process"));
    } else if (state == State.NEW) {
      causes.add(
          new CauseBuilder("NOT_STARTED").says("start() was not called").remedy("call start()"));
    } else if (state == State.CLOSING || state == State.CLOSED) {
      causes.add(
          new CauseBuilder("CLOSED")
              .says("close() was called, or the JVM shuts down")
              .remedy("start another instance"));
    }
  }
}
