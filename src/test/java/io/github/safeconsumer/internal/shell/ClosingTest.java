package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private final ManualTime time = new ManualTime();
  private final Closing closing = new Closing(time, Duration.ofSeconds(30));

  @Test
  void shouldEndTheDrainAtOneMomentHoweverOftenItIsAskedFor() {
    long asked = time.nanos();
    closing.within(Duration.ofSeconds(25));
    for (int second = 0; second < 30; second++) {
      assertThat(Duration.ofNanos(closing.drainUntil() - asked)).isEqualTo(Duration.ofSeconds(18));
      time.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void shouldObeyTheEarliestEndAskedForEvenWhenTheClockOverflows() {
    long asked = time.nanos();
    closing.within(Duration.ofHours(1));
    closing.within(Duration.ofSeconds(4));
    closing.within(Duration.ofSeconds(20));
    assertThat(closing.deadline() - asked).isEqualTo(Duration.ofSeconds(4).toNanos());
    assertThat(closing.drainUntil() - asked).isEqualTo(Duration.ofSeconds(2).toNanos());
  }

  @Test
  void shouldKeepEachStepWithinWhatIsLeft() {
    closing.within(Duration.ofSeconds(25));
    time.advance(Duration.ofSeconds(20));
    assertThat(closing.commitBound()).isEqualTo(Duration.ofMillis(2_500));
    assertThat(closing.leaveBound()).isEqualTo(Duration.ofMillis(3_750));
    time.advance(Duration.ofSeconds(20));
    assertThat(closing.nanosLeft()).isZero();
    assertThat(closing.commitBound()).as("tried all the same").isEqualTo(Duration.ofMillis(100));
    assertThat(closing.leaveBound()).isZero();
  }

  @Test
  void shouldWaitForNothingWithABoundOfZero() {
    long asked = time.nanos();
    closing.within(Duration.ZERO);
    assertThat(closing.drainUntil()).isEqualTo(asked);
  }
}
