package io.github.safeconsumer.sim.kafka;

import static io.github.safeconsumer.sim.kafka.Bed.P0;
import static io.github.safeconsumer.sim.kafka.Bed.P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.sim.kafka.Bed.Member;
import io.github.safeconsumer.support.GroupProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every outcome of a commit: applied or not, told or not. */
class SimulatedCommitsTest {
  @ParameterizedTest
  @EnumSource(names = {"EAGER", "CONSUMER"})
  void shouldLeaveTheOffsetAloneWhenACommitNeverArrives(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = owning(bed);
    bed.faults.next(FaultKind.COMMIT_NOT_APPLIED);

    assertThatThrownBy(() -> a.commit(P0, 5)).isInstanceOf(TimeoutException.class);

    assertThat(bed.committed(P0)).isEqualTo(-1);
    assertThat(bed.faults.counts()).containsEntry(FaultKind.COMMIT_NOT_APPLIED, 1L);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "CONSUMER"})
  void shouldHaveAppliedACommitWhoseAnswerWasLost(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = owning(bed);
    bed.faults.next(FaultKind.COMMIT_UNANSWERED);

    assertThatThrownBy(() -> a.commit(P0, 5)).isInstanceOf(TimeoutException.class);

    assertThat(bed.committed(P0)).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "CONSUMER"})
  void shouldHaveAppliedAnAsynchronousCommitWhoseAnswerWasLost(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = owning(bed);
    List<Exception> told = new ArrayList<>();
    bed.faults.next(FaultKind.COMMIT_UNANSWERED);
    a.client.commitAsync(Map.of(P0, new OffsetAndMetadata(5)), (offsets, e) -> told.add(e));

    bed.pass(100);
    assertThat(told).as("only inside a call of the client").isEmpty();
    a.poll();

    assertThat(bed.committed(P0)).isEqualTo(5);
    assertThat(told).singleElement().isInstanceOf(RetriableCommitFailedException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "COOPERATIVE", "CONSUMER"})
  void shouldRefuseTheCommitOfAMemberThatWasThrownOut(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = owning(bed);
    bed.faults.next(FaultKind.COMMIT_REJECTED);

    assertThatThrownBy(() -> a.commit(P0, 5)).isInstanceOf(CommitFailedException.class);

    assertThat(bed.committed(P0)).isEqualTo(-1);
    bed.until("back", () -> a.callbacks.size() > 1 && a.owns() == 2, a);
    assertThat(a.callbacks).startsWith("assigned 2", "lost 2").endsWith("assigned 2");
  }

  @Test
  void shouldTakeAnExpelledModernMembersCommitOnceTheGroupIsEmptyAndItsEpochForgotten() {
    Bed bed = new Bed(1, GroupProtocol.CONSUMER);
    Member a = owning(bed);
    bed.until("left", () -> bed.cluster.members(Bed.GROUP).isEmpty());

    a.commit(P0, 5);

    assertThat(bed.committed(P0)).isEqualTo(5);
    assertThat(a.owns()).as("it does not know yet").isEqualTo(2);
  }

  @Test
  void shouldRefuseACommitByItselfWhileAClassicMemberJoinsAgain() {
    Bed bed = new Bed(1, GroupProtocol.COOPERATIVE);
    Member a = owning(bed);
    Member b = bed.member("b");
    b.poll();
    bed.cluster.rebalance(Bed.GROUP);

    bed.until("joins again, and waits for the other", () -> refused(a), a);
    bed.until("shared", () -> a.owns() == 1 && b.owns() == 1, a, b);
    a.commit(P0, 6);

    assertThat(bed.committed(P0)).isEqualTo(6);
  }

  private static boolean refused(Member member) {
    try {
      member.commit(P0, 5);
      return false;
    } catch (RebalanceInProgressException refused) {
      return true;
    }
  }

  @Test
  void shouldRefuseANoteThatOneBrokerFindsTooLongAndTakeTheOtherPartitions() {
    Bed bed = new Bed(1, GroupProtocol.EAGER);
    Member a = owning(bed);
    bed.cluster.weakestMetadataLimit(3);
    bed.faults.next(FaultKind.COMMIT_METADATA_REFUSED);

    assertThatThrownBy(
            () ->
                a.client.commitSync(
                    Map.of(P0, new OffsetAndMetadata(5, "long"), P1, new OffsetAndMetadata(6))))
        .isInstanceOf(OffsetMetadataTooLarge.class);

    assertThat(bed.committed(P0)).isEqualTo(-1);
    assertThat(bed.committed(P1)).isEqualTo(6);
  }

  @Test
  void shouldShowToTheNextReaderWhatAToolCommittedOutsideOfTheGroup() {
    Bed bed = new Bed(1, GroupProtocol.EAGER);
    Member a = owning(bed);
    a.commit(P0, 5);

    bed.cluster.tamper(Bed.GROUP, P0, new OffsetAndMetadata(2, "mirrored"));
    bed.cluster.tamper(Bed.GROUP, P1, null);

    assertThat(a.client.committed(Set.of(P0, P1)))
        .containsEntry(P0, new OffsetAndMetadata(2, "mirrored"))
        .containsEntry(P1, null);
  }

  @ParameterizedTest
  @EnumSource(names = {"EAGER", "CONSUMER"})
  void shouldTimeOutWhileTheCoordinatorIsAwayAndCommitOnceItIsBack(GroupProtocol protocol) {
    Bed bed = new Bed(1, protocol);
    Member a = owning(bed);
    bed.cluster.moveCoordinator(Bed.GROUP, TimeUnit.SECONDS.toNanos(3));

    assertThatThrownBy(() -> a.commit(P0, 5)).isInstanceOf(TimeoutException.class);
    assertThat(bed.committed(P0)).isEqualTo(-1);
    a.commit(P0, 5);

    assertThat(bed.committed(P0)).isEqualTo(5);
  }

  private static Member owning(Bed bed) {
    Member a = bed.member("a");
    bed.until("owns all", () -> a.owns() == 2, a);
    bed.pass(2_000);
    return a;
  }
}
