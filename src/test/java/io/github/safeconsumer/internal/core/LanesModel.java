package io.github.safeconsumer.internal.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A partition, three workers on one thread, and beside it what has to be true of its lanes. */
final class LanesModel {
  private static final int WORKERS = 3;

  private static final class Worker {
    @Nullable Attempt attempt;
    @Nullable Lane lane;
  }

  private final Ordering ordering;
  private final PauseGate gate = new PauseGate();
  private final OwnedPartition partition;
  private final PartitionWork work;
  private final List<Worker> workers = List.of(new Worker(), new Worker(), new Worker());

  /** Not done, by what must not be overtaken; the first of each may run. */
  private final Map<String, Deque<Long>> lanes = new HashMap<>();

  private final Set<Long> running = new HashSet<>();
  private final List<Attempt> waiting = new ArrayList<>();
  private final List<Attempt> sending = new ArrayList<>();
  private final Set<Long> held = new HashSet<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private int asked;
  private long next;
  private final Admission admission;
  private final boolean bounded;
  private boolean mayHold = true;

  /**
   * @param limits what is handed to lanes; null for everything at once
   */
  LanesModel(Ordering ordering, Admission.@Nullable Limits limits) {
    this.ordering = ordering;
    this.bounded = limits != null;
    this.admission = limits == null ? Admission.unbounded() : new Admission(limits);
    this.partition = Records.withoutLease(Records.active(gate, ordering, 0, admission));
    this.work = partition.work();
  }

  private String laneOf(ConsumerRecord<byte[], byte[]> record) {
    return switch (ordering) {
      case PARTITION -> "one";
      case UNORDERED -> "" + record.offset();
      case KEY ->
          record.key() == null ? "" + record.offset() : "key" + new String(record.key(), UTF_8);
    };
  }

