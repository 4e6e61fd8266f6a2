package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts against pauses, with real threads. */
class PartitionRacesTest {
  private final PauseGate gate = new PauseGate();
  private final OwnedPartition partition = Records.active(gate, 0);

  @Test
  void shouldSeeAPauseThatCameWhileAStartWaitedForTheLock() throws Exception {
    partition.add(Records.range(0, 1));
    AtomicReference<Attempt> begun = new AtomicReference<>();
    Thread worker = new Thread(() -> begun.set(partition.work().begin(null, 0)));
    synchronized (partition) {
      worker.start();
      untilBlocked(worker);
      gate.close(PauseReason.USER);
    }
    worker.join();
    assertThat(begun.get()).as("started after the pause was seen by all").isNull();
  }

  @Test
  void shouldNotPassTheBarrierWhileAStartIsUnderWay() throws Exception {
    Thread pausing = new Thread(partition::passBarrier);
    synchronized (partition) {
      pausing.start();
      untilBlocked(pausing);
      assertThat(pausing.getState()).isEqualTo(Thread.State.BLOCKED);
    }
    pausing.join();
  }

  /** Or over: then it did not wait for the lock. */
  private static void untilBlocked(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
  }

  /** With real threads: the oracle counts under the partition's own lock. */
  @ParameterizedTest
  @EnumSource(Ordering.class)
  void shouldStartNothingAfterTheBarrierNorTwoAttemptsOfOneLaneAtOnce(Ordering ordering)
      throws Exception {
    int rounds = Integer.getInteger("test.rounds", 1_000);
    OwnedPartition owned = Records.withoutLease(Records.active(gate, ordering, 0));
    Map<Lane, Attempt> inside = new ConcurrentHashMap<>();
    AtomicReference<Throwable> broken = new AtomicReference<>();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread worker = new Thread(() -> work(owned, inside, broken), "worker-" + i);
      worker.start();
      workers.add(worker);
    }
    long next = 0;
    try {
      for (int round = 0; round < rounds && broken.get() == null; round++) {
        List<ConsumerRecord<byte[], byte[]>> more = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          more.add(Records.keyed("key-" + next % 3, next++));
        }
        owned.add(more);
        if (round % 3 == 0) {
          Thread.onSpinWait();
        }
        boolean whole = round % 2 == 0;
        if (whole) {
          gate.close(PauseReason.USER);
          owned.passBarrier();
        } else {
          owned.setPaused(PauseReason.USER, true);
        }
        PartitionStatus paused = owned.status(0, 0);
        while (owned.work().runningCount() > 0) {
          Thread.onSpinWait();
        }
        for (int look = 0; look < 20; look++) {
          assertThat(owned.status(0, 0).buffered())
              .as("round %d, %s", round, paused)
              .isEqualTo(paused.buffered());
          Thread.onSpinWait();
        }
        if (whole) {
          gate.open(PauseReason.USER);
        } else {
          owned.setPaused(PauseReason.USER, false);
        }
      }
    } finally {
      owned.end();
      for (Thread worker : workers) {
        worker.join();
      }
    }
    assertThat(broken.get()).isNull();
  }

  private static void work(
      OwnedPartition owned, Map<Lane, Attempt> inside, AtomicReference<Throwable> broken) {
    try {
      Lane lane = null;
      while (!owned.isEnded()) {
        Attempt attempt = owned.work().begin(lane, 0);
        lane = null;
        if (attempt == null) {
          Thread.onSpinWait();
          continue;
        }
        if (inside.putIfAbsent(attempt.lane(), attempt) != null) {
          throw new AssertionError("two attempts of one lane at once");
        }
        inside.remove(attempt.lane(), attempt);
        if (owned.work().succeeded(attempt)) {
          lane = attempt.lane();
        }
      }
    } catch (Throwable thrown) {
      broken.compareAndSet(null, thrown);
    }
  }
}
