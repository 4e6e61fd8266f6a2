package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.internal.metadata.Mode;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No record at or past the confirmed end of the lease starts. */
class LeaseTest {
  @Test
  void shouldNeverLowerTheEndItAsksForNorTheOneInForce() {
    Seeds.each(
        50,
        random -> {
          long next = random.nextInt(1_000);
          long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(random.nextInt(100));
          Lease lease = new Lease(next, now);
          long asked = next;
          long inForce = next;
          for (int i = 0; i < 300; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(random.nextInt(300));
            next += random.nextInt(random.nextBoolean() ? 3 : 50_000);
            long end = lease.renew(next, false, now);
            assertThat(end).isGreaterThanOrEqualTo(asked).isGreaterThanOrEqualTo(next + 1_000);
            assertThat(lease.end()).as("not by asking").isEqualTo(inForce);
            asked = end;
            if (random.nextBoolean()) {
              boolean more = end > inForce;
              assertThat(lease.confirmed(end)).isEqualTo(more);
              assertThat(lease.confirmed(end - random.nextInt(5))).as("again, or less").isFalse();
              inForce = Math.max(inForce, end);
            }
            assertThat(lease.end()).isEqualTo(inForce);
          }
        });
  }

  @Test
  void shouldAskForTenSecondsAheadAtThePresentRate() {
    Lease lease = new Lease(0, 0);
    assertThat(lease.renew(0, false, 0)).isEqualTo(1_000);
    assertThat(lease.renew(10_000, false, TimeUnit.SECONDS.toNanos(1))).isEqualTo(110_000);
    assertThat(lease.renew(Long.MAX_VALUE - 5, false, TimeUnit.SECONDS.toNanos(2)))
        .as("the end of all offsets")
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldStartNothingAtOrPastTheEndUntilACommitThatHoldsALaterOneIsConfirmed() {
    OwnedPartition partition = Records.active(new PauseGate(), Ordering.UNORDERED, 0);
    partition.add(Records.at(999, 1_000, 1_001));
    Attempt first = Objects.requireNonNull(partition.work().begin(null, 0));
    assertThat(first.record().offset()).isEqualTo(999);
    assertThat(partition.work().begin(null, 0)).as("1000 is the end").isNull();
    assertThat(partition.isCommitUrgent()).as("they wait for it").isTrue();
    assertThat(partition.work().hasReady()).isFalse();

    Progress renewal = Objects.requireNonNull(partition.progress(-1, 0));
    assertThat(renewal.leaseEnd()).isGreaterThan(1_001);
    assertThat(partition.work().begin(null, 0)).as("sent, not confirmed").isNull();
    partition.confirm(renewal, "note", 0);
    assertThat(Objects.requireNonNull(partition.work().begin(null, 0)).record().offset())
        .isEqualTo(1_000);
    assertThat(Objects.requireNonNull(partition.work().begin(null, 0)).record().offset())
        .isEqualTo(1_001);
    assertThat(partition.isCommitUrgent()).isFalse();
  }

  @Test
  void shouldStopALaneThatRunsAtTheEndOfTheLease() {
    OwnedPartition partition = Records.active(new PauseGate(), 0);
    partition.add(Records.at(999, 1_000));
    Attempt first = Objects.requireNonNull(partition.work().begin(null, 0));
    partition.work().succeeded(first);
    assertThat(partition.work().begin(first.lane(), 0)).isNull();
    Records.confirm(partition, 0);
    assertThat(Objects.requireNonNull(partition.work().begin(null, 0)).record().offset())
        .isEqualTo(1_000);
  }

  @Test
  void shouldBoundNothingWhereTheBrokersTakeNoNote() {
    OwnedPartition partition = Records.active(new PauseGate(), 0);
    partition.leaves(Mode.LEAVING);
    partition.confirm(Objects.requireNonNull(partition.progress(-1, 0)), "", 0);
    partition.add(Records.at(5_000_000));
    assertThat(partition.work().begin(null, 0)).isNotNull();
  }

  @Test
  void shouldGrowWithEachCommitWhenItWasUsedUpAtOnce() {
    Lease lease = new Lease(0, 0);
    long millis = TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(lease.renew(0, false, 0)).isEqualTo(1_000);
    assertThat(lease.renew(1_000, true, 10 * millis)).isEqualTo(9_000);
    assertThat(lease.renew(9_000, true, 20 * millis)).isEqualTo(73_000);
    assertThat(lease.renew(73_000, true, 99 * millis)).isEqualTo(73_000 + 512_000);
    assertThat(lease.renew(100_000, true, 100 * millis)).as("bounded").isEqualTo(1_100_000);
  }
}
