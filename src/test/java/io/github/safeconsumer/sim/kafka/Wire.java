package io.github.safeconsumer.sim.kafka;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The way from one client to the brokers. A request takes its time there and its answer takes its
 * time back; requests of one client arrive in the order in which they were sent.
 */
final class Wire {
  private static final long LEAST = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long SPREAD = TimeUnit.MICROSECONDS.toNanos(1_500);
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(100);

  private final World world;
  private final SimProcess process;
  private final Direction there = new Direction();
  private final Direction back = new Direction();

  Wire(SimCluster cluster, SimProcess process) {
    this.world = cluster.world();
    this.process = process;
  }

  /** One way. */
  long travel() {
    return LEAST + world.nextLong(SPREAD);
  }

  /** A connection keeps the order in which things are sent. */
  private final class Direction {
    private boolean used;
    private long last;

    /** Nanoseconds until what is sent now arrives: after all that was sent before. */
    long after(long travel) {
      long now = world.nanos();
      long earliest = used ? last + 1 - now : travel;
      used = true;
      last = now + Math.max(travel, earliest);
      return last - now;
    }
  }

  /**
   * Sends without waiting. What is on its way arrives though the process dies.
   *
   * @param atBroker runs when it arrives; told whether anybody is there
   */
  void send(long extraNanos, BooleanSupplier reachable, Consumer<Boolean> atBroker) {
    world.at(there.after(travel() + extraNanos), () -> atBroker.accept(reachable.getAsBoolean()));
  }

  /** An answer arrives at a background thread of the client, after those that left before it. */
  void answer(Runnable atClient) {
    process.background(back.after(travel()), atClient);
  }

  /** The calling thread takes so long, if its process lives on. */
  void pass(long nanos) {
    world.pass(nanos);
    process.check();
  }

  /**
   * Asks and waits for the answer; asks again while nobody can answer.
   *
   * @throws TimeoutException when the bound ends first
   */
  <T> T ask(String what, long boundNanos, BooleanSupplier reachable, Supplier<T> atBroker) {
    long deadline = world.nanos() + boundNanos;
    while (true) {
      long way = there.after(travel());
      if (way - (deadline - world.nanos()) > 0) {
        pass(Math.max(0, deadline - world.nanos()));
        throw new TimeoutException(what + " was not answered in time");
      }
      pass(way);
      if (reachable.getAsBoolean()) {
        T answer = atBroker.get();
        pass(back.after(travel()));
        return answer;
      }
      retryOrTimeOut(what, deadline);
    }
  }

  void retryOrTimeOut(String what, long deadline) {
    long left = deadline - world.nanos();
    pass(Math.max(0, Math.min(left, RETRY)));
    if (deadline - world.nanos() <= 0) {
      throw new TimeoutException(what + " was not answered in time");
    }
  }
}
