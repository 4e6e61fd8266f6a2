package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Outcome.Result;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands in every state of the consumer, with real threads and a scripted client. */
class CoordinatorTest {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final List<TopicPartition> PARTITIONS = List.of(Harness.A);

  private final Queue<FakeConsumer> clients = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Coordinator<byte[], byte[]>> self = new AtomicReference<>();

  @AfterEach
  void end() {
    if (self.get() != null) {
      self.get().close(BOUND);
    }
  }

  private static final class Clock implements Time {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long millis() {
      return System.currentTimeMillis();
    }
  }

  private Coordinator<byte[], byte[]> with(
      RecordHandler<byte[], byte[]> handler, Supplier<FakeConsumer> next) {
    Settings<byte[], byte[]> settings =
        Harness.settings(
            handler,
            raw -> raw.retry = RetryPolicy.defaults().on(FailureAction.STOP, Hostile.class),
            event -> {});
    Coordinator<byte[], byte[]> made =
        new Coordinator<>(
            settings,
            Harness.platform(
                new Clock(),
                () -> {
                  FakeConsumer client = next.get();
                  clients.add(client);
                  return client;
                }));
    self.set(made);
    return made;
  }

  /** A client that gives the partition at its second poll, with so many records. */
  private static FakeConsumer joining(int records) {
    FakeConsumer client = new FakeConsumer();
    client.fill(Harness.A, 0, records);
    client.polls.add(() -> {});
    client.polls.add(() -> client.assign(Harness.A));
    return client;
  }

  private static FakeConsumer unreachable() {
    throw new KafkaException("no broker");
  }

  private static RecordHandler<byte[], byte[]> idle() {
    return RecordHandler.of((record, context) -> {});
  }

  private static Outcome get(CompletableFuture<Outcome> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void shouldAnswerEveryCommandBeforeTheStart() throws Exception {
    Coordinator<byte[], byte[]> consumer = with(idle(), CoordinatorTest::unreachable);
    assertThat(get(consumer.pause()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.pause(PARTITIONS)).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.resume(PARTITIONS)).result()).isEqualTo(Result.APPLIED);
    assertThat(consumer.status().state()).isEqualTo(State.NEW);
    CloseReport report = consumer.close(BOUND);
    assertThat(report.clean()).isTrue();
    assertThat(report.state()).isEqualTo(State.CLOSED);
    assertThat(consumer.close(BOUND)).as("twice").isEqualTo(report);
    assertThat(consumer.closed()).isCompletedWithValue(report);
    assertThatThrownBy(consumer::start).isInstanceOf(IllegalStateException.class);
    assertThat(clients).isEmpty();
  }

