package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Breaker;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells of each move of a breaker, and lets go what waited for one that closed. */
final class BreakerNews implements Consumer<Breaker.Change> {
  private final Events events;
  private volatile Runnable letGo = () -> {};

  BreakerNews(Events events) {
    this.events = events;
  }

  /** What to do in the present run when a breaker closes; from any thread. */
  void whenClosed(Runnable task) {
    letGo = task;
  }

  @Override
  public void accept(Breaker.Change change) {
    events.emit(
        new SafeConsumerEvent.BreakerChanged(
            events.now(),
            change.scope(),
            change.from(),
            change.to(),
            change.reason(),
            Duration.ofNanos(change.openForNanos())));
    if (change.to() == BreakerStatus.State.CLOSED) {
      letGo.run();
    }
  }
}
