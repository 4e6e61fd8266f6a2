package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.safeconsumer.BudgetStatus;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent.BudgetChanged;
import io.github.safeconsumer.internal.core.LoadView;
import io.github.safeconsumer.internal.core.UsualLatency;
import io.github.safeconsumer.internal.observe.EventLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the loop measures, what the status shows of it, and when it is told. */
class AdviserTest {
  private static final long WINDOW = Duration.ofSeconds(21).toNanos();
  private static final int CONCURRENCY = 4;

  private final CountDownLatch release = new CountDownLatch(1);
  private Harness harness;
  private Adviser adviser;
  private LoadView view = view(100, 120);

  @BeforeEach
  void begin() {
    harness =
        new Harness(
            RecordHandler.of((record, context) -> release.await()),
            raw -> {
              raw.kafka.put("max.poll.interval.ms", 30_000);
              raw.kafka.put("max.poll.records", 500);
              raw.concurrency = CONCURRENCY;
            });
    adviser =
        new Adviser(
            harness.settings,
            harness.parts.assignment(),
            () -> view,
            new UsualLatency(),
            harness.parts.counters(),
            harness.parts.events());
  }

  @AfterEach
  void end() {
    release.countDown();
    harness.close();
  }

  @Test
  void shouldTellOnceThatTheRecordsInForceDoNotFitWithSumAndRemedy() {
    harness.own(A);
    turns(Duration.ofMinutes(5));

    BudgetChanged told = theOnlyOne();
    assertThat(told.maxPollRecords()).isEqualTo(500);
    assertThat(told.recommendedMaxPollRecords()).isEqualTo(175);
    assertThat(told.recommendedInterval()).isGreaterThan(Duration.ofSeconds(85));
    assertThat(told.sum()).contains("500", "120 ms");
    assertThat(EventLine.of(told))
        .startsWith("event=BudgetChanged maxPollRecords=500 recommendedMaxPollRecords=175 ")
        .contains("recommendedInterval=PT1M25", " sum=\"");
  }

  @Test
  void shouldTellWhenTheHandlerGotMuchFasterButNotAtEveryChange() {
    harness.own(A);
    turns(Duration.ofMinutes(2));
    view = view(100, 100);
    turns(Duration.ofMinutes(2));
    theOnlyOne();
    view = view(100, 5);
    turns(Duration.ofMinutes(2));
    harness.events.removeIf(event -> event instanceof BudgetChanged b && b.sum().contains("120"));
    assertThat(theOnlyOne().recommendedMaxPollRecords()).isEqualTo(4_200);
  }

  @Test
  void shouldTellNothingWithoutAPartitionOrWithoutEvidence() {
    turns(Duration.ofMinutes(2));
    harness.own(A);
    view = view(19, 120); // 2.3 s
    turns(Duration.ofMinutes(2));
    view = view(0, 10);
    turns(Duration.ofMinutes(2));
    harness.parts.events().close(TimeUnit.SECONDS.toNanos(10));
    assertThat(harness.events(BudgetChanged.class)).isEmpty();
  }

  @Test
  void shouldReckonTheTimeToDrainFromTheLastSeconds() {
    List<PartitionStatus> partitions = List.of(owned(A, 600), owned(B, 400));
    for (int i = 0; i < 300; i++) {
      harness.parts.counters().handled.add(8);
      harness.parts.counters().deadLettered.add(1);
      harness.parts.counters().skipped.add(1);
      turns(Duration.ofMillis(100));
    }
    BudgetStatus budget = adviser.status(harness.time.nanos(), partitions);

    assertThat(budget.timeToDrain().orElseThrow().toMillis())
        .as("1,000 records at 100 a second, however they end")
        .isCloseTo(10_000, within(200L));
    assertThat(budget.buffered()).isEqualTo(14);
    turns(Duration.ofSeconds(11));
    assertThat(adviser.status(harness.time.nanos(), partitions).timeToDrain())
        .as("nothing is done any more")
        .isEmpty();
  }

  @Test
  void shouldNotKnowALagThatOnePartitionDoesNotKnow() {
    assertThat(adviser.status(0, List.of(owned(A, 0))).timeToDrain()).hasValue(Duration.ZERO);
    assertThat(adviser.status(0, List.of(owned(A, 0), owned(B, -1))).timeToDrain()).isEmpty();
    assertThat(adviser.status(0, List.of()).timeToDrain()).isEmpty();
  }

  @Test
  void shouldShowHowBusyItIsWhileAttemptsRunAndForgetItAfterwards() {
    harness.own(A, B);
    harness.client().fill(A, 0, 1);
    harness.client().fill(B, 0, 1);
    harness.turnUntil("both run", () -> harness.parts.workers().inFlight().size() == 2);
    harness.turns(2_000);
    assertThat(budget().utilisation()).as("two of four").isCloseTo(0.5, within(0.02));
    assertThat(budget().parallelism()).isEqualTo(2);

    release.countDown();
    harness.turnUntil("done", () -> harness.parts.counters().handled.sum() == 2);
    harness.turns(2_000);
    assertThat(budget().utilisation()).isCloseTo(0, within(0.01));
  }

  private BudgetStatus budget() {
    return new Reports<>(harness.lasting, harness.parts, List.of()).status().budget();
  }

  @Test
  void shouldShowABudgetWithoutPartitionsWhenThereIsNoRun() {
    BudgetStatus budget = new Reports<>(harness.lasting, null, List.of()).status().budget();

    assertThat(budget.parallelism()).isZero();
    assertThat(budget.records()).isZero();
    assertThat(budget.admitted()).isZero();
    assertThat(budget.maxPollRecords()).isEqualTo(500);
    assertThat(budget.window()).isEqualTo(Duration.ofSeconds(21));
    assertThat(budget.utilisation()).isZero();
    assertThat(budget.timeToDrain()).isEmpty();
  }

  private BudgetChanged theOnlyOne() {
    org.awaitility.Awaitility.await()
        .until(() -> !harness.events(BudgetChanged.class).isEmpty()); // on a thread of its own
    assertThat(harness.events(BudgetChanged.class)).hasSize(1);
    return harness.events(BudgetChanged.class).get(0);
  }

  /** Those of a loop that has something to do. */
  private void turns(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 50) {
      harness.time.advance(Duration.ofMillis(50));
      adviser.turn(harness.time.nanos(), 1);
    }
  }

  private static LoadView view(long samples, long millis) {
    long latency = TimeUnit.MILLISECONDS.toNanos(millis);
    return new LoadView(
        WINDOW,
        0,
        Double.POSITIVE_INFINITY,
        List.of(
            new LoadView.Topic(
                A.topic(),
                0,
                samples,
                latency,
                latency,
                latency,
                latency,
                (int) (WINDOW / latency))));
  }

  /**
   * @param lag -1 where it is not known
   */
  private static PartitionStatus owned(TopicPartition partition, long lag) {
    return new PartitionStatus(
        partition,
        1,
        0,
        OptionalLong.empty(),
        lag < 0 ? OptionalLong.empty() : OptionalLong.of(lag),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        7,
        0,
        0,
        Optional.empty(),
        0,
        0,
        0,
        0,
        Set.of(),
        Map.of());
  }
}