  @Test
  void shouldAnswerEveryCommandAfterTheEnd() throws Exception {
    Coordinator<byte[], byte[]> consumer = with(idle(), () -> joining(0));
    assertThat(get(consumer.start()).result()).isEqualTo(Result.APPLIED);
    assertThat(consumer.close(BOUND).clean()).isTrue();
    assertThat(get(consumer.pause()).result()).isEqualTo(Result.FAILED);
    assertThat(get(consumer.pause(PARTITIONS)).result()).isEqualTo(Result.FAILED);
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.FAILED);
    assertThat(get(consumer.resume(PARTITIONS)).result()).isEqualTo(Result.FAILED);
    assertThat(consumer.close(Duration.ZERO).clean()).isTrue();
  }

  @Test
  void shouldCloseWithinItsBoundWhileNoBrokerAnswers() throws Exception {
    Coordinator<byte[], byte[]> consumer = with(idle(), CoordinatorTest::unreachable);
    CompletableFuture<Outcome> started = consumer.start();
    CompletableFuture<Outcome> resumed = consumer.resume();
    org.awaitility.Awaitility.await().until(() -> consumer.status().state() == State.RESTARTING);
    assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
    assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
    CloseReport report = consumer.close(BOUND);
    assertThat(report.state()).isEqualTo(State.CLOSED);
    assertThat(get(started).result()).isEqualTo(Result.SUPERSEDED);
    assertThat(get(resumed).result()).isEqualTo(Result.SUPERSEDED);
  }

  @Test
  void shouldStartPausedWhenPausedBeforeTheStart() throws Exception {
    Queue<Long> handled = new ConcurrentLinkedQueue<>();
    Coordinator<byte[], byte[]> consumer =
        with(RecordHandler.of((record, context) -> handled.add(record.offset())), () -> joining(3));
    get(consumer.pause());
    get(consumer.start());
    org.awaitility.Awaitility.await().until(() -> consumer.status().state() == State.PAUSED);
    assertThat(handled).isEmpty();
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    org.awaitility.Awaitility.await().until(() -> handled.size() == 3);
  }

  @Test
  void shouldFailAndReleaseEverybodyWhenTheStartItselfFails() throws Exception {
    Settings<byte[], byte[]> settings = Harness.settings(idle(), raw -> {}, event -> {});
    Time broken =
        new Time() {
          @Override
          public long nanos() {
            throw new OutOfMemoryError("unable to create native thread");
          }

          @Override
          public long millis() {
            return 0;
          }
        };
    Coordinator<byte[], byte[]> consumer =
        new Coordinator<>(settings, Harness.platform(broken, CoordinatorTest::unreachable));
    assertThat(get(consumer.start()).result()).isEqualTo(Result.FAILED);
    CloseReport report = consumer.closed().get(10, TimeUnit.SECONDS);
    assertThat(report.state()).isEqualTo(State.FAILED);
    assertThat(report.failure()).isPresent();
    assertThat(get(consumer.pause()).result()).isEqualTo(Result.FAILED);
  }

  /** Everything about it throws. */
  @SuppressWarnings("serial") // never serialized
  private static final class Hostile extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("getMessage");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("getCause");
    }
  }

  @Test
  void shouldEndFailedAndAnswerEverybodyWhenTheExceptionItStopsForThrowsItself() throws Exception {
    Coordinator<byte[], byte[]> consumer =
        with(
            RecordHandler.of(
                (record, context) -> {
                  throw new Hostile();
                }),
            () -> joining(1));
    consumer.start();
    CloseReport report = consumer.closed().get(20, TimeUnit.SECONDS);
    assertThat(report.state()).isEqualTo(State.FAILED);
    assertThat(consumer.status().state()).isEqualTo(State.FAILED);
    assertThat(consumer.health().liveness()).isEqualTo(Health.Level.DOWN);
    assertThat(clients).allMatch(client -> client.closed);
  }

  @Test
  void shouldNotWaitForItselfWhenClosedFromAHandler() throws Exception {
    CompletableFuture<CloseReport> seen = new CompletableFuture<>();
    Coordinator<byte[], byte[]> consumer =
        with(
            new RecordHandler<>() {
              @Override
              public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                seen.complete(self.get().close(BOUND));
              }
            },
            () -> joining(1));
    consumer.start();
    assertThat(seen.get(20, TimeUnit.SECONDS).state()).isEqualTo(State.CLOSING);
    CloseReport report = consumer.closed().get(20, TimeUnit.SECONDS);
    assertThat(report.clean()).isTrue();
    assertThat(clients.peek().committed.get(Harness.A).offset())
        .as("its record is done")
        .isEqualTo(1);
  }

  @Test
  void shouldSayHonestlyThatAHandlerIsStillRunning() throws Exception {
    java.util.concurrent.CountDownLatch inside = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
    Coordinator<byte[], byte[]> consumer =
        with(
            RecordHandler.of(
                (record, context) -> {
                  inside.countDown();
                  while (release.getCount() > 0) {
                    try {
                      release.await();
                    } catch (InterruptedException deaf) {
                      // hangs on
                    }
                  }
                }),
            () -> joining(1));
    consumer.start();
    inside.await();
    long before = System.nanoTime();
    CloseReport report = consumer.close(Duration.ofMillis(600));
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    release.countDown();
    assertThat(report.clean()).isFalse();
    assertThat(report.stillRunning()).anyMatch(still -> still.what().equals("orders-0@0"));
    assertThat(took).isLessThan(Duration.ofSeconds(5));
    CloseReport last = consumer.closed().get(20, TimeUnit.SECONDS);
    assertThat(last.state()).isEqualTo(State.CLOSED);
    assertThat(clients.peek().committed.get(Harness.A).offset()).as("not done").isZero();
  }

  @Test
  void shouldRefuseABoundThatIsNone() {
    Coordinator<byte[], byte[]> consumer = with(idle(), CoordinatorTest::unreachable);
    assertThatThrownBy(() -> consumer.closeAsync(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> consumer.closeAsync(Duration.ofHours(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(consumer.status().state()).isEqualTo(State.NEW);
  }
}
