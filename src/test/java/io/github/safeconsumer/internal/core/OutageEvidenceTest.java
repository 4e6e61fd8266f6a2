package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutageEvidenceTest {
  private final OutageEvidence evidence = new OutageEvidence();

  @Test
  void shouldBelieveOnlySuccessesThatBeganLater() {
    evidence.watch();
    evidence.succeeded(10);
    assertThat(evidence.answeredSince(9)).isTrue();
    assertThat(evidence.answeredSince(10)).as("began at the same moment").isFalse();
    assertThat(evidence.answeredSince(11)).isFalse();
  }

  @Test
  void shouldKeepTheLatestSuccessWhateverTheOrderOfReports() {
    evidence.watch();
    evidence.succeeded(20);
    evidence.succeeded(10);
    assertThat(evidence.answeredSince(15)).isTrue();
  }

  @Test
  void shouldIgnoreSuccessesWhileNobodyIsUnderSuspicion() {
    evidence.succeeded(10);
    evidence.watch();
    assertThat(evidence.answeredSince(5)).isFalse();
    evidence.unwatch();
    evidence.succeeded(20);
    assertThat(evidence.answeredSince(5)).isFalse();
  }

  @Test
  void shouldCompareAcrossTheOverflowOfTheClock() {
    evidence.watch();
    evidence.succeeded(Long.MIN_VALUE + 10);
    assertThat(evidence.answeredSince(Long.MAX_VALUE - 10)).isTrue();
    evidence.succeeded(Long.MAX_VALUE - 5);
    assertThat(evidence.answeredSince(Long.MIN_VALUE + 5)).as("the later one was kept").isTrue();
  }
}
