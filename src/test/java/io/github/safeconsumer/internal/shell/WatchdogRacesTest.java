package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Handler;
import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.CrashGuard;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.HandlerTimeout;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PartitionRules;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import io.github.safeconsumer.internal.serde.Decoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of calls that end right at their deadlines, and at the end of their grace: the real
 * worker against the real watchdog. Each ends once, and no interrupt outlives the call it was meant
 * for.
 */
@Timeout(60)
class WatchdogRacesTest {
  private static final int RECORDS = 4_000;
  private static final long TIMEOUT = TimeUnit.MICROSECONDS.toNanos(40);

  private final Time time =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis();
        }
      };
  private final Counters counters = new Counters();
  private final Events events =
      new Events("races", event -> {}, new Chronicle(), counters, time, new SystemExecution());
  private final Notifier threads = new Notifier("races", new SystemExecution());
  private final Abandoned abandoned = new Abandoned(1);
  private final PauseGate gate = new PauseGate();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile InFlight running;
  private volatile boolean over;

  @AfterEach
  void end() {
    over = true;
    threads.close();
    events.close(TimeUnit.SECONDS.toNanos(5));
  }

  /** As long as a call may take, about, and without ever looking at the interrupt. */
  private void spin(long seed) {
    InFlight own = running; // its own deadline may pass right before the first line
    if (Thread.currentThread().isInterrupted() && (own == null || !own.call().isOverdue())) {
      wrong.add("interrupted at the entry of call " + calls.get());
    }
    calls.incrementAndGet();
    long until =
        System.nanoTime()
            + (long) (TIMEOUT * (0.7 + 1.6 * new SplittableRandom(seed).nextDouble()));
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldEndEveryRecordOnceAndKeepEachInterruptToItsCall() throws Exception {
    RecordHandler<byte[], byte[]> handler =
        new RecordHandler<>() {
          @Override
          public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
            if (record.offset() == 0) { // one that hangs, however fast the machine is
              while (!context.cancelled()) {
                Thread.onSpinWait();
              }
            } else if (record.offset() > 1) {
              spin(record.offset());
            }
          }
        };
    OwnedPartition partition = partition(null);
    Failures failures = failures(handler);
    run(
        partition,
        failures,
        new RecordRunner<>(
            handler,
            null,
            failures,
            successes(),
            new Permits(1, () -> 0),
            now -> false,
            () -> {},
            time));
    assertThat(calls.get()).as("none is tried again").isLessThanOrEqualTo(RECORDS);
    assertThat(counters.handled.sum() + counters.skipped.sum()).isEqualTo(RECORDS);
    assertThat(counters.skipped.sum()).as("abandoned").isPositive();
    assertThat(counters.handled.sum()).as("returned").isPositive();
  }

  @Test
  void shouldDoTheSameWithBatches() throws Exception {
    BatchHandler<byte[], byte[]> handler =
        BatchHandler.of((records, context) -> spin(calls.get() + records.get(0).offset()));
    BatchPolicy policy = BatchPolicy.of(4);
    OwnedPartition partition = partition(policy);
    Failures failures = failures(handler);
    run(
        partition,
        failures,
        new BatchRunner<>(
            handler,
            4,
            failures,
            successes(),
            new Permits(1, () -> 0),
            now -> false,
            () -> {},
            time));
    assertThat(counters.handled.sum() + counters.skipped.sum()).isEqualTo(RECORDS);
  }

  private void run(OwnedPartition partition, Failures failures, LaneRunner<byte[], byte[]> runner)
      throws InterruptedException {
    Watchdog watchdog = new Watchdog(failures, abandoned, events, threads, time, owner -> {});
    Thread dog =
        new Thread(
            () -> {
              while (!over) {
                InFlight one = running;
                if (one != null) {
                  watchdog.guard(List.of(one), lost -> {});
                }
                Thread.onSpinWait();
              }
            });
    dog.start();
    partition.add(Records.range(0, RECORDS));
    WorkerSlot<byte[], byte[]> slot = slot();
    while (partition.watermark() < RECORDS) {
      slot.enter();
      runner.serve(partition, slot, () -> false);
      if (Thread.interrupted()) {
        wrong.add("an interrupt came out of the runner");
      }
      HandlerCall last = slot.current();
      if (slot.lost && last != null) {
        abandoned.ended(last);
        slot = slot();
      }
      Records.confirm(partition, 0); // the lease goes on
    }
    over = true;
    dog.join();
    assertThat(wrong).isEmpty();
    assertThat(abandoned.count()).isZero();
    assertThat(partition.work().runningCount()).isZero();
  }

  private WorkerSlot<byte[], byte[]> slot() {
    Thread worker = Thread.currentThread();
    return new WorkerSlot<>(
        Decoder.open(
            (kafka, isKey) -> new ByteArrayDeserializer(),
            (kafka, isKey) -> new ByteArrayDeserializer(),
            Map.of())) {
      @Override
      void running(HandlerCall call) {
        super.running(call);
        running = call == null ? null : new InFlight(call, worker, null);
      }
    };
  }

  private OwnedPartition partition(BatchPolicy batch) {
    return Records.open(
        new OwnedPartition(
            Records.PARTITION,
            1,
            7,
            new PartitionRules(
                "group",
                Ordering.PARTITION,
                3,
                batch,
                Admission.unbounded(),
                CrashGuard.off(),
                new HandlerTimeout(TIMEOUT, time::nanos, time::millis)),
            gate),
        0,
        null);
  }

  private Successes successes() {
    return new Successes(
        new RetryRules(RetryPolicy.defaults(), CircuitBreakerPolicy.off()),
        Breakers.off(),
        Spending.nothing(),
        new FloodGuard(100),
        counters);
  }

  /** What hangs is skipped; nothing is tried again. */
  private Failures failures(Handler handler) {
    RetryPolicy policy =
        RetryPolicy.none()
            .on(FailureAction.SKIP, HandlerTimeoutException.class, InterruptedException.class);
    return new Failures(
        new Judge(handler, new FailureClassifier(policy), events),
        new RetryRules(policy, CircuitBreakerPolicy.off()),
        Breakers.off(),
        Spending.nothing(),
        new RetryQueue(),
        new Burials(
            null,
            new DeadLetterFactory("group", "client", "host", Optional::empty),
            new FloodGuard(100),
            new Handshake(gate),
            events,
            counters,
            p -> {}),
        new FatalSignal(),
        events,
        counters,
        time,
        () -> 0.5);
  }
}