  void poll(Random random) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      next += random.nextInt(3);
      String key = random.nextInt(5) == 0 ? null : "k" + random.nextInt(4);
      ConsumerRecord<byte[], byte[]> record = Records.keyed(key, next++);
      records.add(record);
      open.add(record.offset());
      lanes.computeIfAbsent(laneOf(record), k -> new ArrayDeque<>()).add(record.offset());
    }
    assertThat(partition.add(records)).isTrue();
  }

  void toggleGate() {
    if (gate.isClosed()) {
      gate.open(PauseReason.USER);
    } else {
      gate.close(PauseReason.USER);
    }
  }

  void due(Random random) {
    if (!waiting.isEmpty()) {
      Attempt one = waiting.remove(random.nextInt(waiting.size()));
      assertThat(partition.stopped().shift(one.lane(), Lane.Phase.WAITING, Lane.Phase.READY))
          .isTrue();
    }
  }

  void acknowledge(Random random) {
    if (!sending.isEmpty()) {
      Attempt one = sending.remove(random.nextInt(sending.size()));
      assertThat(partition.stopped().buried(one.lane())).isTrue();
      done(one);
    }
  }

  void worker(Random random) {
    Worker worker = workers.get(random.nextInt(WORKERS));
    Attempt attempt = worker.attempt;
    Lane lane = worker.lane;
    if (attempt != null) {
      worker.attempt = null;
      report(worker, attempt, random.nextInt(mayHold ? 40 : 39));
    } else if (lane != null) {
      worker.lane = null;
      switch (random.nextInt(6)) {
        case 0 -> asked += work.giveWay(lane, 0) ? 1 : 0;
        case 1 -> work.giveBack(lane);
        default -> begin(worker, lane);
      }
    } else {
      ask();
      if (asked > 0) {
        asked--;
        work.came();
        begin(worker, null);
      }
    }
  }

  private void ask() {
    admission.roundBegins();
    asked += work.ask(WORKERS, 0, true);
  }

  private void begin(Worker worker, @Nullable Lane lane) {
    Attempt attempt = work.begin(lane, 0);
    if (attempt == null) {
      return;
    }
    assertThat(gate.isClosed()).as("started while paused").isFalse();
    long offset = attempt.record().offset();
    Deque<Long> queue = lanes.get(laneOf(attempt.record()));
    assertThat(queue.peek()).as("in offset order").isEqualTo(offset);
    assertThat(running.add(offset)).as("two attempts at once").isTrue();
    assertThat(held).doesNotContain(offset);
    worker.attempt = attempt;
  }

  private void report(Worker worker, Attempt attempt, int choice) {
    running.remove(attempt.record().offset());
    if (choice < 24) {
      assertThat(work.succeeded(attempt)).isTrue();
      done(attempt);
      worker.lane = attempt.lane();
    } else if (choice < 30) {
      Objects.requireNonNull(work.historyFor(attempt)).charged = 1;
      assertThat(work.park(attempt, Lane.Phase.WAITING)).isTrue();
      waiting.add(attempt);
    } else if (choice < 34) {
      assertThat(work.park(attempt, Lane.Phase.SENDING)).isTrue();
      sending.add(attempt);
    } else if (choice < 39) {
      boolean back = work.withdraw(attempt);
      assertThat(back).isEqualTo(gate.isClosed());
      if (!back) {
        running.add(attempt.record().offset());
        worker.attempt = attempt;
      }
    } else {
      partition.stopped().hold(attempt.lane(), "a test");
      held.add(attempt.record().offset());
      assertThat(work.succeeded(attempt)).isFalse();
    }
  }

  private void done(Attempt attempt) {
    long offset = attempt.record().offset();
    assertThat(lanes.get(laneOf(attempt.record())).poll()).isEqualTo(offset);
    assertThat(open.remove(offset)).isTrue();
  }

  void check() {
    PartitionStatus status = partition.status(0, 0);
    assertThat(status.inFlight()).as("in flight").isEqualTo(running.size());
    assertThat(status.waiting()).as("waiting").isEqualTo(waiting.size());
    assertThat(status.deadLettering()).as("sending").isEqualTo(sending.size());
    assertThat(status.blocked()).as("held").isEqualTo(held.size());
    assertThat(status.buffered())
        .as("buffered")
        .isEqualTo(open.size() - running.size() - waiting.size() - sending.size() - held.size());
    assertThat(partition.watermark()).isEqualTo(open.isEmpty() ? next : open.first());
    ask();
    if (!gate.isClosed()) {
      // Where the budget holds records back, one of those that may run is admitted all the same.
      int needed = bounded ? (isIdle() ? Math.min(1, ready()) : 0) : ready();
      assertThat(asked).as("a ready lane and nobody asked").isGreaterThanOrEqualTo(needed);
    }
  }

  private boolean isIdle() {
    return running.isEmpty() && workers.stream().allMatch(worker -> worker.lane == null);
  }

  /** Lanes that a worker could take, up to the number of workers. */
  private int ready() {
    Set<Long> taken = new HashSet<>(running);
    waiting.forEach(one -> taken.add(one.record().offset()));
    sending.forEach(one -> taken.add(one.record().offset()));
    taken.addAll(held);
    long free =
        lanes.values().stream().filter(q -> !q.isEmpty() && !taken.contains(q.peek())).count();
    // Whoever has the one lane of a partition also takes what is not in it yet.
    long kept =
        workers.stream()
            .filter(w -> w.lane != null)
            .filter(w -> ordering == Ordering.PARTITION || w.lane.head() != null)
            .count();
    return (int) Math.min(WORKERS, free - kept);
  }

  /** Everybody works on without new records, until nothing is left that can be done. */
  void finish(Random random) {
    mayHold = false;
    gate.open(PauseReason.USER);
    for (int i = 0; i < 20_000 && !left().isEmpty(); i++) {
      due(random);
      acknowledge(random);
      worker(random);
    }
    workers.forEach(
        worker -> {
          work.giveBack(worker.lane);
          worker.lane = null;
        });
    check();
  }

  /** What is not done, and not behind what is held. */
  Set<Long> left() {
    Set<Long> left = new TreeSet<>();
    for (Deque<Long> queue : lanes.values()) {
      Long head = queue.peek();
      if (head != null && !held.contains(head)) {
        left.addAll(queue);
      }
    }
    return left;
  }
}
