package io.github.safeconsumer.examples.bench.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.trial.Run;
import io.github.safeconsumer.examples.bench.trial.Seen;
import io.github.safeconsumer.examples.bench.trial.Trial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpringTest {
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
    Seen seen = trial.run(new Spring(), spec);
    trial.assertCommitted(spec);
    return seen;
  }

  @Test
  void shouldHandleAllInOrderWhenOneContainerHasAllPartitions() throws Exception {
    Seen seen = run(Run.plain());

    assertThat(seen.mostAtOnce()).isEqualTo(1);
    assertThat(seen.isPartitionOrderKept()).isTrue();
  }

  @Test
  void shouldHaveOneContainerForEachPartitionAtMostWhenMoreAreAskedFor() throws Exception {
    Seen seen = run(Run.plain().concurrency(64).waiting());

    assertThat(seen.mostAtOnce()).isBetween(2, Trial.PARTITIONS);
    assertThat(seen.isPartitionOrderKept()).isTrue();
  }

  @Test
  void shouldHandleAllWhenMembersShareThePartitions() throws Exception {
    Seen seen = run(Run.plain().concurrency(64).members(4));

    assertThat(seen.mostAtOnce()).isLessThanOrEqualTo(Trial.PARTITIONS);
  }

  @Test
  void shouldHandleAllInBatchesOfTheSizeAskedFor() throws Exception {
    Seen seen = run(Run.plain().batchSize(200));

    assertThat(seen.largestCall()).isBetween(2, 200);
  }

  @Test
  void shouldDecodeOrders() throws Exception {
    run(Run.plain().orders());
  }
}
