package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.State;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CloseBoundTest {
  @Test
  void shouldReturnWithinItsBoundWhenTheClientDoesNotClose() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakeConsumer client = new FakeConsumer();
    client.polls.add(() -> client.assign(Harness.A));
    client.atClose =
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Coordinator<byte[], byte[]> consumer =
        new Coordinator<>(
            Harness.settings(RecordHandler.of((record, context) -> {}), raw -> {}, event -> {}),
            Harness.platform(Platform.system().time(), () -> client));
    consumer.start().get(20, TimeUnit.SECONDS);
    long before = System.nanoTime();
    Thread later =
        new Thread( // so that a close() without a bound fails the test and does not hang it
            () -> {
              try {
                release.await(8, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              release.countDown();
            });
    later.start();
    CloseReport report = consumer.close(Duration.ofMillis(500));
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    release.countDown();
    assertThat(took).isLessThan(Duration.ofSeconds(6));
    assertThat(report.clean()).isFalse();
    assertThat(report.stillRunning()).anyMatch(still -> still.what().equals("the loop"));
    assertThat(consumer.closed().get(20, TimeUnit.SECONDS).state()).isEqualTo(State.CLOSED);
  }
}
