package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AuthorizationTroubleTest {
  private final AuthorizationTrouble trouble = new AuthorizationTrouble();

  @Test
  void shouldGiveUpAfterTenMinutesOfFailingEveryMinute() {
    for (long second = 0; second < 600; second += 60) {
      assertThat(failed(second)).as("after " + second + " s").isFalse();
    }
    assertThat(failed(600)).isTrue();
  }

  @Test
  void shouldNotTakeAMembershipThatWasJoinedInBetweenForHealing() {
    // Joining needs less than fetching: each try joins, and fails 20 s later.
    for (long second = 0; second < 600; second += 80) {
      assertThat(failed(second)).as("after " + second + " s").isFalse();
    }
    assertThat(failed(640)).isTrue();
  }

  @Test
  void shouldCountAgainAfterItHealed() {
    assertThat(failed(0)).isFalse();
    assertThat(failed(60)).isFalse();
    assertThat(failed(700)).isFalse();
    assertThat(failed(760)).isFalse();
  }

  @Test
  void shouldNotMindAClockThatBeginsBelowZero() {
    assertThat(failed(-500)).isFalse();
    assertThat(failed(-400)).isFalse();
    assertThat(failed(-300)).isFalse();
  }

  private boolean failed(long second) {
    return trouble.failed(TimeUnit.SECONDS.toNanos(second));
  }
}
