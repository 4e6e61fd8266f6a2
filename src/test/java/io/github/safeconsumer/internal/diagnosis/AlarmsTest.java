package io.github.safeconsumer.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Alert;
import io.github.safeconsumer.internal.diagnosis.Alarms.Change;
import io.github.safeconsumer.internal.diagnosis.Alarms.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An incident is told once, after its time, and its end is told once. */
class AlarmsTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final Alarms alarms = new Alarms();
  private final List<Change> told = new ArrayList<>();

  private static Condition blocked(String partition, int afterSeconds) {
    return new Condition("blocked", partition, "stands", Duration.ofSeconds(afterSeconds));
  }

  /** Looks once a second, the last look not included. */
  private void look(int from, int to, Condition... conditions) {
    for (int second = from; second < to; second++) {
      told.addAll(alarms.look(List.of(conditions), START.plusSeconds(second)));
    }
  }

  @Test
  void shouldTellOnceOnlyAfterItHasLasted() {
    look(0, 60, blocked("a-0", 60));
    assertThat(told).isEmpty();
    look(60, 600, blocked("a-0", 60));
    assertThat(told)
        .containsExactly(
            new Change(new Alert("blocked", "a-0", START, "stands"), Optional.empty()));
    assertThat(alarms.active()).containsExactly(new Alert("blocked", "a-0", START, "stands"));
  }

  @Test
  void shouldTellOfTheEndOnceAndForget() {
    look(0, 11, blocked("a-0", 0));
    look(11, 300);
    assertThat(told).hasSize(2);
    assertThat(told.get(1).alert()).isEqualTo(told.get(0).alert());
    assertThat(told.get(1).lasted()).contains(Duration.ofSeconds(10));
    assertThat(alarms.active()).isEmpty();
  }

  @Test
  void shouldBeOneIncidentWhereItFlickers() {
    for (int second = 0; second < 300; second += 20) {
      look(second, second + 1, blocked("a-0", 0));
      look(second + 1, second + 20);
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void shouldNotTellOfWhatNeverLasts() {
    for (int second = 0; second < 300; second += 20) {
      look(second, second + 19, blocked("a-0", 60));
      look(second + 19, second + 20);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void shouldTellApartWhatHasDifferentSubjects() {
    look(0, 10, blocked("a-0", 0));
    look(10, 20, blocked("a-0", 0), blocked("a-1", 0));
    assertThat(told).extracting(change -> change.alert().subject()).containsExactly("a-0", "a-1");
  }

  @Test
  void shouldBeAnotherIncidentWhereItComesBackLater() {
    look(0, 10, blocked("a-0", 0));
    look(10, 100);
    look(100, 110, blocked("a-0", 0));
    assertThat(told).hasSize(3);
    assertThat(told.get(2).alert().since()).isEqualTo(START.plusSeconds(100));
  }
}
