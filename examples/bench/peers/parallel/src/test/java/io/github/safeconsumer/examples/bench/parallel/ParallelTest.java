package io.github.safeconsumer.examples.bench.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;
import io.github.safeconsumer.examples.bench.trial.Run;
import io.github.safeconsumer.examples.bench.trial.Seen;
import io.github.safeconsumer.examples.bench.trial.Trial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParallelTest {
  private static final int CONCURRENCY = 16;

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
    Seen seen = trial.run(new Parallel(), spec);
    trial.assertCommitted(spec);
    return seen;
  }

  @ParameterizedTest
  @EnumSource(Ordering.class)
  void shouldHandleAllWithTheConcurrencyAskedForInEachOrdering(Ordering ordering) throws Exception {
    Seen seen = run(Run.plain().ordering(ordering).concurrency(CONCURRENCY).waiting());

    boolean ofPartition = ordering == Ordering.PARTITION;
    assertThat(seen.mostAtOnce()).isBetween(2, ofPartition ? Trial.PARTITIONS : CONCURRENCY);
    assertThat(seen.isPartitionOrderKept()).isEqualTo(ofPartition);
  }

  @Test
  void shouldHandleAllInOrderWhenTheBufferHasAGivenSize() throws Exception {
    Seen seen = run(Run.plain().concurrency(CONCURRENCY));

    assertThat(seen.isPartitionOrderKept()).isTrue();
  }

  @Test
  void shouldHandleAllWhenMembersShareThePartitions() throws Exception {
    run(Run.plain().ordering(Ordering.KEY).concurrency(CONCURRENCY).members(4));
  }

  @Test
  void shouldHandleAllInBatchesOfTheSizeAskedFor() throws Exception {
    Seen seen = run(Run.plain().ordering(Ordering.UNORDERED).concurrency(4).batchSize(200));

    assertThat(seen.largestCall()).isBetween(2, 200);
  }

  @Test
  void shouldDecodeOrders() throws Exception {
    run(Run.plain().ordering(Ordering.KEY).concurrency(CONCURRENCY).orders());
  }
}
