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
  private boolean sentBefore;
  private long lastArrival;

  Wire(SimCluster cluster, SimProcess process) {
    this.world = cluster.world();
    this.process = process;
  }

  /** One way. */
  long travel() {
    return LEAST + world.nextLong(SPREAD);
  }

  /** Nanoseconds until a request that is sent now arrives: after all that were sent before. */
  private long arrival(long travel) {
    long now = world.nanos();
    if (sentBefore && now + travel - lastArrival <= 0) {
      travel = lastArrival - now + 1;
    }
    sentBefore = true;
    lastArrival = now + travel;
    return travel;
  }

  /**
   * Sends without waiting. What is on its way arrives though the process dies.
   *
   * @param atBroker runs when it arrives; told whether anybody is there
   */
  void send(long extraNanos, BooleanSupplier reachable, Consumer<Boolean> atBroker) {
    world.at(arrival(travel() + extraNanos), () -> atBroker.accept(reachable.getAsBoolean()));
  }

  /** An answer arrives at a background thread of the client. */
  void answer(Runnable atClient) {
    process.background(travel(), atClient);
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
      long there = arrival(travel());
      if (there - (deadline - world.nanos()) > 0) {
        pass(Math.max(0, deadline - world.nanos()));
        throw new TimeoutException(what + " was not answered in time");
      }
      pass(there);
      if (reachable.getAsBoolean()) {
        T answer = atBroker.get();
        pass(travel());
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
