package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PermitsTest {
  @Test
  void shouldGiveOutNoMoreThanTheConcurrencyLessWhatOutlivedAnEarlierRun() {
    int[] outlived = {1};
    Permits permits = new Permits(3, () -> outlived[0]);
    assertThat(permits.free()).isEqualTo(2);
    assertThat(permits.tryAcquire()).isTrue();
    assertThat(permits.tryAcquire()).isTrue();
    assertThat(permits.tryAcquire()).isFalse();
    outlived[0] = 0;
    assertThat(permits.tryAcquire()).as("it has left its handler").isTrue();
    outlived[0] = 2;
    assertThat(permits.free()).as("never below nothing").isZero();
    permits.release();
    assertThat(permits.tryAcquire()).isFalse();
  }
}
