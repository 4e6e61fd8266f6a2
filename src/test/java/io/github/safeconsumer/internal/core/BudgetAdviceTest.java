package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.BudgetStatus.TopicLatency;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetAdviceTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final long WINDOW = SECONDS.toNanos(21);
  private static final int IN_FORCE = 500;
  private static final Set<String> OWNED = Set.of("orders", "fast", "slow", "first", "never-seen");

  @Test
  void shouldRecommendWhatAPlainLoopCouldTakeAndShowTheSum() {
    BudgetStatus budget = advice(Ordering.PARTITION, 8, 1, view(topic("orders", 100, 120, 7)));

    assertThat(budget.maxPollRecords()).isEqualTo(IN_FORCE);
    assertThat(budget.recommendedMaxPollRecords()).isEqualTo(175);
    PollBudget reckoned = PollBudget.of(INTERVAL, Duration.ofMillis(120));
    assertThat(budget.recommendedInterval()).isEqualTo(reckoned.intervalFor(IN_FORCE));
    assertThat(budget.recommendedInterval()).isGreaterThan(Duration.ofSeconds(85));
    assertThat(budget.sum()).isEqualTo(reckoned.sum(IN_FORCE)).contains("500", "120 ms");
  }

  @Test
  void shouldTakeTwentyRecordsForEvidenceOrAFewThatTookLong() {
    assertThat(BudgetAdvice.isEvident(topic("orders", 19, 1, 0))).isFalse();
    assertThat(BudgetAdvice.isEvident(topic("orders", 20, 1, 0))).isTrue();
    assertThat(BudgetAdvice.isEvident(topic("slow", 9, 1_000, 0))).as("4.5 s").isFalse();
    assertThat(BudgetAdvice.isEvident(topic("slow", 10, 1_000, 0))).as("5 s").isTrue();
    assertThat(BudgetAdvice.isEvident(topic("slow", 2, 3_600_000, 0))).as("by chance").isFalse();
    assertThat(BudgetAdvice.isEvident(topic("slow", 3, 3_600_000, 0))).isTrue();
    assertThat(BudgetAdvice.isEvident(topic("none", 0, 3_600_000, 0))).isFalse();
  }

  @Test
  void shouldRoundWhatWasMeasuredUpToWhatAPersonWrites() {
    for (long nanos : new long[] {119_837_462, 119_000_001, 120_000_000}) {
      LoadView view = view(new LoadView.Topic("orders", 1, 100, 1, 1, 1, nanos, 175));
      assertThat(advice(Ordering.PARTITION, 1, 1, view).sum()).contains("500 records x 120 ms =");
    }
    LoadView quick = view(new LoadView.Topic("orders", 1, 100, 1, 1, 1, 1_234_567, 17_010));
    assertThat(advice(Ordering.PARTITION, 1, 1, quick).sum()).contains(" x 1.24 ms =");
  }

  @Test
  void shouldCountOnlyPartitionsThatAreOwnedWhenTheyAreTheLanes() {
    LoadView view = view(topic("orders", 100, 1_000, 0));

    assertThat(advice(Ordering.PARTITION, 8, 3, view).parallelism()).isEqualTo(3);
    assertThat(advice(Ordering.PARTITION, 8, 3, view).records()).isEqualTo(3 * 21);
    assertThat(advice(Ordering.PARTITION, 2, 3, view).parallelism()).isEqualTo(2);
    assertThat(advice(Ordering.KEY, 8, 3, view).parallelism()).isEqualTo(8);
    assertThat(advice(Ordering.UNORDERED, 8, 3, view).records()).isEqualTo(8 * 21);
  }

  @Test
  void shouldLetTheSlowestTopicDecideThatHasRecords() {
    LoadView view =
        view(
            topic("fast", 1_000, 1, 5),
            topic("slow", 50, 700, 0),
            topic("never-seen", 0, 9_000, 0));

    BudgetStatus budget = advice(Ordering.PARTITION, 1, 3, view);

    assertThat(BudgetAdvice.slowest(view, OWNED).orElseThrow().topic()).isEqualTo("slow");
    assertThat(budget.recommendedMaxPollRecords()).isEqualTo(30);
    assertThat(budget.records()).isEqualTo(30);
    assertThat(budget.latencies())
        .extracting(TopicLatency::topic)
        .containsExactly("fast", "slow", "never-seen");
  }

  @Test
  void shouldNotReckonWithATopicThatIsOwnedNoMore() {
    LoadView view = view(topic("fast", 1_000, 1, 0), topic("revoked", 1_000, 700, 0));

    assertThat(advice(Ordering.PARTITION, 1, 1, view).recommendedMaxPollRecords())
        .isEqualTo(21_000);
  }

  @Test
  void shouldLetATopicDecideWhoseFirstRecordsAreAdmitted() {
    LoadView view = view(topic("fast", 1_000, 1, 5), topic("first", 0, 9_000, 1));

    assertThat(BudgetAdvice.slowest(view, OWNED).orElseThrow().topic()).isEqualTo("first");
  }

  @Test
  void shouldRecommendNothingWhileTheLatencyIsNeitherObservedNorDeclared() {
    LoadView view = view(topic("orders", 0, 10, 3));

    BudgetStatus unknown = advice(Ordering.PARTITION, 1, 1, view);
    BudgetStatus declared =
        BudgetAdvice.of(limits(Ordering.PARTITION, 1, true), work(1, OptionalLong.empty()), view);

    assertThat(unknown.sum()).isEmpty();
    assertThat(unknown.recommendedMaxPollRecords()).isEqualTo(IN_FORCE);
    assertThat(unknown.recommendedInterval()).isEqualTo(INTERVAL);
    assertThat(unknown.records()).as("what admission reckons with").isEqualTo(2_100);
    assertThat(declared.sum()).isNotEmpty();
    assertThat(declared.recommendedMaxPollRecords()).isEqualTo(2_100);
  }

  @Test
  void shouldTellOfNoBudgetWithoutAPartition() {
    BudgetStatus budget = advice(Ordering.KEY, 8, 0, view(topic("orders", 100, 120, 0)));

    assertThat(budget.parallelism()).isZero();
    assertThat(budget.records()).isZero();
    assertThat(budget.sum()).isEmpty();
    assertThat(budget.recommendedMaxPollRecords()).isEqualTo(IN_FORCE);
    assertThat(budget.window()).isEqualTo(Duration.ofSeconds(21));
    assertThat(advice(Ordering.KEY, 8, 2, view()).records()).as("no topic yet").isZero();
    assertThat(advice(Ordering.KEY, 8, 2, view()).parallelism()).isEqualTo(8);
  }

  @Test
  void shouldTellWhatTheAdmissionSees() {
    LoadView view =
        new LoadView(WINDOW, 42, 12.5, List.of(new LoadView.Topic("orders", 42, 7, 1, 2, 3, 4, 5)));

    BudgetStatus budget = advice(Ordering.KEY, 2, 1, view);

    assertThat(budget.admitted()).isEqualTo(42);
    assertThat(budget.buffered()).isEqualTo(33);
    assertThat(budget.utilisation()).isEqualTo(0.25);
    assertThat(budget.maxRecordsPerSecond()).hasValue(12.5);
    assertThat(budget.records()).isEqualTo(10);
    assertThat(budget.latencies())
        .containsExactly(new TopicLatency("orders", 7, nanos(1), nanos(2), nanos(3), nanos(4)));
    assertThat(advice(Ordering.KEY, 2, 1, view()).maxRecordsPerSecond()).as("no limit").isEmpty();
  }

  @Test
  void shouldTellHowLongThePresentLagTakesWhereLagAndRateAreKnown() {
    OptionalDouble rate = OptionalDouble.of(200);

    assertThat(drain(OptionalLong.of(1_000), rate)).hasValue(Duration.ofSeconds(5));
    assertThat(drain(OptionalLong.of(0), OptionalDouble.empty())).hasValue(Duration.ZERO);
    assertThat(drain(OptionalLong.empty(), rate)).isEmpty();
    assertThat(drain(OptionalLong.of(1_000), OptionalDouble.empty())).isEmpty();
    assertThat(drain(OptionalLong.of(1_000), OptionalDouble.of(0))).as("for ever").isEmpty();
    assertThat(drain(OptionalLong.of(Long.MAX_VALUE), OptionalDouble.of(1e-9)).orElseThrow())
        .as("as long as can be said")
        .isEqualTo(nanos(Long.MAX_VALUE));
  }

  @Test
  void shouldCopeWithLatenciesThatNoOneCanMeasure() {
    for (long latency : new long[] {0, 1, Long.MAX_VALUE}) {
      LoadView view =
          view(
              new LoadView.Topic(
                  "orders", 1, 100, latency, latency, latency, latency, Integer.MAX_VALUE));

      BudgetStatus budget = advice(Ordering.KEY, 1_000, 1, view);

      assertThat(budget.records()).isEqualTo(Integer.MAX_VALUE);
      assertThat(budget.recommendedMaxPollRecords()).isPositive();
      assertThat(budget.recommendedInterval()).isPositive();
      assertThat(budget.sum()).isNotEmpty();
    }
  }

  private static java.util.Optional<Duration> drain(OptionalLong lag, OptionalDouble rate) {
    return BudgetAdvice.of(
            limits(Ordering.KEY, 1, false),
            new BudgetAdvice.Work(OWNED, 1, lag, 0, 0, rate),
            view())
        .timeToDrain();
  }

  private static BudgetStatus advice(
      Ordering ordering, int concurrency, int partitions, LoadView view) {
    return BudgetAdvice.of(
        limits(ordering, concurrency, false), work(partitions, OptionalLong.empty()), view);
  }

  private static BudgetAdvice.Limits limits(Ordering ordering, int concurrency, boolean declared) {
    return new BudgetAdvice.Limits(INTERVAL, IN_FORCE, ordering, concurrency, declared);
  }

  private static BudgetAdvice.Work work(int partitions, OptionalLong lag) {
    Set<String> topics = partitions == 0 ? Set.of() : OWNED;
    return new BudgetAdvice.Work(topics, partitions, lag, 33, 0.25, OptionalDouble.empty());
  }

  private static LoadView view(LoadView.Topic... topics) {
    return new LoadView(WINDOW, 0, Double.POSITIVE_INFINITY, List.of(topics));
  }

  private static LoadView.Topic topic(String name, long samples, long millis, int admitted) {
    long latency = MILLISECONDS.toNanos(millis);
    int perWorker = (int) Math.max(1, WINDOW / latency);
    return new LoadView.Topic(
        name, admitted, samples, latency / 2, latency, latency, latency, perWorker);
  }

  private static Duration nanos(long nanos) {
    return Duration.ofNanos(nanos);
  }
}
