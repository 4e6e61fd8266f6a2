package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever workers do and in whatever order: one attempt of a lane at a time, in offset order. */
class LanesModelTest {
  @ParameterizedTest
  @EnumSource(Ordering.class)
  void shouldKeepEachLaneInOrderAndLoseNothingInAnyInterleaving(Ordering ordering) {
    Seeds.each(
        60,
        random -> {
          run(new LanesModel(ordering, null), random);
        });
  }

  @ParameterizedTest
  @EnumSource(Ordering.class)
  void shouldLoseNothingAndNeverStallWhenFewRecordsMayBeAdmitted(Ordering ordering) {
    Seeds.each(
        60,
        random -> {
          int records = 1 + random.nextInt(4);
          run(
              new LanesModel(
                  ordering,
                  new Admission.Limits(records * 10L, records * 10L, 1 + random.nextInt(3), 10, 1)),
              random);
        });
  }

  private static void run(LanesModel model, Random random) {
    for (int i = 0; i < 500; i++) {
      step(model, random);
      model.check();
    }
    model.finish(random);
    assertThat(model.left()).as("lost or stuck").isEmpty();
  }

  private static void step(LanesModel model, Random random) {
    switch (random.nextInt(12)) {
      case 0, 1 -> model.poll(random);
      case 2 -> model.toggleGate();
      case 3 -> model.due(random);
      case 4 -> model.acknowledge(random);
      default -> model.worker(random);
    }
  }
}
