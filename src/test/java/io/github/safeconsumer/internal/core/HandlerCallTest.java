package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A call ends or is abandoned, never both; and only after its deadline and its grace. */
class HandlerCallTest {
  private static final long TIMEOUT = Duration.ofSeconds(30).toNanos();
  private static final long GRACE = Duration.ofSeconds(10).toNanos();
  private static final long WALL = 1_700_000_000_000L;

  /** The monotonic clock overflows before the deadline. */
  private static final long BEGUN = Long.MAX_VALUE - TIMEOUT / 2;

  private final PauseGate gate = new PauseGate();
  private long now = BEGUN;
  private int interrupts;

  private Attempt begin(HandlerTimeout timeout) {
    OwnedPartition partition =
        Records.open(
            new OwnedPartition(
                Records.PARTITION,
                1,
                7,
                new PartitionRules(
                    "group",
                    Ordering.PARTITION,
                    3,
                    null,
                    Admission.unbounded(),
                    CrashGuard.off(),
                    timeout),
                gate),
            0,
            null);
    partition.add(Records.range(0, 1));
    return Objects.requireNonNull(partition.work().begin(null, BEGUN));
  }

  private Attempt begin() {
    return begin(new HandlerTimeout(TIMEOUT, () -> now, () -> WALL));
  }

  private boolean interrupt(HandlerCall call) {
    return call.interruptIfDue(now, () -> interrupts++);
  }

  @Test
  void shouldInterruptAtTheDeadlineAndAbandonAfterTheGraceOnceEach() {
    Attempt call = begin();
    now = BEGUN + TIMEOUT - 1;
    assertThat(call.isDue(now)).isFalse();
    assertThat(interrupt(call)).isFalse();
    now++;
    assertThat(interrupt(call)).isTrue();
    assertThat(interrupt(call)).as("once").isFalse();
    assertThat(interrupts).isEqualTo(1);
    assertThat(call.cancelled()).as("its result still counts").isFalse();
    now += GRACE - 1;
    assertThat(call.abandonIfDue(now)).isFalse();
    now++;
    assertThat(call.abandonIfDue(now)).isTrue();
    assertThat(call.abandonIfDue(now)).as("once").isFalse();
    assertThat(call.cancelled()).isTrue();
    assertThat(call.isOver()).as("the next attempt of its lane need not wait").isTrue();
    assertThat(call.hasReturned()).isFalse();
    assertThat(call.returns()).as("too late").isFalse();
  }

  @Test
  void shouldLeaveACallAloneThatReturned() {
    Attempt call = begin();
    assertThat(call.returns()).isTrue();
    now = BEGUN + TIMEOUT + GRACE;
    assertThat(call.isDue(now)).isFalse();
    assertThat(interrupt(call)).isFalse();
    assertThat(call.abandonIfDue(now)).isFalse();
    assertThat(call.isOverdue()).isFalse();
    assertThat(interrupts).isZero();
  }

  @Test
  void shouldCountWhatReturnsDuringTheGrace() {
    Attempt call = begin();
    now = BEGUN + TIMEOUT;
    assertThat(interrupt(call)).isTrue();
    assertThat(call.isOverdue()).isTrue();
    assertThat(call.returns()).isTrue();
    now += GRACE;
    assertThat(call.abandonIfDue(now)).isFalse();
    assertThat(call.cancelled()).isFalse();
  }

  @Test
  void shouldGiveTheWholeGraceAlsoWhereTheWatchdogComesLate() {
    Attempt call = begin();
    now = BEGUN + TIMEOUT + 10 * GRACE; // the process stood still
    assertThat(interrupt(call)).isTrue();
    assertThat(call.abandonIfDue(now)).isFalse();
    now += GRACE;
    assertThat(call.abandonIfDue(now)).isTrue();
  }

