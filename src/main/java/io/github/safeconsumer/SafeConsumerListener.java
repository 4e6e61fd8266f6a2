package io.github.safeconsumer;

/**
 * Receives events, one at a time, on a thread of its own. It may block or throw without any effect
 * on the consumption of records; while it blocks, events queue up to a bound (1024) and are then
 * dropped and counted ({@link Status#eventsDropped()}).
 */
@FunctionalInterface
public interface SafeConsumerListener {
  void onEvent(SafeConsumerEvent event);
}
