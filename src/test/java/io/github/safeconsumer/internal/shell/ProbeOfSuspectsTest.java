package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Breaker;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.CrashGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PartitionRules;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.Records;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.Solitude;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Records that have to be named before they start can be the probe of an open breaker. */
class ProbeOfSuspectsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Breakers breakers =
      new Breakers(
          CircuitBreakerPolicy.consecutiveFailures(1).openFor(Duration.ofSeconds(1)),
          () -> 0,
          thrown -> FailureAction.OUTAGE,
          change -> {});
  private final Breaker breaker = breakers.consumer().breaker();
  private final PauseGate gate = new PauseGate(breaker);
  private final Assignment assignment =
      new Assignment(
          new Handshake(gate),
          gate,
          new PartitionRules(
              "group",
              Ordering.PARTITION,
              3,
              null,
              Admission.unbounded(),
              new CrashGuard(3, 1, new Solitude()),
              null,
              breakers,
              Spending.nothing()));
  private final Probes probes =
      new Probes(breakers, assignment, gate, new RetryQueue(), woken -> {});
  private OwnedPartition partition;
  private long now;

  /** Two owners died, and one of the first three records is to blame. */
  private void open() {
    CrashCase died = new CrashCase(2, List.of(new OffsetRange(0, 3)), -1, false, 0, 0);
    partition = assignment.takeOver(Records.PARTITION, 1);
    Records.open(
        partition,
        0,
        new Note(
            Identity.of(null, null), 0, Mode.CLOSED, 1, 0, died, List.of(), List.of(), List.of()));
    partition.add(Records.range(0, 5));
  }

  private Attempt turnsUntilOneStarts(int turns) {
    for (int i = 0; i < turns; i++) {
      now += MILLI;
      partition.suspects().step(now);
      probes.step(now);
      Records.confirm(partition, now);
      Attempt attempt = partition.work().begin(null, now);
      if (attempt != null) {
        return attempt;
      }
    }
    return null;
  }

  @Test
  void shouldNameASuspectWhenTheTimeOfAProbeHasCome() {
    open();
    breaker.failed(breaker.era(), FailureAction.OUTAGE, "any", now);
    assertThat(turnsUntilOneStarts(100)).as("the breaker is open").isNull();

    now += SECOND;
    Attempt probe = turnsUntilOneStarts(100);

    assertThat(probe).isNotNull();
    assertThat(probe.record().offset()).isZero();
    assertThat(probe.isOvertaken()).as("it may enter the handler").isFalse();
    assertThat(partition.work().begin(null, now)).as("and no other").isNull();

    breakers.succeeded(probe);
    partition.work().succeeded(probe);
    partition.work().giveBack(probe.lane());
    assertThat(breaker.isClosed()).isTrue();
    assertThat(turnsUntilOneStarts(100).record().offset()).as("the next, by itself").isOne();
  }

  @Test
  void shouldLeaveTheProcessToTheProbeOfAnotherPartition() {
    open();
    OwnedPartition other = assignment.takeOver(new TopicPartition("orders", 1), 1);
    Records.open(other, 0, null);
    other.add(List.of(Records.at(other.topicPartition(), 0)));
    breaker.failed(breaker.era(), FailureAction.OUTAGE, "any", now);
    now += SECOND;
    probes.step(now); // it is the only one that needs no name
    partition.suspects().step(now);

    Attempt probe = other.work().begin(null, now);

    assertThat(probe).as("the worker comes a little later, and may start it").isNotNull();
    breakers.succeeded(probe);
    other.work().succeeded(probe);
    other.work().giveBack(probe.lane());
    assertThat(turnsUntilOneStarts(100).record().offset()).as("then the suspects").isZero();
  }
}
