package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JournalTest {
  private final Journal journal = new Journal(2, 10);

  @Test
  void shouldCountTheFirstCompletionAsHandledAndTheNextAsDuplicate() {
    complete(0, 3);
    complete(0, 3);
    complete(1, 3);

    assertThat(journal.handled()).isEqualTo(2);
    assertThat(journal.duplicates()).isEqualTo(1);
    assertThat(journal.completions(0, 3)).isEqualTo(2);
  }

  @Test
  void shouldCountAnAttemptAfterAFailureAsRetried() {
    fail(0, 3);
    fail(0, 3);
    complete(0, 3);

    assertThat(journal.retried()).isEqualTo(2);
    assertThat(journal.attempts(0, 3)).isEqualTo(3);
    assertThat(journal.failures(0, 3)).isEqualTo(2);
    assertThat(journal.handled()).isEqualTo(1);
  }

  @Test
  void shouldNoticeAnAttemptThatGoesBackInItsPartition() {
    complete(0, 3);
    complete(1, 2);
    assertThat(journal.outOfOrder()).isZero();

    complete(0, 2);
    assertThat(journal.outOfOrder()).isEqualTo(1);
  }

  @Test
  void shouldNoticeTwoAttemptsAtOnceInOnePartition() {
    journal.began(0, 3);
    journal.began(1, 3);
    assertThat(journal.outOfOrder()).isZero();

    journal.began(0, 4);
    assertThat(journal.outOfOrder()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnOffsetThatWasNeverWritten() {
    assertThatThrownBy(() -> journal.began(0, 10)).isInstanceOf(IllegalArgumentException.class);
  }

  private void complete(int partition, long offset) {
    journal.began(partition, offset);
    journal.completed(partition, offset);
  }

  private void fail(int partition, long offset) {
    journal.began(partition, offset);
    journal.failed(partition, offset);
  }
}
