package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetNoticeTest {
  private static final int IN_FORCE = 500;

  private final BudgetNotice notice = new BudgetNotice();
  private long now = Long.MAX_VALUE - SECONDS.toNanos(100); // the clock overflows meanwhile

  @Test
  void shouldSayNothingWhileTheRecordsInForceFit() {
    for (int recommended : new int[] {100_000, 20_000, 80_000, 501, 500}) {
      assertThat(dueLater(recommended)).as("%d", recommended).isFalse();
    }
    assertThat(dueLater(499)).isTrue();
  }

  @Test
  void shouldSayOnlyWhatChangedByMuch() {
    assertThat(dueLater(175)).isTrue();
    for (int recommended : new int[] {175, 300, 349, 88, 175}) {
      assertThat(dueLater(recommended)).as("%d", recommended).isFalse();
    }
    assertThat(dueLater(350)).as("doubled").isTrue();
    assertThat(dueLater(175)).as("halved").isTrue();
    assertThat(dueLater(87)).as("halved, and more").isTrue();
  }

  @Test
  void shouldSayThatTheRecordsInForceFitAgainAndThenBeSilent() {
    assertThat(dueLater(175)).isTrue();
    assertThat(dueLater(20_000)).as("all is well").isTrue();
    assertThat(dueLater(60_000)).as("nobody has a reason to act").isFalse();
    assertThat(dueLater(5_000)).isFalse();
    assertThat(dueLater(100)).as("it does not fit any more").isTrue();
  }

  @Test
  void shouldSayItOnceAMinuteAtMost() {
    int said = 0;
    for (int second = 0; second < 600; second++) {
      now += SECONDS.toNanos(1);
      if (notice.isDue(now, true, IN_FORCE, second % 2 == 0 ? 10 : 400)) {
        said++;
      }
    }
    assertThat(said).as("in 10 minutes of ups and downs").isEqualTo(10);
  }

  @Test
  void shouldSayNothingWithoutEvidence() {
    assertThat(notice.isDue(now, false, IN_FORCE, 1)).isFalse();
    assertThat(notice.isDue(now, true, IN_FORCE, 1)).isTrue();
  }

  @Test
  void shouldNotOverflowWithTheGreatestRecommendation() {
    assertThat(dueLater(1)).isTrue();
    assertThat(dueLater(Integer.MAX_VALUE)).isTrue();
    assertThat(dueLater(Integer.MAX_VALUE)).isFalse();
    assertThat(dueLater(1)).isTrue();
  }

  private boolean dueLater(int recommended) {
    now += SECONDS.toNanos(60);
    return notice.isDue(now, true, IN_FORCE, recommended);
  }
}
