package io.github.safeconsumer.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.observe.LineLimit.LeftOut;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A storm of one kind of event neither fills the log, nor hides another kind, nor goes unsaid. */
class LineLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Where a clock of nanoseconds overflows, too. */
  private static final long NOW = Long.MAX_VALUE - 30 * SECOND;

  private final LineLimit limit = new LineLimit();

  private int written(String kind, int lines, long now) {
    int written = 0;
    for (int i = 0; i < lines; i++) {
      written += limit.mayWrite(kind, now) ? 1 : 0;
    }
    return written;
  }

  @Test
  void shouldWriteTheFirstLinesOfAMinuteAndTellOfTheOthersOnce() {
    assertThat(written("Blocked", 1_000, NOW)).isEqualTo(LineLimit.LINES);
    assertThat(limit.over(NOW + 59 * SECOND)).isEmpty();
    assertThat(limit.over(NOW + 60 * SECOND))
        .containsExactly(new LeftOut("Blocked", 1_000 - LineLimit.LINES));
    assertThat(limit.over(NOW + 120 * SECOND)).isEmpty();
  }

  @Test
  void shouldWriteAgainOnceTheMinuteIsOver() {
    written("Blocked", 1_000, NOW);
    limit.over(NOW + 60 * SECOND);
    assertThat(limit.mayWrite("Blocked", NOW + 60 * SECOND)).isTrue();
  }

  @Test
  void shouldNotHideOneKindBehindAnother() {
    written("Skipped", 1_000, NOW);
    assertThat(limit.mayWrite("Blocked", NOW)).isTrue();
  }

  @Test
  void shouldSayNothingWhereNothingWasLeftOut() {
    written("Blocked", LineLimit.LINES, NOW);
    assertThat(limit.over(NOW + 60 * SECOND)).isEmpty();
    assertThat(limit.atEnd()).isEmpty();
  }

  @Test
  void shouldTellAtTheEndOfWhatWasLeftOutInTheLastMinute() {
    written("Blocked", LineLimit.LINES + 1, NOW);
    assertThat(limit.atEnd()).containsExactly(new LeftOut("Blocked", 1));
    assertThat(limit.atEnd()).isEmpty();
  }
}
