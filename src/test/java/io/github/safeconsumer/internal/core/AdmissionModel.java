package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions of two topics that share one admission, workers and a loop, stepped on one thread in
 * virtual time. Checks after each step that no more was admitted than the budget of that moment.
 */
final class AdmissionModel {
  private final Admission admission;
  private final Admission.Limits limits;
  private final List<OwnedPartition> partitions = new ArrayList<>();
  private final List<Attempt> running = new ArrayList<>();
  private final List<Lane> waiting = new ArrayList<>();
  private final int records;
  private final double failing;
  private long now;
  private long done;
  private int first;

  AdmissionModel(
      Ordering ordering, Admission.Limits limits, int partitionCount, int records, double failing) {
    this.limits = limits;
    this.failing = failing;
    this.admission = new Admission(limits);
    this.records = records;
    for (int i = 0; i < partitionCount; i++) {
      TopicPartition name = new TopicPartition(i % 3 == 2 ? "slow" : "orders", i);
      OwnedPartition partition =
          new OwnedPartition(
              name,
              i,
              1,
              new PartitionRules("group", ordering, 3, null, admission),
              new PauseGate());
      Records.withoutLease(Records.open(partition, 0, null));
      List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
      for (int n = 0; n < records; n++) {
        polled.add(Records.keyed("k" + n % 7, n));
      }
      assertThat(partition.add(polled)).isTrue();
      partitions.add(partition);
    }
  }

  /** Steps until so many records are done, or all. */
  void workUntil(long enough, Random random) {
    for (int i = 0; i < 200_000 && done < enough && left() > 0; i++) {
      int before = admitted();
      boolean revived = false;
      switch (random.nextInt(8)) {
        case 0 -> round();
        case 1, 2, 3 -> begin(any(partitions, random));
        case 4 -> revived = retry(random);
        default -> end(random);
      }
      if (!revived && admitted() > before) {
        assertThat(load()).as("in workers whose window is full").isLessThanOrEqualTo(most());
      }
    }
    round(); // all say what they have
  }

  private double most() {
    return limits.concurrency() + 1e-6;
  }

  private double load() {
    return admission.view().topics().stream()
        .mapToDouble(topic -> (double) topic.admitted() / topic.perWorker())
        .sum();
  }

  /** The callers pause them; what they have was admitted and cannot start. */
  void pauseAllButTheLast() {
    partitions
        .subList(0, partitions.size() - 1)
        .forEach(partition -> partition.setPaused(PauseReason.USER, true));
  }

  void round() {
    admission.roundBegins();
    List<OwnedPartition> inTurn = new ArrayList<>(partitions);
    Collections.rotate(inTurn, -first);
    int refused = -1;
    for (OwnedPartition partition : inTurn) {
      partition.work().ask(limits.concurrency(), now, true);
      if (refused < 0 && admission.hasRefused()) {
        refused = partitions.indexOf(partition);
      }
    }
    first = refused < 0 ? first : refused;
  }

  private void begin(OwnedPartition partition) {
    if (running.size() < limits.concurrency()) {
      Attempt attempt = partition.work().begin(null, now);
      if (attempt != null) {
        attempt.entersAt(now);
        running.add(attempt);
      }
    }
  }

  private void end(Random random) {
    if (running.isEmpty()) {
      return;
    }
    Attempt attempt = running.remove(random.nextInt(running.size()));
    boolean slow = attempt.partition().topicPartition().topic().equals("slow");
    now += TimeUnit.MILLISECONDS.toNanos(slow ? 15 : 5) + random.nextInt(1_000_000);
    attempt.leaves(now);
    PartitionWork work = attempt.partition().work();
    if (random.nextDouble() < failing) {
      assertThat(work.historyFor(attempt)).isNotNull();
      assertThat(work.park(attempt, Lane.Phase.WAITING)).isTrue();
      waiting.add(attempt.lane());
    } else {
      assertThat(work.succeeded(attempt)).isTrue();
      work.giveBack(attempt.lane());
      done++;
    }
  }

  private boolean retry(Random random) {
    if (waiting.isEmpty()) {
      return false;
    }
    Lane lane = waiting.remove(random.nextInt(waiting.size()));
    assertThat(lane.partition().stopped().shift(lane, Lane.Phase.WAITING, Lane.Phase.READY))
        .isTrue();
    return true;
  }

  private static OwnedPartition any(List<OwnedPartition> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  /** Records that are not done. */
  long left() {
    return (long) records * partitions.size() - done;
  }

  /** What the admission believes to be admitted. */
  int admitted() {
    return admission.view().admitted();
  }

  List<Long> donePerPartition() {
    return partitions.stream()
        .map(
            partition ->
                records - (long) partition.status(0, 0).buffered() - openElsewhere(partition))
        .toList();
  }

  private static long openElsewhere(OwnedPartition partition) {
    return (long) partition.status(0, 0).inFlight() + partition.status(0, 0).waiting();
  }
}
