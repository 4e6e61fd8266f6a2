package io.github.safeconsumer.sim.kafka;

import static io.github.safeconsumer.sim.kafka.Bed.P0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.sim.kafka.Bed.Member;
import io.github.safeconsumer.support.GroupProtocol;
import java.util.ConcurrentModificationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that die or stand still, and what the group makes of it. */
class SimulatedProcessesTest {
  @ParameterizedTest
  @EnumSource(names = {"EAGER", "COOPERATIVE", "CONSUMER"})
  void shouldNoticeAKilledProcessOnlyByItsSession(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = bed.member("a");
    Member b = bed.member("b");
    bed.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
    bed.pass(1_000);
    long killedAt = bed.seconds();
    a.process.kill();

    assertThatThrownBy(a::poll).isInstanceOf(ProcessKilled.class);
    assertThatThrownBy(a::close).isInstanceOf(ProcessKilled.class);
    bed.until("the other has all", () -> b.owns() == 2, b);

    assertThat(bed.seconds() - killedAt).isBetween(8L, 15L);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "COOPERATIVE", "CONSUMER"})
  void shouldTakeThePartitionsOfAProcessThatStandsStillAndTellItWhenItGoesOn(
      GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = bed.member("a");
    Member b = bed.member("b");
    bed.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
    long now = bed.world.nanos();
    a.process.stalled(now, now + TimeUnit.SECONDS.toNanos(30));
    a.callbacks.clear();

    bed.until("the other has all", () -> b.owns() == 2, b);
    assertThat(a.owns()).as("it knows nothing of it").isEqualTo(1);
    bed.until("goes on", () -> a.process.standsStillFor() == 0, b);
    bed.until("shared again", () -> a.owns() == 1 && b.owns() == 1, b, a);

    assertThat(a.callbacks).startsWith("lost 1");
  }

  @Test
  void shouldGiveAModernMemberNothingBeforeTheOtherAcknowledgedItsLoss() {
    Bed bed = new Bed(1, GroupProtocol.CONSUMER);
    Member a = bed.member("a");
    bed.until("owns all", () -> a.owns() == 2, a);
    Member b = bed.member("b");
    long start = bed.seconds();

    bed.until("something", () -> b.owns() > 0, b);

    assertThat(bed.seconds() - start).as("the rebalance time-out").isBetween(55L, 70L);
    assertThat(b.owns()).as("the other was thrown out, or left by itself").isEqualTo(2);
  }

  @Test
  void shouldReportASecondThreadInsideAClient() throws Exception {
    Bed bed = new Bed(1, GroupProtocol.EAGER);
    Member a = bed.member("a");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    bed.world.at(
        50_000,
        () -> {
          Thread second =
              new Thread(
                  () -> {
                    try {
                      a.client.paused();
                    } catch (ConcurrentModificationException refused) {
                      thrown.set(refused);
                    }
                  });
          second.start();
          join(second);
        });

    a.poll();

    assertThat(thrown.get()).isNotNull();
    assertThat(bed.violations).containsExactly("S1");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "CONSUMER"})
  void shouldApplyWhatADeadProcessHadSentBefore(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = bed.member("a");
    bed.until("owns all", () -> a.owns() == 2, a);
    bed.pass(2_000);
    a.client.commitAsync(
        java.util.Map.of(P0, new org.apache.kafka.clients.consumer.OffsetAndMetadata(3)),
        (offsets, failure) -> {});
    a.process.kill();

    bed.pass(100);

    assertThat(bed.committed(P0)).isEqualTo(3);
  }
}
