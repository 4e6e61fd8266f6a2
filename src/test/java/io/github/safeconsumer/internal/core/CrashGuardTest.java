package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Ordering;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Processes that die, with the real partition and rules, in every order that chance finds. */
class CrashGuardTest {
  private static final Integer[] CONCURRENCY = {1, 4, 16};

  @Test
  void shouldConvictTheKillerAndOnlyTheKillerAfterThreeDeaths() {
    Seeds.each(
        150,
        random -> {
          CrashModel model =
              new CrashModel(
                  Records.any(Ordering.values(), random),
                  Records.any(CONCURRENCY, random),
                  200,
                  1,
                  random);
          model.finishAll();
          assertThat(model.convicted()).isEqualTo(model.killers());
          assertThat(model.deaths()).isEqualTo(3);
        });
  }

  @Test
  void shouldGetPastSeveralKillers() {
    Seeds.each(
        80,
        random -> {
          CrashModel model =
              new CrashModel(
                  Records.any(Ordering.values(), random),
                  Records.any(CONCURRENCY, random),
                  200,
                  3,
                  random);
          model.finishAll();
          assertThat(model.convicted()).isEqualTo(model.killers());
          assertThat(model.deaths())
              .as("three for each, and one where two of them took turns")
              .isLessThanOrEqualTo(12);
        });
  }

  @Test
  void shouldNeedOneDeathMoreForEachFurtherKillerAmongTheSuspects() {
    Seeds.each(
        60,
        random -> {
          CrashModel model = new CrashModel(Ordering.UNORDERED, 16, 3, 2, random);
          model.finishAll();
          assertThat(model.convicted()).isEqualTo(model.killers());
          assertThat(model.deaths()).isEqualTo(3 + 1);
        });
  }

  @Test
  void shouldConvictNobodyForDeathsThatAreFewerThanTheLimitInARow() {
    Seeds.each(
        150,
        random -> {
          CrashModel model =
              new CrashModel(
                  Records.any(Ordering.values(), random),
                  Records.any(CONCURRENCY, random),
                  300,
                  0,
                  random);
          for (int i = 0; i < 2; i++) {
            model.live(random.nextInt(600));
            model.die();
          }
          model.finishAll();
          assertThat(model.convicted()).isEmpty();
          assertThat(model.suspects()).as("cleared by being handled").isZero();
        });
  }

  @Test
  void shouldFindTheKillerAmongDeathsOfOtherCauses() {
    Seeds.each(
        80,
        random -> {
          CrashModel model =
              new CrashModel(
                  Records.any(Ordering.values(), random),
                  Records.any(CONCURRENCY, random),
                  200,
                  1,
                  random);
          model.live(random.nextInt(400));
          model.die();
          model.finishAll();
          assertThat(model.convicted()).isEqualTo(model.killers());
        });
  }

  @Test
  void shouldCostNoCommitWhereNobodyDies() {
    Seeds.each(
        20,
        random -> {
          Ordering ordering = Records.any(Ordering.values(), random);
          long seed = random.nextLong();
          CrashModel guarded = new CrashModel(ordering, 16, 3, 500, 0, new Random(seed));
          CrashModel unguarded = new CrashModel(ordering, 16, 0, 500, 0, new Random(seed));
          guarded.finishAll();
          unguarded.finishAll();
          assertThat(guarded.commits()).isPositive().isEqualTo(unguarded.commits());
        });
  }
}
