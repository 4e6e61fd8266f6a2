package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Spending;
import java.time.Duration;

/** Closes the gate at the limit of what may be spent, and opens it again. */
final class SpendingGate implements Spending.Latch {
  private final PauseGate gate;
  private final double limit;
  private final Events events;

  SpendingGate(PauseGate gate, double limit, Events events) {
    this.gate = gate;
    this.limit = limit;
    this.events = events;
  }

  @Override
  public void close() {
    gate.close(PauseReason.SPENDING);
  }

  @Override
  public void open() {
    gate.open(PauseReason.SPENDING);
  }

  @Override
  public void closed(double lastHour, long nanosLeft) {
    events.emit(
        new SafeConsumerEvent.SpendingLimitReached(
            events.now(), lastHour, limit, Duration.ofNanos(nanosLeft)));
  }
}
