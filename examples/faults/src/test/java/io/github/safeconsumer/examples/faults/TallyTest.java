package io.github.safeconsumer.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A journal adds up. */
class TallyTest {
  private static final Place PLACE = new Place(0, 7);

  private final Journals journal = new Journals();

  @Test
  void shouldCountARebalanceOnceHoweverManyMembersItGivesPartitionsTo() {
    journal.at(500).assigned(0, 0, 1, 2);
    journal.at(2_000).assigned(0, 0, 1).assigned(1, 2);
    journal.at(3_000).assigned(0, 0).assigned(1, 2).assigned(2, 1);

    assertThat(journal.tally().rebalancesSince(Journals.START)).isEqualTo(2);
  }

  @Test
  void shouldCallAGroupSharedWhenEachMemberHasAPartition() {
    journal.assigned(0, 0, 1, 2);
    assertThat(journal.tally().isShared(3, 3)).isFalse();

    journal.assigned(0, 0).assigned(1, 1);
    assertThat(journal.tally().isShared(3, 3)).as("the third has none yet").isFalse();

    journal.assigned(2, 2);
    assertThat(journal.tally().isShared(3, 3)).isTrue();
    assertThat(journal.tally().owns(102)).isTrue();
    assertThat(journal.tally().owns(103)).isFalse();
  }

  @Test
  void shouldNotCountAFailedAttemptAsDone() {
    journal.failed(PLACE).failed(PLACE);

    assertThat(journal.tally().attempts(PLACE)).isEqualTo(2);
    assertThat(journal.tally().completions(PLACE)).isZero();
  }

  @Test
  void shouldTakeTheFirstCompletionForTheTime() {
    journal.at(2_000).done(PLACE).at(9_000).done(PLACE);

    assertThat(journal.tally().allDoneAt(List.of(PLACE))).hasValue(2_000);
    assertThat(journal.tally().duplicates()).isEqualTo(1);
  }
}
