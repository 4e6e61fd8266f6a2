package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import io.github.safeconsumer.internal.serde.Decoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However a stage ends: its attempt is booked once, its permit comes back, its lane goes on. */
class AsyncAttemptsTest {
  /** A stage of a user's own making. */
  private static final class Odd extends CompletableFuture<Void> {
    private final boolean twice;

    Odd(boolean twice) {
      this.twice = twice;
    }

    @Override
    public CompletableFuture<Void> whenComplete(
        BiConsumer<? super Void, ? super Throwable> action) {
      if (!twice) {
        throw new IllegalStateException("not today");
      }
      action.accept(null, null);
      action.accept(null, new IllegalStateException("no, it failed"));
      return this;
    }
  }

  private final PauseGate gate = new PauseGate();
  private final Counters counters = new Counters();
  private final ManualTime time = new ManualTime();
  private final Events events =
      new Events("test", event -> {}, new Chronicle(), counters, time, new SystemExecution());
  private final OwnedPartition partition = Records.active(gate, Ordering.UNORDERED, 0);
  private final Permits permits = new Permits(2, () -> 0);
  private final Deque<Runnable> pool = new ArrayDeque<>();
  private final List<OwnedPartition> ended = new ArrayList<>();
  private final WorkerSlot<byte[], byte[]> slot =
      new WorkerSlot<>(
          Decoder.open(
              (kafka, isKey) -> new ByteArrayDeserializer(),
              (kafka, isKey) -> new ByteArrayDeserializer(),
              Map.of()));
  private final List<Attempt> lateOnes = new ArrayList<>();
  private Executor workers = pool::add;
  private AsyncAttempts<byte[], byte[]> async;

  @AfterEach
  void end() {
    events.close(Duration.ofSeconds(5).toNanos());
  }

  /** A worker comes, serves as long as it can, and leaves. */
  private void serve(LongFunction<CompletionStage<?>> handler) {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(3);
    Breakers breakers = Breakers.off();
    FloodGuard flood = new FloodGuard(100);
    RetryRules rules = new RetryRules(policy, CircuitBreakerPolicy.off());
    AsyncHandler<byte[], byte[]> users =
        new AsyncHandler<>((record, context) -> handler.apply(record.offset()));
    Failures failures =
        new Failures(
            new Judge(users, new FailureClassifier(policy), events),
            rules,
            breakers,
            Spending.nothing(),
            new RetryQueue(),
            new Burials(
                null,
                new DeadLetterFactory("group", "client", "host", Optional::empty),
                flood,
                new Handshake(gate),
                events,
                counters,
                p -> {}),
            new FatalSignal(),
            events,
            counters,
            time,
            () -> 0.5);
    Successes successes = new Successes(rules, breakers, Spending.nothing(), flood, counters);
    async =
        new AsyncAttempts<>(
            users,
            failures,
            successes,
            task -> workers.execute(task),
            owner -> {
              permits.release();
              ended.add(owner);
            },
            lateOnes::add,
            time);
    RecordHandler<byte[], byte[]> none = users;
    RecordRunner<byte[], byte[]> runner =
        new RecordRunner<>(none, async, failures, successes, permits, now -> false, () -> {}, time);
    slot.enter();
    slot.permitted = permits.tryAcquire();
    runner.serve(partition, slot, () -> false);
    if (slot.permitted) {
      permits.release();
      slot.permitted = false;
    }
  }

  private void runPool() {
    while (!pool.isEmpty()) {
      pool.remove().run();
    }
  }

  private void assertQuiet() {
    assertThat(permits.free()).as("permits").isEqualTo(2);
    assertThat(async.inFlight()).isEmpty();
    assertThat(partition.work().runningCount()).isZero();
  }

  @Test
  void shouldBookAStageThatIsCompleteAtOnceAndGoOn() {
    partition.add(Records.range(0, 5));
    serve(offset -> CompletableFuture.completedFuture(null));
    assertThat(partition.watermark()).isEqualTo(5);
    assertThat(ended).hasSize(5);
    assertQuiet();
  }

