package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * All that the core does for a record, on one thread: taken in, handed to its lane, started,
 * succeeded. Time for one record.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LanesBenchmark {
  private static final int RECORDS = 500;

  /** Which records must not overtake each other. */
  @Param({"PARTITION", "KEY", "UNORDERED"})
  public Ordering ordering;

  /** How many keys there are. */
  @Param({"10", "100000"})
  public int keys;

  private OwnedPartition partition;
  private long next;

  private OwnedPartition open() {
    OwnedPartition opened =
        new OwnedPartition(
            Bytes.PARTITION, 1, 1, new PartitionRules("group", ordering, 3), new PauseGate());
    opened.place(next, null, 0);
    commit(opened);
    opened.activate();
    return opened;
  }

  private static void commit(OwnedPartition of) {
    Progress progress = of.progress(-1, 0);
    if (progress != null) {
      of.confirm(progress, "", 0); // without a note the lease bounds nothing
    }
  }

  /** Each invocation does as many records as a poll brings. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long takeInAndDo() {
    if (partition == null) {
      partition = open();
    }
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(RECORDS);
    for (int i = 0; i < RECORDS; i++) {
      polled.add(Bytes.record(next++, keys));
    }
    partition.add(polled);
    PartitionWork work = partition.work();
    work.ask(1, 0, true);
    Lane lane = null;
    Attempt last = null;
    while (true) {
      Attempt attempt = last == null ? null : work.goOn(last, 0);
      if (attempt == null) {
        attempt = work.begin(lane, true, 0);
      }
      if (attempt == null) {
        break;
      }
      work.returned(attempt);
      attempt.markReturned();
      lane = attempt.lane();
      last = attempt;
    }
    work.came();
    return partition.watermark();
  }
}
