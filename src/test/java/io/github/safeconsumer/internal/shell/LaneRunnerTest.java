package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OutageEvidence;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.deadletter.DeadLetterFactory;
import io.github.safeconsumer.internal.deadletter.DeadLetterSink;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import io.github.safeconsumer.internal.serde.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lane runner, failures and burials together: no lane is ever left pending in silence. */
class LaneRunnerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A sink that keeps letters until the test answers. */
  private static final class Letters implements DeadLetterSink {
    final List<Progress> waiting = new ArrayList<>();
    final List<DeadLetter> letters = new ArrayList<>();
    boolean atOnce;
    boolean broken;
    boolean inFlight = true;

    @Override
    public Sending send(DeadLetter letter, Progress progress) {
      if (broken) {
        throw new IllegalStateException("broken sink");
      }
      letters.add(letter);
      waiting.add(progress);
      if (atOnce) {
        progress.acknowledged("dlt");
      }
      return new Sending() {
        @Override
        public boolean inFlight() {
          return inFlight;
        }

        @Override
        public boolean cancel() {
          return !inFlight;
        }
      };
    }

    @Override
    public boolean failing() {
      return false;
    }

    @Override
    public void close(Duration bound) {}
  }

  private final ManualTime time = new ManualTime();
  private final PauseGate gate = new PauseGate();
  private final Counters counters = new Counters();
  private final Queue<SafeConsumerEvent> seen = new ConcurrentLinkedQueue<>();
  private final Events events =
      new Events("test", seen::add, new Chronicle(), counters, time, new SystemExecution());
  private final RetryQueue waiting = new RetryQueue();
  private final FatalSignal fatal = new FatalSignal();
  private final Breakers breakers = Breakers.off();
  private final OutageEvidence evidence = breakers.consumer().evidence();
  private final FloodGuard flood = new FloodGuard(2);
  private final Letters sink = new Letters();
  private final List<Long> handled = new ArrayList<>();
  private boolean expelled;
  private final OwnedPartition partition = Records.active(gate, 0);
  private final WorkerSlot<byte[], byte[]> slot =
      new WorkerSlot<>(
          Decoder.open(
              (kafka, isKey) -> new ByteArrayDeserializer(),
              (kafka, isKey) -> new ByteArrayDeserializer(),
              Map.of()));
  private RetryPolicy policy = RetryPolicy.fixed(SECOND).jitter(0).maxAttempts(3);
  private @Nullable DeadLetterSink used = sink;
  private @Nullable Failures failures;
  private @Nullable Burials burials;

  @AfterEach
  void end() {
    events.close(SECOND.toNanos());
  }

  private LaneRunner<byte[], byte[]> runner(RecordHandler<byte[], byte[]> handler) {
    burials =
        new Burials(
            used,
            new DeadLetterFactory("group", "client", "host", Optional::empty),
            flood,
            new Handshake(gate),
            events,
            counters,
            p -> {});
    failures =
        new Failures(
            new Judge(handler, new FailureClassifier(policy), events),
            new RetryRules(policy, CircuitBreakerPolicy.off()),
            breakers,
            Spending.nothing(),
            waiting,
            burials,
            fatal,
            events,
            counters,
            time,
            () -> 0.5);
    return of(handler, time);
  }

  private LaneRunner<byte[], byte[]> of(RecordHandler<byte[], byte[]> handler, Time clock) {
    return new RecordRunner<>(
        handler,
        null,
        Objects.requireNonNull(failures),
        new Successes(
            new RetryRules(policy, CircuitBreakerPolicy.off()),
            breakers,
            Spending.nothing(),
            flood,
            counters),
        new Permits(1, () -> 0),
        now -> expelled,
        () -> {},
        clock);
  }

  private RecordHandler<byte[], byte[]> noting() {
    return RecordHandler.of((record, context) -> handled.add(record.offset()));
  }

  private static RecordHandler<byte[], byte[]> failing(Throwable thrown) {
    return new RecordHandler<>() {
      @Override
      public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
        LaneRunnerTest.<RuntimeException>sneak(thrown);
      }
    };
  }

  @SuppressWarnings("unchecked") // throws checked exceptions unchecked
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private boolean drain(LaneRunner<byte[], byte[]> runner) {
    assertThat(partition.work().hasReady()).isTrue();
    return runner.serve(partition, slot, () -> false);
  }

  private int parked(OwnedPartition owned) {
    return owned.status(0, 0).waiting();
  }

  private int sending() {
    return partition.status(0, 0).deadLettering();
  }

  /** What the loop does when a retry is due. */
  private boolean dueAfter(Duration delay, LaneRunner<byte[], byte[]> runner) {
    time.advance(delay);
    Lane lane = waiting.takeDue(time.nanos());
    if (lane == null || !failures.due(lane)) {
      return false;
    }
    runner.serve(partition, slot, () -> false);
    return true;
  }

  @Test
  void shouldRunTheWholeLaneAndLeaveItIdle() {
    partition.add(Records.range(0, 5));
    assertThat(drain(runner(noting()))).isFalse();
    assertThat(handled).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(partition.isBusy(0)).isFalse();
    assertThat(partition.watermark()).isEqualTo(5);
    assertThat(counters.handled.sum()).isEqualTo(5);
  }

  @Test
  void shouldMakeProgressAndKeepTheLaneWhenTheTimeSliceIsOverBeforeTheFirstRecord() {
    partition.add(Records.range(0, 2));
    runner(noting());
    LaneRunner<byte[], byte[]> runner =
        of(
            noting(),
            new Time() {
              private long now;

              @Override
              public long nanos() {
                return now += SECOND.toNanos(); // each look costs a second: a long collection
              }

              @Override
              public long millis() {
                return 0;
              }
            });
    assertThat(runner.serve(partition, slot, () -> true)).as("to be queued again").isTrue();
    partition.work().came();
    slot.leave();
    assertThat(handled).as("one record a slice at least").containsExactly(0L);
    assertThat(partition.work().hasReady()).isTrue();
    assertThat(runner.serve(partition, slot, () -> true)).isFalse();
    assertThat(handled).containsExactly(0L, 1L);
  }

  @Test
  void shouldRetryUpToTheBoundAndThenBuryWithTheWholeHistory() {
    partition.add(Records.range(0, 2));
    LaneRunner<byte[], byte[]> runner = runner(failing(new IllegalStateException("no")));
    drain(runner);
    assertThat(parked(partition)).isEqualTo(1);
    assertThat(dueAfter(SECOND.minusNanos(1), runner)).as("too early").isFalse();
    assertThat(dueAfter(Duration.ofNanos(1), runner)).isTrue();
    assertThat(dueAfter(SECOND, runner)).isTrue();
    assertThat(sending()).isEqualTo(1);
    assertThat(partition.watermark()).as("not acknowledged").isZero();
    assertThat(sink.letters.get(0).attempts()).isEqualTo(3);
    assertThat(sink.letters.get(0).reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);

    sink.waiting.get(0).acknowledged("dlt");
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(partition.work().hasReady()).as("the next record is free").isTrue();
  }

  @Test
  void shouldTakeWhateverAHandlerThrowsForTheFailureOfThatRecord() {
    for (Throwable thrown :
        List.of(
            new OutOfMemoryError(),
            new StackOverflowError(),
            new LinkageError(),
            new InterruptedException(),
            new AssertionError(),
            new Throwable("bare"))) {
      OwnedPartition owned = Records.active(gate, 0);
      owned.add(Records.range(0, 1));
      LaneRunner<byte[], byte[]> runner = runner(failing(thrown));
      assertThat(runner.serve(owned, slot, () -> false)).isFalse();
      assertThat(parked(owned)).as("%s", thrown).isEqualTo(1);
      assertThat(Thread.interrupted()).isFalse();
    }
    assertThat(failures.sawOutOfMemory()).isFalse();
    partition.add(Records.range(0, 1));
    drain(runner(failing(new OutOfMemoryError())));
    assertThat(failures.sawOutOfMemory()).isTrue();
  }

  @Test
  void shouldNotLetAnInterruptOfOneRecordReachTheNext() {
    partition.add(Records.range(0, 2));
    List<Boolean> interrupted = new ArrayList<>();
    drain(
        runner(
            RecordHandler.of(
                (record, context) -> {
                  interrupted.add(Thread.currentThread().isInterrupted());
                  Thread.currentThread().interrupt();
                })));
    assertThat(interrupted).containsExactly(false, false);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void shouldDropByPolicyAndGoOn() {
    policy = policy.on(FailureAction.SKIP, IllegalStateException.class);
    partition.add(Records.range(0, 3));
    drain(runner(failing(new IllegalStateException())));
    assertThat(partition.watermark()).isEqualTo(3);
    assertThat(counters.skipped.sum()).isEqualTo(3);
  }

  @Test
  void shouldHoldTheLaneAndStopTheConsumerByPolicy() {
    policy = policy.on(FailureAction.STOP, IllegalStateException.class);
    partition.add(Records.range(0, 3));
    drain(runner(failing(new IllegalStateException())));
    assertThat(partition.stopped().heldOffset()).isZero();
    assertThat(fatal.get().reason()).contains("STOP").contains("orders-0@0");
  }

  @Test
  void shouldLetThePolicyDecideWhenTheHandlersClassifierThrows() {
    partition.add(Records.range(0, 1));
    drain(
        runner(
            new RecordHandler<>() {
              @Override
              public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                throw new IllegalStateException();
              }

              @Override
              public FailureAction classify(Throwable failure) {
                throw new StackOverflowError();
              }
            }));
    assertThat(parked(partition)).isEqualTo(1);
  }

  @Test
  void shouldBuryARecordWhoseBytesCannotBeReadAndGoOn() {
    sink.atOnce = true;
    partition.add(Records.range(0, 3));
    WorkerSlot<byte[], byte[]> picky =
        new WorkerSlot<>(
            Decoder.open(
                (kafka, isKey) -> new ByteArrayDeserializer(),
                (kafka, isKey) ->
                    (topic, bytes) -> {
                      if (sink.letters.isEmpty()) {
                        throw new IllegalArgumentException("no such form");
                      }
                      return bytes;
                    },
                Map.of()));
    LaneRunner<byte[], byte[]> runner = runner(noting());
    runner.serve(partition, picky, () -> false);
    assertThat(sink.letters)
        .singleElement()
        .satisfies(
            letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDESERIALIZABLE));
    runner.serve(partition, picky, () -> false);
    assertThat(handled).containsExactly(1L, 2L);
    assertThat(partition.watermark()).isEqualTo(3);
  }

  @Test
  void shouldKeepTheRecordWhileItsDeadLetterCannotBeSent() {
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    drain(runner(failing(new IllegalStateException())));
    sink.waiting.get(0).failed("dlt", "TimeoutException", SECOND);
    assertThat(partition.watermark()).as("not acknowledged").isZero();
    assertThat(sending()).isEqualTo(1);
    sink.waiting.get(0).acknowledged("dlt");
    assertThat(partition.watermark()).isEqualTo(1);
  }

  @Test
  void shouldHoldALaneLoudlyWithoutADeadLetterTopic() {
    used = null;
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    drain(runner(failing(new IllegalStateException())));
    assertThat(partition.stopped().heldOffset()).isZero();
    assertThat(partition.watermark()).isZero();
    events.close(SECOND.toNanos());
    assertThat(seen).anyMatch(SafeConsumerEvent.Blocked.class::isInstance);
  }

  @Test
  void shouldHoldALaneLoudlyWhenTheSinkItselfThrows() {
    sink.broken = true;
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    drain(runner(failing(new IllegalStateException())));
    assertThat(partition.status(0, 0).blocked()).isEqualTo(1);
    assertThat(burials.inFlight(List.of(partition))).isFalse();
  }

  @Test
  void shouldHoldALaneLoudlyWhenTheTopicCanNeverTakeTheLetter() {
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    drain(runner(failing(new IllegalStateException())));
    sink.waiting.get(0).blocked("no", "remedy");
    assertThat(partition.stopped().heldOffset()).isZero();
    assertThat(burials.inFlight(List.of(partition))).isFalse();
  }

  @Test
  void shouldForgetALetterThatWasAcknowledgedBeforeSendReturned() {
    sink.atOnce = true;
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 1));
    drain(runner(failing(new IllegalStateException())));
    assertThat(partition.watermark()).isEqualTo(1);
    assertThat(burials.inFlight(List.of(partition))).as("nothing is under way").isFalse();
  }

  @Test
  void shouldKnowTheNextLetterOfALaneWhoseFirstWasAcknowledgedBeforeSendReturned() {
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    DeadLetterSink outer =
        new DeadLetterSink() {
          private boolean nested;

          @Override
          public Sending send(DeadLetter letter, Progress progress) {
            Sending first = sink.send(letter, progress);
            if (!nested) {
              nested = true;
              progress.acknowledged("dlt"); // another worker takes the lane at once
              drain(runner(LaneRunnerTest.failing(new IllegalStateException()), this));
            }
            return first;
          }

          @Override
          public boolean failing() {
            return false;
          }

          @Override
          public void close(Duration bound) {}
        };
    LaneRunner<byte[], byte[]> runner = runner(failing(new IllegalStateException()), outer);
    drain(runner);
    assertThat(sink.letters).hasSize(2);
    assertThat(sending()).as("the second letter").isEqualTo(1);
    sink.inFlight = false;
    partition.end();
    burials.forgetEnded();
    assertThat(burials.isIdle()).as("nothing is kept of an ended ownership").isTrue();
  }

  private LaneRunner<byte[], byte[]> runner(
      RecordHandler<byte[], byte[]> handler, DeadLetterSink by) {
    if (used != by) {
      used = by;
      return runner(handler);
    }
    return of(handler, time);
  }

  @Test
  void shouldCountALateAcknowledgementButChangeNothingOfAnEndedOwnership() {
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 2));
    drain(runner(failing(new IllegalStateException())));
    assertThat(burials.inFlight(List.of(partition))).isTrue();
    partition.end();
    sink.waiting.get(0).acknowledged("dlt");
    assertThat(partition.watermark()).isZero();
    assertThat(counters.deadLettered.sum()).isEqualTo(1);
    assertThat(burials.inFlight(List.of(partition))).isFalse();
  }

  @Test
  void shouldBuryWhatAnEarlierOwnerOwedADeadLetterWithoutRunningTheHandler() {
    OwnedPartition inherited = Records.acquiring(gate);
    RetryEntry owed = new RetryEntry(0, 2, 0, 50, RetryEntry.Fate.NON_RETRYABLE);
    Records.open(inherited, 0, Records.note(0, List.of(owed), List.of()));
    inherited.add(Records.range(0, 2));

    runner(noting()).serve(inherited, slot, () -> false);

    assertThat(handled).isEmpty();
    DeadLetter letter = sink.letters.get(0);
    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.NON_RETRYABLE);
    assertThat(letter.attempts()).isEqualTo(2);
    assertThat(inherited.watermark()).as("not acknowledged").isZero();
    sink.waiting.get(0).acknowledged("dlt");
    assertThat(inherited.watermark()).isEqualTo(1);
  }

  @Test
  void shouldGoOnCountingAttemptsWhereAnEarlierOwnerWasAfterItsBackOff() {
    OwnedPartition inherited = Records.acquiring(gate);
    RetryEntry retried = new RetryEntry(0, 2, 0, 50, RetryEntry.Fate.RETRYING);
    Records.open(inherited, 0, Records.note(0, List.of(retried), List.of()));
    inherited.add(Records.range(0, 1));
    LaneRunner<byte[], byte[]> runner = runner(failing(new IllegalStateException("no")));

    runner.serve(inherited, slot, () -> false);
    assertThat(parked(inherited)).as("the back-off first").isEqualTo(1);
    assertThat(counters.attemptsFailed.sum()).isZero();
    time.advance(SECOND);
    assertThat(failures.due(waiting.takeDue(time.nanos()))).isTrue();
    runner.serve(inherited, slot, () -> false);

    assertThat(sink.letters.get(0).attempts()).as("the third is the last").isEqualTo(3);
  }

  @Test
  void shouldPauseAtTheFloodLimitAndNotBefore() {
    sink.atOnce = true;
    policy = RetryPolicy.none();
    partition.add(Records.range(0, 5));
    List<Set<PauseReason>> before = new ArrayList<>();
    drain(
        runner(
            RecordHandler.of(
                (record, context) -> {
                  before.add(gate.reasons());
                  throw new IllegalStateException();
                })));
    assertThat(before).as("not before").containsExactly(Set.of(), Set.of());
    assertThat(gate.reasons()).containsExactly(PauseReason.FLOOD);
    assertThat(partition.work().hasReady()).as("nothing starts any more").isFalse();
    assertThat(partition.watermark()).isEqualTo(2);
  }

  @Test
  void shouldEndTheSuspicionOfARecordThatSucceedsAtLast() {
    policy = policy.on(FailureAction.OUTAGE, IOException.class);
    partition.add(Records.range(0, 1));
    int[] tries = {0};
    LaneRunner<byte[], byte[]> runner =
        runner(
            RecordHandler.of(
                (record, context) -> {
                  if (tries[0]++ < 2) {
                    throw new IOException("away");
                  }
                }));
    drain(runner);
    assertThat(dueAfter(SECOND, runner)).isTrue();
    assertThat(dueAfter(SECOND, runner)).isTrue();
    assertThat(partition.watermark()).isEqualTo(1);

    long later = time.nanos() + 10;
    evidence.succeeded(later);
    assertThat(evidence.answeredSince(later - 1))
        .as("successes are not recorded any more")
        .isFalse();
  }

  @Test
  void shouldIgnoreTheResultOfARecordWhoseOwnershipEndedMeanwhile() {
    partition.add(Records.range(0, 2));
    drain(
        runner(
            RecordHandler.of(
                (record, context) -> {
                  assertThat(context.cancelled()).isFalse();
                  partition.end();
                  assertThat(context.cancelled()).isTrue();
                })));
    assertThat(partition.watermark()).isZero();
    assertThat(counters.handled.sum()).isZero();
  }

  @Test
  void shouldStartNothingAfterAStallThatMayHaveCostTheMembership() {
    partition.add(Records.range(0, 1));
    LaneRunner<byte[], byte[]> runner = runner(noting());
    expelled = true;
    assertThat(runner.serve(partition, slot, () -> false)).isFalse();
    assertThat(handled).isEmpty();
    assertThat(partition.work().hasReady()).as("the loop decides").isTrue();
    expelled = false;
    drain(runner);
    assertThat(handled).containsExactly(0L);
  }
}
