package io.github.safeconsumer.examples.bench.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.trial.Run;
import io.github.safeconsumer.examples.bench.trial.Seen;
import io.github.safeconsumer.examples.bench.trial.Trial;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShareTest {
  private static Trial trial;

  @BeforeAll
  static void startBroker() throws Exception {
    trial = new Trial();
  }

  @AfterAll
  static void stopBroker() {
    trial.close();
  }

  private static Seen run(Run run) throws Exception {
    RunSpec spec = trial.complete(run);
    Seen seen = trial.run(new Share(), spec);
    assertAcknowledged(spec);
    return seen;
  }

  /**
   * The start offset that the broker knows of is behind by the last acknowledgement, lag is not.
   */
  private static void assertAcknowledged(RunSpec spec) throws Exception {
    try (Admin admin = trial.admin()) {
      long lag =
          admin
              .listShareGroupOffsets(Map.of(spec.group(), new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(spec.group())
              .get()
              .values()
              .stream()
              .mapToLong(info -> info.lag().orElseThrow())
              .sum();
      assertThat(lag).isZero();
    }
  }

  @Test
  void shouldHandleAllWhenOneConsumerDoesNoWork() throws Exception {
    Seen seen = run(Run.plain());

    assertThat(seen.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void shouldHaveAConsumerForEachThreadWhenWorkWaits() throws Exception {
    Seen seen = run(Run.plain().concurrency(16).waiting());

    assertThat(seen.mostAtOnce()).isBetween(2, 16);
  }

  @Test
  void shouldHandleAllWhenConsumersHaveSeveralThreadsEach() throws Exception {
    Seen seen = run(Run.plain().concurrency(200).waiting());

    assertThat(seen.mostAtOnce()).isBetween(2, 200);
  }

  @Test
  void shouldHandleAllWhenMembersShareThePartitions() throws Exception {
    run(Run.plain().concurrency(2).members(4));
  }

  @Test
  void shouldHandleAllInBatchesOfTheSizeAskedFor() throws Exception {
    Seen seen = run(Run.plain().concurrency(2).batchSize(50));

    assertThat(seen.largestCall()).isBetween(2, 50);
  }

  @Test
  void shouldDecodeOrders() throws Exception {
    run(Run.plain().orders());
  }
}
