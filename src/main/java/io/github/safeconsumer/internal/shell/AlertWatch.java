package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Alert;
import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.diagnosis.Alarms;
import io.github.safeconsumer.internal.diagnosis.Alarms.Change;
import io.github.safeconsumer.internal.diagnosis.AlertConditions;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import io.github.safeconsumer.internal.diagnosis.Facts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells of incidents: looks about once a second, on the ticker's thread, which turns when the loop
 * does not. A suspended consumer has no ticker, so its incidents rest until it is resumed. One
 * thread at a time looks; anybody may read what is active.
 */
final class AlertWatch {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AlertPolicy policy;
  private final Chronicle chronicle;
  private final Events events;
  private final Time time;
  private final Alarms alarms = new Alarms();
  private boolean looked;
  private long lookedAt;
  private volatile List<Alert> active = List.of();

  AlertWatch(AlertPolicy policy, Chronicle chronicle, Events events, Time time) {
    this.policy = policy;
    this.chronicle = chronicle;
    this.events = events;
    this.time = time;
  }

  /** Those that were told and are not over. */
  List<Alert> active() {
    return active;
  }

  /** At every tick; gathers the facts about once a second only. */
  void tick(Supplier<Facts> facts) {
    long now = time.nanos();
    if (looked && now - lookedAt < EVERY_NANOS) {
      return;
    }
    looked = true;
    lookedAt = now;
    Facts gathered = facts.get();
    List<Change> changes =
        alarms.look(AlertConditions.of(policy, gathered, chronicle), gathered.status().at());
    active = alarms.active();
    for (Change change : changes) {
      events.emit(
          change
              .lasted()
              .<SafeConsumerEvent>map(
                  lasted -> new SafeConsumerEvent.AlertEnded(events.now(), change.alert(), lasted))
              .orElseGet(() -> new SafeConsumerEvent.AlertRaised(events.now(), change.alert())));
    }
    events.flush();
  }
}
