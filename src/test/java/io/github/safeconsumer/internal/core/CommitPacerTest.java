package io.github.safeconsumer.internal.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
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
      if (pacer.due(now, true, true, false, false)) {
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
      if (pacer.due(now, true, true, true, false)) {
        pacer.sent(now);
        commits++;
      }
    }
    assertThat(commits).as("in 2 s, the clock's overflow among them").isEqualTo(41);
  }

  @Test
  void shouldCommitWithin20MillisOnceTheWorkIsDone() {
    pacer.due(START, true, true, false, false);
    pacer.sent(START);
    long done = START + MILLISECONDS.toNanos(30);
    assertThat(pacer.due(done, true, true, false, false)).isFalse();
    long now = done;
    while (!pacer.due(now, true, false, false, false)) {
      now += MILLISECONDS.toNanos(1);
    }
    assertThat(now - done).isLessThanOrEqualTo(MILLISECONDS.toNanos(20));
  }

  @Test
  void shouldNeverCommitWithoutAnythingToCommit() {
    for (long now = START;
        now - START < MILLISECONDS.toNanos(1_000);
        now += MILLISECONDS.toNanos(10)) {
      assertThat(pacer.due(now, false, false, false, false)).isFalse();
      assertThat(pacer.due(now, false, true, true, false)).as("nor in a hurry").isFalse();
    }
  }

  @Test
  void shouldCommitTheFirstTimeAtOnce() {
    assertThat(pacer.due(START, true, true, false, false)).isTrue();
  }

  @Test
  void shouldNotMakeAPartitionWaitThatHasUsedUpItsLease() {
    CommitPacer pacer = new CommitPacer();
    pacer.sent(START);
    long millis = TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(pacer.due(START + 4 * millis, true, true, true, true)).isFalse();
    assertThat(pacer.due(START + 5 * millis, true, true, true, true)).isTrue();
    assertThat(pacer.due(START + 5 * millis, true, true, true, false)).as("the others").isFalse();
  }
}
