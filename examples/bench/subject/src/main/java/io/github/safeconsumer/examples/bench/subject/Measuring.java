package io.github.safeconsumer.examples.bench.subject;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The work of a run. It must cost next to nothing itself, so each thread counts on its own, and
 * clocks are read for each record only where the run asks for latencies.
 */
final class Measuring implements Work {
  private final Cost cost;
  private final boolean latencies;
  private final Runnable onFirst;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final HandledTimes handledTimes = new HandledTimes();
  private final Queue<Tally> tallies = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Tally> mine = ThreadLocal.withInitial(this::newTally);

  /** What one thread has done. */
  private static final class Tally {
    private final AtomicLong count = new AtomicLong();
    private final Histogram micros = new Histogram(3);

    void add(int records) {
      // Written by one thread only.
      count.setRelease(count.getPlain() + records);
    }
  }

  /**
   * @param onFirst called once, by the thread that handles the first record, before it does
   */
  Measuring(WorkSpec spec, Runnable onFirst) {
    this.cost = new Cost(spec);
    this.latencies = spec.latencies();
    this.onFirst = onFirst;
  }

  private Tally newTally() {
    if (begun.compareAndSet(false, true)) {
      onFirst.run();
    }
    Tally tally = new Tally();
    tallies.add(tally);
    return tally;
  }

  @Override
  public void handle(ConsumerRecord<?, ?> record) throws Exception {
    Tally tally = mine.get();
    if (latencies) {
      begins(tally, record);
    }
    cost.spend(record.key());
    if (latencies) {
      ends(record);
    }
    tally.add(1);
  }

  @Override
  public void handleAll(List<? extends ConsumerRecord<?, ?>> records) throws Exception {
    Tally tally = mine.get();
    if (latencies) {
      records.forEach(record -> begins(tally, record));
    }
    cost.spend(records.get(0).key());
    if (latencies) {
      records.forEach(this::ends);
    }
    tally.add(records.size());
  }

  /** Slow keys wait for themselves, so what they wait says nothing. */
  private static void begins(Tally tally, ConsumerRecord<?, ?> record) {
    long produced = Stamp.of(record.headers());
    if (produced != Stamp.NONE && !Cost.isSlow(record.key())) {
      tally.micros.recordValue(Math.max(0, Stamp.now() - produced));
    }
  }

  private void ends(ConsumerRecord<?, ?> record) {
    if (Stamp.of(record.headers()) != Stamp.NONE) {
      handledTimes.add(record);
    }
  }

  @Override
  public void failed(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  /** Why the subject has given up; null if it has not. */
  Throwable failure() {
    return failure.get();
  }

  /** Records handled so far. */
  long handled() {
    long sum = 0;
    for (Tally tally : tallies) {
      sum += tally.count.getAcquire();
    }
    return sum;
  }

  /** From produced to handled; to be asked when all records are. */
  Latencies latencies() {
    Histogram all = new Histogram(3);
    tallies.forEach(tally -> all.add(tally.micros));
    return Latencies.of(all);
  }

  HandledTimes handledTimes() {
    return handledTimes;
  }
}
