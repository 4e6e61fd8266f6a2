package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PauseReason;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a partition that may not start holds of the budget. */
class PausedShareTest {
  private final PauseGate gate = new PauseGate();

  /** One record fits into the window. */
  private final Admission admission =
      new Admission(
          Admission.Limits.of(
              Duration.ofMillis(4_200), Duration.ofSeconds(3), 1, Duration.ofSeconds(3), 1));

  private OwnedPartition owned(int number) {
    TopicPartition topicPartition = new TopicPartition("orders", number);
    OwnedPartition partition =
        new OwnedPartition(
            topicPartition,
            number,
            7,
            new PartitionRules("group", Ordering.PARTITION, 3, null, admission),
            gate);
    Records.open(partition, 0, null);
    partition.add(List.of(Records.at(topicPartition, 0), Records.at(topicPartition, 1)));
    return partition;
  }

  private void round(OwnedPartition... partitions) {
    admission.roundBegins();
    for (OwnedPartition partition : partitions) {
      partition.work().ask(1, 0, true);
    }
  }

  @Test
  void shouldLetOthersGoOnWhenAPausedPartitionHasWhatIsAdmitted() {
    OwnedPartition paused = owned(0);
    OwnedPartition other = owned(1);
    round(paused, other);
    paused.setPaused(PauseReason.USER, true);
    round(paused, other);
    round(paused, other);

    assertThat(other.work().begin(null, 0)).as("the other one's first record").isNotNull();
  }

  @Test
  void shouldCountWhatAPausedPartitionStillRuns() {
    OwnedPartition paused = owned(0);
    OwnedPartition other = owned(1);
    round(paused, other);
    assertThat(paused.work().begin(null, 0)).isNotNull();
    paused.setPaused(PauseReason.USER, true);
    round(paused, other);
    round(paused, other);

    assertThat(other.work().begin(null, 0)).as("nothing fits beside what runs").isNull();
    assertThat(admission.view().admitted()).isEqualTo(1);
  }
}