  @Test
  void shouldBeginNoMoreThanThePermitsAndGoOnAsTheyComeBack() {
    partition.add(Records.range(0, 3));
    List<CompletableFuture<Void>> stages = new ArrayList<>();
    LongFunction<CompletionStage<?>> handler =
        offset -> {
          CompletableFuture<Void> stage = new CompletableFuture<>();
          stages.add(stage);
          return stage;
        };
    serve(handler);
    assertThat(stages).hasSize(2);
    assertThat(permits.free()).isZero();
    stages.get(1).complete(null);
    assertThat(permits.free()).isEqualTo(1);
    assertThat(partition.watermark()).as("0 is open").isZero();
    stages.get(0).complete(null);
    assertThat(partition.watermark()).isEqualTo(2);
    assertQuiet();
  }

  @Test
  void shouldBookAFailureOnAWorkerAndKeepThePermitUntilThen() {
    partition.add(Records.range(0, 1));
    CompletableFuture<Void> stage = new CompletableFuture<>();
    serve(offset -> stage);
    stage.completeExceptionally(new IllegalStateException());
    assertThat(counters.attemptsFailed.sum()).as("classify() is the user's code").isZero();
    assertThat(permits.free()).isEqualTo(1);
    runPool();
    assertThat(partition.status(0, 0).waiting()).isEqualTo(1);
    assertQuiet();
  }

  @Test
  void shouldCountOnlyTheFirstEndOfAStageThatEndsTwice() {
    partition.add(Records.range(0, 1));
    serve(offset -> new Odd(true));
    runPool();
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(counters.attemptsFailed.sum()).isZero();
    assertThat(ended).hasSize(1);
    assertQuiet();
  }

  @Test
  void shouldTakeAStageThatCannotBeWatchedForAFailure() {
    partition.add(Records.range(0, 1));
    serve(offset -> new Odd(false));
    runPool();
    assertThat(partition.status(0, 0).waiting()).isEqualTo(1);
    assertQuiet();
  }

  @Test
  void shouldTakeNoStageForAFailure() {
    partition.add(Records.range(0, 1));
    serve(offset -> null);
    assertThat(partition.status(0, 0).waiting()).isEqualTo(1);
    assertQuiet();
  }

  @Test
  void shouldGiveUpWhatNeverEndsAndBookNothingOfAnEndedOwnership() {
    partition.add(Records.range(0, 1));
    CompletableFuture<Void> never = new CompletableFuture<>();
    serve(offset -> never);
    assertThat(async.inFlight()).hasSize(1);
    partition.end();
    async.cancelAll();
    runPool();
    assertThat(never).isCancelled();
    assertThat(counters.attemptsFailed.sum()).isZero();
    assertThat(permits.free()).isEqualTo(2);
    assertThat(async.inFlight()).isEmpty();
  }

  @Test
  void shouldIgnoreASuccessAfterTheOwnershipEnded() {
    partition.add(Records.range(0, 1));
    CompletableFuture<Void> stage = new CompletableFuture<>();
    serve(offset -> stage);
    partition.end();
    stage.complete(null);
    assertThat(partition.watermark()).isZero();
    assertThat(counters.handled.sum()).isZero();
    assertQuiet();
  }

  @Test
  void shouldFreeThePermitWhenThePoolIsClosed() {
    partition.add(Records.range(0, 1));
    CompletableFuture<Void> stage = new CompletableFuture<>();
    workers =
        task -> {
          throw new RejectedExecutionException("closed");
        };
    serve(offset -> stage);
    stage.completeExceptionally(new IllegalStateException());
    assertThat(permits.free()).isEqualTo(2);
    assertThat(async.inFlight()).isEmpty();
  }

  @Test
  void shouldNotLoseAFailureForWhichNoThreadCanBeMade() {
    partition.add(Records.range(0, 1));
    CompletableFuture<Void> stage = new CompletableFuture<>();
    workers =
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    serve(offset -> stage);
    stage.completeExceptionally(new IllegalStateException());
    assertThat(partition.status(0, 0).inFlight()).as("in silence, for ever").isZero();
    assertQuiet();
  }
}
