package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is admitted ends within the window, and whoever waits gets his turn. */
class AdmissionTest {
  private static final long MS = MILLISECONDS.toNanos(1);

  private static Admission.Limits limits(long windowMs, int concurrency, long latencyMs) {
    return new Admission.Limits(windowMs * MS, windowMs * MS, concurrency, latencyMs * MS, 1);
  }

  @Test
  void shouldGrantWhatThePublicBudgetSaysAndNotOneMore() {
    Seeds.each(
        200,
        random -> {
          Duration interval = Duration.ofMillis(3_000 + random.nextInt(300_000));
          Duration latency = Duration.ofNanos(1 + random.nextInt(2_000_000_000));
          PollBudget budget =
              PollBudget.of(interval, latency).withParallelism(1 + random.nextInt(100));
          Admission admission =
              new Admission(
                  Admission.Limits.of(
                      budget.window(), Duration.ZERO, budget.parallelism(), latency, 1));
          TopicLoad topic = admission.topic("orders");
          int granted = 0;
          for (int more = admission.admit(topic, 0, 0, 1 + random.nextInt(100_000), false);
              more > 0;
              more = admission.admit(topic, 0, 0, Integer.MAX_VALUE / 2, false)) {
            granted += more;
          }
          assertThat(granted).isEqualTo(Math.min(budget.records(), Integer.MAX_VALUE / 2));
        });
  }

  @Test
  void shouldLetEachWorkerHaveOneHoweverLongARecordTakes() {
    Admission admission = new Admission(limits(4_200, 16, 60_000));
    assertThat(admission.admit(admission.topic("orders"), 0, 0, 100, false)).isEqualTo(16);
  }

  @Test
  void shouldReckonEachTopicByItsOwnLatency() {
    Admission admission = new Admission(limits(1_000, 2, 10));
    TopicLoad fast = admission.topic("fast");
    TopicLoad slow = admission.topic("slow");
    admission.observed(slow, 500 * MS, 100, 0);
    int each = admission.perWorker(slow);
    assertThat(each).as("two, or one where the figure is rounded up").isBetween(1, 2);
    assertThat(admission.admit(slow, 0, 0, each, false)).isEqualTo(each);
    assertThat(admission.admit(fast, 0, 0, 1_000, false)).as("the other worker's").isEqualTo(100);
    assertThat(admission.admit(slow, each, each, 1, true)).isZero();
  }

  @Test
  void shouldGrantLessAtOnceWhenRecordsGetSlow() {
    Admission admission = new Admission(limits(4_200, 1, 1));
    TopicLoad topic = admission.topic("orders");
    assertThat(admission.admit(topic, 0, 0, 10_000, false)).isEqualTo(4_200);
    admission.observed(topic, new long[] {100 * MS}, 1, 0);
    admission.roundBegins();
    assertThat(admission.admit(topic, 4_200, 41, 10, true)).isOne();
  }

  @Test
  void shouldLeaveItToTheLoopWhileSomebodyWasRefused() {
    Admission admission = new Admission(limits(100, 1, 10));
    TopicLoad topic = admission.topic("orders");
    assertThat(admission.admit(topic, 0, 0, 11, false)).isEqualTo(10);
    admission.roundBegins();
    assertThat(admission.isScarce()).isTrue();
    assertThat(admission.admit(topic, 10, 5, 1, false)).as("a worker's turn is later").isZero();
    assertThat(admission.admit(topic, 5, 5, 5, true)).as("the loop's").isEqualTo(5);
    admission.roundBegins();
    assertThat(admission.isScarce()).as("a whole round was granted").isFalse();
    assertThat(admission.admit(topic, 10, 9, 1, false)).isOne();
  }

  @Test
  void shouldPassTheTurnOnWhenTheRefusedOneGotSomething() {
    Admission admission = new Admission(limits(100, 1, 10));
    TopicLoad topic = admission.topic("orders");
    assertThat(admission.admit(topic, 0, 0, 11, true)).isEqualTo(10);
    assertThat(admission.hasRefused()).isTrue();
    assertThat(admission.hasServedRefused()).as("it may want more for ever").isTrue();
    admission.roundBegins();
    assertThat(admission.admit(topic, 10, 10, 1, true)).isZero();
    assertThat(admission.hasRefused()).isTrue();
    assertThat(admission.hasServedRefused()).as("it is still its turn").isFalse();
  }

  @Test
  void shouldLetEveryPartitionGetOnWhereThereIsNotEnoughForAll() {
    for (Ordering ordering : Ordering.values()) {
      Seeds.each(
          10,
          random -> {
            AdmissionModel model = new AdmissionModel(ordering, limits(40, 1, 10), 10, 60, 0);
            model.workUntil(100, random);
            List<Long> done = model.donePerPartition();
            assertThat(done)
                .as("%s", ordering)
                .allSatisfy(n -> assertThat(n).isGreaterThanOrEqualTo(4L));
          });
    }
  }

  @Test
  void shouldNeverAdmitMoreThanTheBudgetAndFinishEverything() {
    for (Ordering ordering : Ordering.values()) {
      Seeds.each(
          30,
          random -> {
            AdmissionModel model =
                new AdmissionModel(
                    ordering,
                    limits(20 + random.nextInt(200), 1 + random.nextInt(4), 1 + random.nextInt(20)),
                    1 + random.nextInt(6),
                    20 + random.nextInt(80),
                    0.05);
            model.workUntil(Integer.MAX_VALUE, random);
            assertThat(model.left()).as("lost or stuck").isZero();
            assertThat(model.admitted()).as("given back").isZero();
          });
    }
  }

  @Test
  void shouldGiveToOthersWhatAPausedPartitionCannotStart() {
    Seeds.each(
        1,
        random -> {
          AdmissionModel model =
              new AdmissionModel(Ordering.UNORDERED, limits(40, 1, 10), 4, 20, 0);
          model.round();
          model.pauseAllButTheLast();
          model.workUntil(20, random);
          assertThat(model.donePerPartition()).last().isEqualTo(20L);
        });
  }
}
