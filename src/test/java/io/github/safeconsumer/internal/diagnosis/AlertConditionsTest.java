package io.github.safeconsumer.internal.diagnosis;

import static io.github.safeconsumer.internal.diagnosis.Situation.NOW;
import static io.github.safeconsumer.internal.diagnosis.Situation.P0;
import static io.github.safeconsumer.internal.diagnosis.Situation.P1;
import static io.github.safeconsumer.internal.diagnosis.Situation.ago;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.diagnosis.Alarms.Condition;
import io.github.safeconsumer.internal.diagnosis.Facts.Stuck;
import io.github.safeconsumer.internal.diagnosis.Facts.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an alert policy names is seen, and only that. */
class AlertConditionsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Situation now = new Situation();
  private final Chronicle chronicle = new Chronicle();

  private List<Condition> conditions(AlertPolicy policy) {
    return AlertConditions.of(policy, now.facts(), chronicle);
  }

  private Condition only(AlertPolicy policy) {
    List<Condition> conditions = conditions(policy);
    assertThat(conditions).hasSize(1);
    return conditions.get(0);
  }

  private static Stuck held(int partition) {
    return new Stuck(
        partition == 0 ? P0 : P1,
        7,
        Waits.OPERATOR,
        1,
        Optional.of(ago(MINUTE)),
        "java.lang.IllegalStateException",
        "no dead-letter topic");
  }

  @Test
  void shouldSeeNothingOfAnIdleConsumer() {
    assertThat(conditions(AlertPolicy.defaults().lagOver(1, MINUTE).ageOver(MINUTE, MINUTE)))
        .isEmpty();
  }

  @Test
  void shouldSeeTheLagOfAllPartitionsTogether() {
    now.flow(P0, 600, 1, 1).flow(P1, 600, 1, 1);
    Condition lag = only(AlertPolicy.none().lagOver(1_000, MINUTE));
    assertThat(lag.name()).isEqualTo("lag");
    assertThat(lag.evidence()).isEqualTo("1,200 records behind, over 1,000");
    assertThat(lag.after()).isEqualTo(MINUTE);
    assertThat(conditions(AlertPolicy.none().lagOver(1_200, MINUTE))).isEmpty();
  }

  @Test
  void shouldSeeTheAgeOfTheOldestRecord() {
    now.flow(P0, 1, 0, 0, Duration.ofMinutes(10), Set.of());
    Condition age = only(AlertPolicy.none().ageOver(Duration.ofMinutes(5), Duration.ZERO));
    assertThat(age.name()).isEqualTo("age");
    assertThat(age.evidence()).contains("10 min old").contains(P0.toString());
    assertThat(conditions(AlertPolicy.none().ageOver(Duration.ofMinutes(10), MINUTE))).isEmpty();
  }

  @Test
  void shouldTellBlockedPartitionsApart() {
    now.stuck.add(held(0));
    now.stuck.add(held(1));
    List<Condition> blocked = conditions(AlertPolicy.defaults());
    assertThat(blocked).extracting(Condition::name).containsOnly("blocked");
    assertThat(blocked)
        .extracting(Condition::subject)
        .containsExactly(P0.toString(), P1.toString());
    assertThat(blocked.get(0).evidence()).startsWith("BLOCKED_RECORD: orders-0@7");
    assertThat(conditions(AlertPolicy.none())).isEmpty();
  }

  @Test
  void shouldNotTakeForAnIncidentWhatSomebodyAskedFor() {
    now.paused = Set.of(PauseReason.USER);
    now.pausedSince.put(PauseReason.USER, ago(MINUTE));
    assertThat(now.codes()).containsExactly("BLOCKED_PAUSED");
    assertThat(conditions(AlertPolicy.defaults())).isEmpty();
  }

  @Test
  void shouldSeeAssignmentsAndASingleEviction() {
    AlertPolicy policy = AlertPolicy.none().assignmentsOver(3, Duration.ofMinutes(10));
    IntStream.range(0, 2)
        .forEach(
            i -> chronicle.happened(new SafeConsumerEvent.PartitionsAssigned(NOW, Set.of(P0))));
    assertThat(conditions(policy)).isEmpty();
    chronicle.happened(
        new SafeConsumerEvent.PartitionsAssigned(ago(Duration.ofHours(1)), Set.of(P0)));
    assertThat(conditions(policy)).isEmpty();
    chronicle.happened(new SafeConsumerEvent.PartitionsLost(NOW, Set.of(P0), "expelled"));
    assertThat(only(policy).evidence())
        .isEqualTo("2 assignments and 1 eviction of this member in 10 min");
  }

  @Test
  void shouldCountAStallThatCostThePartitionsOnce() {
    chronicle.happened(new SafeConsumerEvent.PartitionsLost(NOW, Set.of(P0, P1), "stood still"));
    chronicle.happened(new SafeConsumerEvent.Fenced(NOW, MINUTE, "stood still"));
    assertThat(chronicle.movesSince(ago(MINUTE)))
        .containsExactly(new Chronicle.Move(NOW, Chronicle.Kind.FENCED, 2, "stood still"));
  }

  @Test
  void shouldCountDeadLettersWithinTheirTime() {
    AlertPolicy policy = AlertPolicy.none().deadLettersOver(3, MINUTE);
    deadLetters(2, Duration.ZERO);
    deadLetters(5, Duration.ofMinutes(2));
    assertThat(conditions(policy)).isEmpty();
    deadLetters(1, Duration.ofSeconds(59));
    assertThat(only(policy).evidence()).isEqualTo("3 dead letters in 60 s");
  }

  private void deadLetters(int count, Duration ago) {
    for (int i = 0; i < count; i++) {
      chronicle.happened(
          new SafeConsumerEvent.DeadLettered(
              ago(ago),
              P0,
              i,
              DeadLetter.Reason.NON_RETRYABLE,
              1,
              "java.lang.IllegalStateException",
              "dlt"));
    }
  }

  @Test
  void shouldRefuseWhatCannotBeMeant() {
    assertThatThrownBy(() -> AlertPolicy.none().lagOver(0, MINUTE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("records=0 must be at least 1");
    assertThatThrownBy(() -> AlertPolicy.none().ageOver(Duration.ZERO, MINUTE))
        .hasMessage("oldest=PT0S must be over 0");
    assertThatThrownBy(() -> AlertPolicy.none().blockedFor(Duration.ofDays(8)))
        .hasMessage("time=PT192H must be from 0 to 7 days");
    assertThatThrownBy(() -> AlertPolicy.none().assignmentsOver(1, MINUTE))
        .hasMessage("count=1 must be at least 2");
    assertThatThrownBy(() -> AlertPolicy.none().deadLettersOver(513, MINUTE))
        .hasMessage("count=513 must be at most 512");
    assertThatThrownBy(() -> AlertPolicy.none().uncleanEndsOver(0))
        .hasMessage("anHour=0 must be at least 1");
  }
}
