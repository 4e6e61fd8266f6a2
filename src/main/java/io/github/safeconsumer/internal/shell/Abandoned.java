package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.HandlerCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the handler that nobody waits for and that have not ended, over all runs of the
 * loop. Up to a bound each of them is replaced: its permit is given back, and its thread does not
 * count. Beyond it they keep what they have, and only a restart of the process helps.
 *
 * <p>Thread-safe; what replaces a call is run outside the lock.
 */
final class Abandoned {
  private static final int LEAST = 4;
  private static final int MOST = 64;

  /**
   * @param replace makes up for it
   */
  private record Entry(InFlight one, Runnable replace) {}

  private final int limit;
  private final Map<HandlerCall, Entry> waiting = new LinkedHashMap<>();
  private final Map<HandlerCall, Entry> replaced = new LinkedHashMap<>();

  Abandoned(int concurrency) {
    this.limit = Math.min(MOST, Math.max(LEAST, concurrency));
  }

  /** How many are replaced at most. */
  int limit() {
    return limit;
  }

  /** Nobody waits for it from here on; {@link #nextToReplace} says when it may be replaced. */
  synchronized void add(InFlight one, Runnable replace) {
    waiting.put(one.call(), new Entry(one, replace));
  }

  /** What makes up for one that has not been replaced yet; null for none, or beyond the bound. */
  synchronized @Nullable Runnable nextToReplace() {
    if (waiting.isEmpty() || replaced.size() >= limit) {
      return null;
    }
    Map.Entry<HandlerCall, Entry> first = waiting.entrySet().iterator().next();
    waiting.remove(first.getKey());
    replaced.put(first.getKey(), first.getValue());
    return first.getValue().replace();
  }

  /**
   * It ended after all.
   *
   * @return whether it was replaced: then its permit is another's
   */
  synchronized boolean ended(HandlerCall call) {
    waiting.remove(call);
    return replaced.remove(call) != null;
  }

  synchronized boolean isReplaced(HandlerCall call) {
    return replaced.containsKey(call);
  }

  synchronized int count() {
    return waiting.size() + replaced.size();
  }

  /** Those beyond the bound. */
  synchronized int overLimit() {
    return replaced.size() >= limit ? waiting.size() : 0;
  }

  synchronized List<InFlight> all() {
    List<InFlight> all = new ArrayList<>();
    replaced.values().forEach(entry -> all.add(entry.one()));
    waiting.values().forEach(entry -> all.add(entry.one()));
    return all;
  }
}
