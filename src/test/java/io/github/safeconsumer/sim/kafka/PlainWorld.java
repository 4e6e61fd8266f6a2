package io.github.safeconsumer.sim.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** A world with one thread, the test's own: whoever passes time runs the events that fall due. */
final class PlainWorld implements World {
  private record Event(long at, long number, Runnable body) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Random random;
  private final List<String> lines = new ArrayList<>();
  private long elapsed;
  private long number;

  PlainWorld(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public long nanos() {
    return Long.MAX_VALUE - 5_000_000_000L + elapsed; // wraps after five seconds
  }

  @Override
  public long millis() {
    return 1_700_000_000_000L + elapsed / 1_000_000;
  }

  @Override
  public long nextLong(long bound) {
    return Math.floorMod(random.nextLong(), bound);
  }

  @Override
  public void pass(long nanos) {
    long until = elapsed + nanos;
    while (!events.isEmpty() && events.peek().at() <= until) {
      Event next = events.poll();
      elapsed = Math.max(elapsed, next.at());
      next.body().run();
    }
    elapsed = Math.max(elapsed, until);
  }

  @Override
  public void at(long delayNanos, Runnable event) {
    events.add(new Event(elapsed + Math.max(0, delayNanos), number++, event));
  }

  @Override
  public void trace(String line) {
    lines.add(elapsed / 1_000 + " us " + line);
  }

  long elapsed() {
    return elapsed;
  }

  List<String> lines() {
    return lines;
  }
}
