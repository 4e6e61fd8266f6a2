package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  private static final TopicPartition A = new TopicPartition("orders", 0);
  private static final TopicPartition B = new TopicPartition("orders", 1);

  private final PauseGate gate = new PauseGate();
  private final Handshake handshake = new Handshake(gate);
  private final Assignment assignment =
      new Assignment(handshake, gate, new PartitionRules("group", Ordering.PARTITION, 3));

  @Test
  void shouldGiveEachOwnershipAHigherEpochAndEndTheOneBefore() {
    OwnedPartition first = assignment.takeOver(A, 1);
    OwnedPartition second = assignment.takeOver(A, 1);
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(first.isEnded()).isTrue();
    assertThat(assignment.get(A)).isSameAs(second);
    assignment.end(List.of(second));
    assertThat(assignment.takeOver(A, 1).epoch()).isGreaterThan(second.epoch());
  }

  @Test
  void shouldNeverLowerTheFencingToken() {
    assignment.takeOver(A, 9);
    assertThat(assignment.takeOver(A, 3).generation()).isEqualTo(9);
    assertThat(assignment.takeOver(B, 12).generation()).isEqualTo(12);
  }

  @Test
  void shouldNotEndANewOwnershipWithAnOldOne() {
    OwnedPartition old = assignment.takeOver(A, 1);
    OwnedPartition now = assignment.takeOver(A, 2);
    assignment.end(List.of(old));
    assertThat(assignment.get(A)).isSameAs(now);
    assertThat(now.isEnded()).isFalse();
  }

  @Test
  void shouldRememberAnAttemptThatOutlivedItsOwnershipUntilItLeavesTheHandler() {
    OwnedPartition first = assignment.takeOver(A, 1);
    Records.open(first, 0, null);
    first.add(Records.at(0));
    Attempt hung = first.work().begin(null, 0);
    assignment.end(List.of(first));

    OwnedPartition second = assignment.takeOver(A, 2);
    assertThat(second.predecessor()).isSameAs(hung);
    assignment.end(List.of(second));
    OwnedPartition third = assignment.takeOver(A, 3);
    assertThat(third.predecessor()).as("however often it changes hands").isSameAs(hung);
    assertThat(assignment.takeOver(B, 3).predecessor()).isNull();

    hung.markReturned();
    assertThat(third.predecessor()).isNull();
    assertThat(assignment.takeOver(A, 4).predecessor()).isNull();
  }

  @Test
  void shouldFindOnlyWhatIsOwned() {
    OwnedPartition owned = assignment.takeOver(A, 1);
    assertThat(assignment.get(List.of(A, B))).containsExactly(owned);
    assignment.end(List.of(owned));
    assertThat(assignment.get(A)).isNull();
    assertThat(assignment.all()).isEmpty();
  }

  @Test
  void shouldKeepACallersPauseOverEveryTakeOver() {
    handshake.pause(List.of(A), (partition, paused) -> {});
    for (int i = 0; i < 3; i++) {
      assertThat(assignment.takeOver(A, i).reasons()).contains(PauseReason.USER);
      assertThat(assignment.takeOver(B, i).reasons()).doesNotContain(PauseReason.USER);
    }
  }
}
