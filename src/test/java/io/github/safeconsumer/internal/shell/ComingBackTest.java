package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RecordHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A partition that is taken away and comes back while an attempt of before is in its handler. */
class ComingBackTest {
  private final Queue<Long> handled = new ConcurrentLinkedQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void shouldStartNothingBeforeTheAttemptOfTheOwnershipBeforeHasLeftItsHandler() {
    try (Harness harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  handled.add(record.offset());
                  release.await();
                }),
            raw -> raw.concurrency = 2)) {
      harness.own(A);
      FakeConsumer client = harness.client();
      client.fill(A, 0, 2);
      harness.turnUntil("0 runs", () -> !handled.isEmpty());
      client.polls.add(() -> client.lose(A));
      harness.turnUntil("lost", () -> harness.parts.assignment().get(A) == null);
      client.polls.add(() -> client.assign(A));
      harness.turns(100);
      assertThat(harness.parts.assignment().get(A).reasons()).containsExactly(PauseReason.ACQUIRE);
      assertThat(handled).containsExactly(0L);
      release.countDown();
      harness.turnUntil("from the committed offset on", () -> handled.size() == 3);
      assertThat(handled).containsExactly(0L, 0L, 1L);
    } finally {
      release.countDown();
    }
  }
}
