package io.github.safeconsumer.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** What stands where is what handlers read. */
class PlanTest {
  private static final Task GOOD = Task.of(Deed.WORK, Duration.ofMillis(5));
  private static final Place PLACE = new Place(1, 2);

  private final Plan plan = Plan.even(3, 4, GOOD);

  @Test
  void shouldReadBackWhatStandsInTheTopic() {
    Plan withBad = plan.withBad(Deed.HALT, PLACE);

    assertThat(read(withBad, PLACE).deed()).isEqualTo(Deed.HALT);
    assertThat(read(withBad, new Place(0, 2))).isEqualTo(GOOD);
    assertThat(withBad.places()).hasSize(12).doesNotHaveDuplicates();
    assertThat(withBad.goodPlaces()).hasSize(11).doesNotContain(PLACE);
  }

  @Test
  void shouldNotBeReadableWherePoisonStands() {
    assertThatThrownBy(() -> read(plan.withPoison(PLACE), PLACE))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void shouldPutTheBadRecordAloneOnAPartitionOfItsOwn() {
    Plan withBad = plan.withBadAlone(Deed.FAIL);

    assertThat(withBad.sizes()).containsExactly(4, 4, 4, 1);
    assertThat(withBad.bad()).containsExactly(new Place(3, 0));
  }

  private static Task read(Plan plan, Place place) {
    return new Task.Reader().deserialize("topic", plan.value(place));
  }
}
