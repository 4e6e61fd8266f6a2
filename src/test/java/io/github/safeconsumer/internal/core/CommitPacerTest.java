package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPacerTest {
  private static final long START = Long.MAX_VALUE - MILLISECONDS.toNanos(300);

  private final CommitPacer pacer = new CommitPacer();

  @Test
  void shouldCommitAtMostFiveTimesASecondUnderLoad() {
    int commits = 0;
    for (long now = START;
        now - START <= MILLISECONDS.toNanos(2_000);
        now += MILLISECONDS.toNanos(1)) {
      if (pacer.due(now, true, true, false)) {
        pacer.sent(now);
        commits++;
      }
    }
    assertThat(commits).as("in 2 s, the clock's overflow among them").isEqualTo(11);
  }

  @Test
  void shouldCommitAtMostTwentyTimesASecondWhenSomethingWaitsForIt() {
    int commits = 0;
    for (long now = START;
        now - START <= MILLISECONDS.toNanos(2_000);
        now += MILLISECONDS.toNanos(1)) {
      if (pacer.due(now, true, true, true)) {
        pacer.sent(now);
        commits++;
      }
    }
    assertThat(commits).as("in 2 s, the clock's overflow among them").isEqualTo(41);
  }

  @Test
  void shouldCommitWithin20MillisOnceTheWorkIsDone() {
    pacer.due(START, true, true, false);
    pacer.sent(START);
    long done = START + MILLISECONDS.toNanos(30);
    assertThat(pacer.due(done, true, true, false)).isFalse();
    long now = done;
    while (!pacer.due(now, true, false, false)) {
      now += MILLISECONDS.toNanos(1);
    }
    assertThat(now - done).isLessThanOrEqualTo(MILLISECONDS.toNanos(20));
  }

  @Test
  void shouldNeverCommitWithoutAnythingToCommit() {
    for (long now = START;
        now - START < MILLISECONDS.toNanos(1_000);
        now += MILLISECONDS.toNanos(10)) {
      assertThat(pacer.due(now, false, false, false)).isFalse();
      assertThat(pacer.due(now, false, true, true)).as("nor in a hurry").isFalse();
    }
  }

  @Test
  void shouldCommitTheFirstTimeAtOnce() {
    assertThat(pacer.due(START, true, true, false)).isTrue();
  }
}
