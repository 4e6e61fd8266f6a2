package io.github.safeconsumer.internal.core;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A record is registered and completed; the watermark is read after each. Time for one record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerBenchmark {
  private static final int RECORDS = 10_000;

  /** How many records are open at once; they end in any order. */
  @Param({"1", "64", "10000"})
  public int open;

  private final ConsumerRecord<byte[], byte[]>[] records = newRecords();
  private int[] order;

  @SuppressWarnings("unchecked")
  private static ConsumerRecord<byte[], byte[]>[] newRecords() {
    ConsumerRecord<byte[], byte[]>[] records = new ConsumerRecord[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      records[i] = Bytes.record(i, 1);
    }
    return records;
  }

  /** The same order in every run. */
  @Setup
  public void shuffle() {
    Random random = new Random(1);
    order = new int[open];
    for (int i = 0; i < open; i++) {
      int at = random.nextInt(i + 1);
      order[i] = order[at];
      order[at] = i;
    }
  }

  /** Each invocation does all records. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long registerAndComplete() {
    Ledger ledger = new Ledger(0);
    OpenRecord[] window = new OpenRecord[open];
    long sum = 0;
    for (int from = 0; from + open <= RECORDS; from += open) {
      for (int i = 0; i < open; i++) {
        window[i] = ledger.register(records[from + i]);
      }
      for (int i : order) {
        ledger.complete(window[i]);
        sum += ledger.watermark();
      }
    }
    return sum;
  }
}
