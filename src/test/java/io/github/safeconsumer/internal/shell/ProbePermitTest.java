package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Breaker;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PartitionRules;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.core.RetryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever becomes of a probe, its permit comes back: no breaker stays half open. */
class ProbePermitTest {
  private static final TopicPartition A = new TopicPartition("orders", 0);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Breakers breakers =
      new Breakers(
          CircuitBreakerPolicy.consecutiveFailures(1).openFor(Duration.ofSeconds(1)),
          () -> 0,
          thrown -> FailureAction.OUTAGE,
          change -> {});
  private final Breaker breaker = breakers.consumer().breaker();
  private final PauseGate gate = new PauseGate(breaker);
  private final Assignment assignment =
      new Assignment(new Handshake(gate), gate, new PartitionRules("group", Ordering.UNORDERED, 3));
  private final List<OwnedPartition> woken = new ArrayList<>();
  private final Probes probes =
      new Probes(breakers, assignment, gate, new RetryQueue(), woken::add);
  private OwnedPartition partition;
  private long now;

  @BeforeEach
  void openWithThreeRecords() {
    partition = assignment.takeOver(A, 1);
    Records.open(partition, 0, null);
    partition.add(List.of(Records.at(A, 0), Records.at(A, 1), Records.at(A, 2)));
    breaker.failed(breaker.era(), FailureAction.OUTAGE, "any", now);
    assertThat(partition.work().begin(null, now)).as("open").isNull();
    step(SECOND);
    assertThat(breaker.isHalfOpen()).isTrue();
    assertThat(woken).isNotEmpty();
  }

  private void step(long later) {
    now += later;
    probes.step(now);
  }

  private Attempt begin() {
    Attempt attempt = partition.work().begin(null, now);
    assertThat(attempt).isNotNull();
    return attempt;
  }

  @Test
  void shouldLetExactlyOneRecordThroughTheClosedGate() {
    Attempt attempt = begin();
    assertThat(attempt.record().offset()).isZero();
    assertThat(attempt.isOvertaken()).as("it may enter the handler").isFalse();
    assertThat(partition.work().begin(null, now)).as("and no other").isNull();
    step(10 * SECOND);
    assertThat(breaker.isHalfOpen()).as("it runs").isTrue();
    assertThat(partition.work().begin(null, now)).isNull();
  }

  @Test
  void shouldGiveThePermitBackWhenItsPartitionGoes() {
    Attempt attempt = begin();
    assignment.end(List.of(partition));
    step(1);
    assertThat(breaker.isHalfOpen()).isFalse();
    breakers.succeeded(attempt);
    assertThat(breaker.isClosed()).as("what it says does not count any more").isFalse();
  }

  @Test
  void shouldGiveThePermitBackWhenItsPartitionGoesBeforeItBegan() {
    assignment.end(List.of(partition));
    step(1);
    assertThat(breaker.isHalfOpen()).isFalse();
  }

  @Test
  void shouldGiveThePermitBackWhenAPauseComesBeforeItBegan() {
    gate.close(PauseReason.USER);
    assertThat(partition.work().begin(null, now)).isNull();
    step(1);
    assertThat(breaker.isHalfOpen()).isFalse();
    step(10 * SECOND);
    assertThat(breaker.isHalfOpen()).as("no probe while it is paused").isFalse();
    gate.open(PauseReason.USER);
    step(1);
    assertThat(begin().record().offset()).isNotNegative();
  }

  @Test
  void shouldGiveThePermitBackWhenItsStartIsTakenBack() {
    Attempt attempt = begin();
    gate.close(PauseReason.USER);
    assertThat(attempt.isOvertaken()).isTrue();
    assertThat(partition.work().withdraw(attempt)).isTrue();
    step(1);
    assertThat(breaker.isHalfOpen()).isFalse();
  }

  @Test
  void shouldCountAProbeThatWasAbandonedAsFailed() {
    begin().cancel();
    step(1);
    assertThat(breaker.isHalfOpen()).isFalse();
    assertThat(breaker.nanosToProbe(now, Long.MAX_VALUE)).isEqualTo(SECOND);
  }

  @Test
  void shouldGiveThePermitOfAnEarlierRunBack() {
    begin();
    Probes next = new Probes(breakers, assignment, gate, new RetryQueue(), woken::add);
    next.step(now + 1);
    assertThat(breaker.isHalfOpen()).isFalse();
  }

  @Test
  void shouldAskForAWorkerAgainUntilItHasBegun() {
    int before = woken.size();
    step(1);
    step(1);
    assertThat(woken).hasSize(before + 2);
    begin();
    step(1);
    assertThat(woken).hasSize(before + 2);
  }

  @Test
  void shouldBeVoidWhenTheBreakerIsClosedByHand() {
    breakers.tell(breaker.close(now));
    assertThat(begin()).isNotNull();
    assertThat(begin()).as("everybody").isNotNull();
    step(1);
    assertThat(breaker.isClosed()).isTrue();
  }
}
