package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FloodGuardTest {
  @Test
  void shouldReportTheLimitExactlyOnce() {
    FloodGuard guard = new FloodGuard(3);

    assertThat(letters(guard, 6)).containsExactly(false, false, true, false, false, false);
  }

  @Test
  void shouldStartAgainAfterASuccess() {
    FloodGuard guard = new FloodGuard(3);
    letters(guard, 2);
    guard.succeeded();

    assertThat(guard.inARow()).isZero();
    assertThat(letters(guard, 3)).containsExactly(false, false, true);
  }

  @Test
  void shouldReportAgainAfterAResume() {
    FloodGuard guard = new FloodGuard(2);
    letters(guard, 5);
    guard.reset();

    assertThat(letters(guard, 2)).containsExactly(false, true);
  }

  @Test
  void shouldPauseAtTheFirstLetterWithLimitOne() {
    assertThat(new FloodGuard(1).deadLettered()).isTrue();
  }

  @Test
  void shouldNeverOverflow() {
    FloodGuard guard = new FloodGuard(Integer.MAX_VALUE);

    assertThat(letters(guard, 1_000)).doesNotContain(true);
    assertThat(guard.inARow()).isEqualTo(1_000);
  }

  @Test
  void shouldRefuseALimitBelowOne() {
    assertThatThrownBy(() -> new FloodGuard(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit=0");
  }

  @Test
  void shouldReportTheLimitOnceToConcurrentWorkers() throws Exception {
    int workers = 4;
    for (int round = 0; round < 200; round++) {
      FloodGuard guard = new FloodGuard(10);
      ExecutorService pool = Executors.newFixedThreadPool(workers);
      try {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Long>> reached = new ArrayList<>();
        for (int w = 0; w < workers; w++) {
          reached.add(
              pool.submit(
                  () -> {
                    start.await();
                    return letters(guard, 5).stream().filter(limit -> limit).count();
                  }));
        }
        start.countDown();
        long total = 0;
        for (Future<Long> one : reached) {
          total += one.get();
        }
        assertThat(total).isEqualTo(1);
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private static List<Boolean> letters(FloodGuard guard, int count) {
    List<Boolean> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(guard.deadLettered());
    }
    return answers;
  }
}
