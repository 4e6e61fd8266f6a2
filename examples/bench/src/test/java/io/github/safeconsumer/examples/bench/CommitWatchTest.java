package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.CommitWatch.Sight;
import io.github.safeconsumer.examples.bench.subject.Latencies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
  @Test
  void shouldCountFromHandledToTheFirstCommitBeyondTheRecord() {
    List<Sight> sights =
        List.of(
            new Sight(1_000, Map.of(0, 1L)),
            new Sight(2_000, Map.of(0, 2L, 1, 5L)),
            new Sight(9_000, Map.of(0, 3L, 1, 5L)));

    Latencies latencies =
        CommitWatch.latencies(
            sights,
            List.of(new long[] {0, 0, 900}, new long[] {0, 1, 950}, new long[] {1, 4, 500}));

    assertThat(latencies.count()).isEqualTo(3);
    assertThat(latencies.p50()).isEqualTo(1_050);
    assertThat(latencies.max()).isEqualTo(1_500);
  }

  @Test
  void shouldNotCountARecordWhenItWasNeverCommitted() {
    List<Sight> sights = List.of(new Sight(1_000, Map.of(0, 1L)));

    assertThat(CommitWatch.latencies(sights, List.of(new long[] {0, 1, 900})).count()).isZero();
  }
}
