package io.github.safeconsumer.support;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps every event, in order. Thread-safe. */
public final class EventLog implements SafeConsumerListener {
  private final List<SafeConsumerEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void onEvent(SafeConsumerEvent event) {
    events.add(event);
  }

  /** All of one kind. */
  public <E extends SafeConsumerEvent> List<E> of(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public List<SafeConsumerEvent> all() {
    return List.copyOf(events);
  }
}