  @Test
  void shouldCancelAndThenAbandonACallThatIsNoThreadAnyMore() {
    Attempt call = begin();
    assertThat(call.cancelIfDue(BEGUN + TIMEOUT)).as("still on its thread").isFalse();
    assertThat(call.detach()).isTrue();
    now = BEGUN + TIMEOUT;
    assertThat(interrupt(call)).as("the thread has gone on with another record").isFalse();
    assertThat(call.cancelIfDue(now)).isTrue();
    assertThat(call.cancelIfDue(now)).isFalse();
    now += GRACE - 1;
    assertThat(call.abandonIfDue(now)).isFalse();
    now++;
    assertThat(call.cancelIfDue(now)).as("does not begin the grace anew").isFalse();
    assertThat(call.abandonIfDue(now)).isTrue();
    assertThat(call.returns()).isFalse();
  }

  @Test
  void shouldCancelTheStageOfACallThatWasInterruptedWhileItBegan() {
    Attempt call = begin();
    now = BEGUN + TIMEOUT;
    assertThat(interrupt(call)).isTrue();
    assertThat(call.detach()).isTrue();
    assertThat(call.cancelIfDue(now)).isTrue();
    assertThat(call.returns()).isTrue();
  }

  @Test
  void shouldShowItsDeadlineByTheWallClockAndMoveItOnlyLaterAndOnlyInTime() {
    Attempt call = begin();
    Instant first = Instant.ofEpochMilli(WALL).plusNanos(TIMEOUT);
    assertThat(call.deadline()).isEqualTo(first);
    call.extendDeadline(Duration.ofSeconds(1));
    assertThat(call.deadline()).as("it has longer anyway").isEqualTo(first);
    now = BEGUN + TIMEOUT - 1;
    call.extendDeadline(Duration.ofMinutes(5));
    now = BEGUN + TIMEOUT;
    assertThat(interrupt(call)).isFalse();
    now = BEGUN + TIMEOUT - 1 + Duration.ofMinutes(5).toNanos();
    call.extendDeadline(Duration.ofMinutes(5));
    assertThat(interrupt(call)).as("the deadline had passed").isTrue();
    call.extendDeadline(Duration.ofHours(1));
    now += GRACE;
    assertThat(call.abandonIfDue(now)).isTrue();
  }

  @Test
  void shouldNeverBeDueWithoutATimeout() {
    Attempt call = begin(null);
    call.extendDeadline(Duration.ofSeconds(1));
    assertThat(call.deadline()).isEqualTo(Instant.MAX);
    assertThat(call.isDue(BEGUN + Long.MAX_VALUE / 2)).isFalse();
  }

  @Test
  void shouldRefuseAnExtensionThatIsNone() {
    Attempt call = begin();
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofHours(24).plusNanos(1))) {
      assertThatThrownBy(() -> call.extendDeadline(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("time=");
    }
  }

  @Test
  void shouldEndAllRecordsOfABatchTogether() {
    Attempt one = begin();
    BatchCall call = new BatchCall(List.of(List.of(one)));
    now = BEGUN + TIMEOUT;
    assertThat(interrupt(call)).isTrue();
    now += GRACE;
    assertThat(call.abandonIfDue(now)).isTrue();
    assertThat(one.cancelled()).isTrue();
    assertThat(one.isOver()).isTrue();
  }

  @Test
  void shouldNotLetACallEndWhileItsInterruptIsOnTheWay() throws Exception {
    Attempt call = begin();
    now = BEGUN + TIMEOUT;
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch send = new CountDownLatch(1);
    AtomicBoolean sent = new AtomicBoolean();
    Thread watchdog =
        new Thread(
            () ->
                call.interruptIfDue(
                    now,
                    () -> {
                      sending.countDown();
                      awaitQuietly(send);
                      sent.set(true);
                    }));
    watchdog.start();
    sending.await();
    AtomicBoolean sentBefore = new AtomicBoolean();
    Thread worker =
        new Thread(
            () -> {
              if (call.returns()) {
                sentBefore.set(sent.get());
              }
            });
    worker.start();
    while (worker.getState() != Thread.State.BLOCKED && worker.isAlive()) {
      Thread.onSpinWait();
    }
    send.countDown();
    watchdog.join();
    worker.join();
    assertThat(sentBefore).as("the interrupt had arrived when the call was over").isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
