package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class EstimateTest {
  @Test
  void shouldTakeTheMiddleWhenRoundsAreOdd() {
    assertThat(Estimate.of(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
  }

  @Test
  void shouldTakeTheMeanOfTheMiddleTwoWhenRoundsAreEven() {
    assertThat(Estimate.of(List.of(9.0, 1.0, 4.0, 6.0)).median()).isEqualTo(5);
  }

  @Test
  void shouldTakeTheExtremesWhenThereAreSevenRounds() {
    Estimate estimate = Estimate.of(List.of(3.0, 1.0, 2.0, 7.0, 5.0, 6.0, 4.0));

    assertThat(estimate).extracting(Estimate::low, Estimate::high).containsExactly(1.0, 7.0);
    assertThat(estimate.confidence()).isCloseTo(0.984, within(0.001));
  }

  @Test
  void shouldLeaveTheExtremesOutWhenNineRoundsAllowIt() {
    List<Double> values = DoubleStream.iterate(1, i -> i + 1).limit(9).boxed().toList();

    Estimate estimate = Estimate.of(values);

    assertThat(estimate).extracting(Estimate::low, Estimate::high).containsExactly(2.0, 8.0);
    assertThat(estimate.confidence()).isCloseTo(0.961, within(0.001));
  }

  @Test
  void shouldOwnUpToLessConfidenceWhenRoundsAreTooFew() {
    assertThat(Estimate.of(Collections.nCopies(5, 1.0)).confidence())
        .isCloseTo(0.9375, within(1e-9));
    assertThat(Estimate.of(List.of(1.0)).confidence()).isZero();
  }

  @Test
  void shouldHoldTheTrueMedianAsOftenAsItSays() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int trials = 20_000;
    int held = 0;
    for (int trial = 0; trial < trials; trial++) {
      // A skewed distribution, whose median is known: ln 2.
      List<Double> values =
          DoubleStream.generate(() -> -Math.log(1 - random.nextDouble())).limit(9).boxed().toList();
      Estimate estimate = Estimate.of(values);
      held += estimate.low() <= Math.log(2) && Math.log(2) <= estimate.high() ? 1 : 0;
    }

    // Five standard errors of the share: wrong about once in a million runs.
    assertThat((double) held / trials).as("seed %d", seed).isCloseTo(0.961, within(0.007));
  }

  @Test
  void shouldKnowNothingWhenThereWasNoRound() {
    assertThat(Estimate.of(List.of()).isKnown()).isFalse();
  }
}
