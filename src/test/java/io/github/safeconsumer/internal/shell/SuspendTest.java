package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Outcome.Result;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.config.RawSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * S2, S4, S6 and L1 for suspend(), resume() and pauseAndDrain(), with real threads and scripted
 * clients: schedules that a broker cannot be made to produce.
 */
class SuspendTest {
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Queue<FakeConsumer> clients = new ConcurrentLinkedQueue<>();
  private final Queue<SafeConsumerEvent> events = new ConcurrentLinkedQueue<>();
  private final Queue<Long> handled = new ConcurrentLinkedQueue<>();
  private final Map<TopicPartition, OffsetAndMetadata> group = new ConcurrentHashMap<>();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile int records = 3;
  private volatile Consumer<FakeConsumer> prepare = client -> {};
  private Coordinator<byte[], byte[]> consumer;

  @AfterEach
  void end() {
    release.countDown();
    consumer.close(BOUND);
  }

  private void with(RecordHandler<byte[], byte[]> handler) {
    with(handler, raw -> {});
  }

  private void with(
      RecordHandler<byte[], byte[]> handler, Consumer<RawSettings<byte[], byte[]>> change) {
    consumer =
        new Coordinator<>(
            Harness.settings(handler, change, events::add),
            Harness.platform(Platform.system().time(), this::client));
  }

  /** A client of one group: it goes on where the last one committed. */
  private FakeConsumer client() {
    FakeConsumer client = new FakeConsumer();
    client.committed.putAll(group);
    client.fill(Harness.A, 0, records);
    client.polls.add(() -> {});
    client.polls.add(() -> client.assign(Harness.A));
    client.atClose = () -> group.putAll(client.committed);
    prepare.accept(client);
    assertThat(clients).as("S2: one client at a time").allMatch(earlier -> earlier.closed);
    clients.add(client);
    return client;
  }

  private RecordHandler<byte[], byte[]> noting() {
    return RecordHandler.of((record, context) -> handled.add(record.offset()));
  }

  /** Stays in the handler of offset 0 until released, deaf to interrupts. */
  private RecordHandler<byte[], byte[]> hanging() {
    return RecordHandler.of(
        (record, context) -> {
          handled.add(record.offset());
          inside.countDown();
          boolean released = record.offset() > 0;
          while (!released) {
            try {
              release.await();
              released = true;
            } catch (InterruptedException deaf) {
              // hangs on
            }
          }
        });
  }

  private static Outcome get(CompletableFuture<Outcome> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private FakeConsumer first() {
    return clients.element();
  }

  @Test
  void shouldGiveEverythingBackAndGoOnAtTheCommittedOffset() throws Exception {
    with(noting(), raw -> raw.name = "suspended-one");
    get(consumer.start());
    await().until(() -> handled.size() == 3);
    Outcome suspended = get(consumer.suspend());
    assertThat(suspended.result()).as(suspended.reason()).isEqualTo(Result.APPLIED);
    assertThat(first().closed).isTrue();
    assertThat(group.get(Harness.A).offset()).isEqualTo(3);
    assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
    assertThat(consumer.status().partitions()).isEmpty();
    assertThat(consumer.health().liveness()).isEqualTo(Health.Level.UP);
    assertThat(consumer.health().readiness()).isEqualTo(Health.Level.DOWN);
    await("no thread remains")
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("suspended-one")));
    records = 5;
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    await().until(() -> handled.size() == 5);
    assertThat(handled).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(clients).hasSize(2);
    assertThat(consumer.status().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void shouldCreateNothingWhileSuspendedWhateverElseIsAsked() throws Exception {
    with(noting());
    get(consumer.start());
    get(consumer.suspend());
    assertThat(get(consumer.suspend()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.pause()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.pauseAndDrain()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.pause(java.util.List.of(Harness.A))).result())
        .isEqualTo(Result.APPLIED);
    assertThat(get(consumer.resume(java.util.List.of(Harness.A))).result())
        .isEqualTo(Result.APPLIED);
    assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
    assertThat(clients).hasSize(1);
    CloseReport report = consumer.close(BOUND);
    assertThat(report.clean()).isTrue();
    assertThat(report.state()).isEqualTo(State.CLOSED);
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.FAILED);
    assertThat(clients).hasSize(1);
  }

  @Test
  void shouldStartSuspendedWhenSuspendedBeforeTheStart() throws Exception {
    with(noting());
    assertThat(get(consumer.suspend()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(consumer.start()).result()).isEqualTo(Result.SUPERSEDED);
    assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
    assertThat(clients).isEmpty();
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    await().until(() -> handled.size() == 3);
  }

  @Test
  void shouldNotLoseAResumeThatComesWhileTheClientIsBeingClosed() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch resumed = new CountDownLatch(1);
    prepare =
        client -> {
          Runnable commit = client.atClose;
          client.atClose =
              () -> {
                closing.countDown();
                try {
                  resumed.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                commit.run();
              };
        };
    with(noting());
    get(consumer.start());
    await().until(() -> handled.size() == 3);
    CompletableFuture<Outcome> suspend = consumer.suspend();
    closing.await();
    prepare = client -> {};
    records = 4;
    CompletableFuture<Outcome> resume = consumer.resume();
    resumed.countDown();
    assertThat(get(suspend).result()).isEqualTo(Result.SUPERSEDED);
    assertThat(get(resume).result()).isEqualTo(Result.APPLIED);
    await().until(() -> handled.size() == 4);
    assertThat(clients).hasSize(2);
  }

  @Test
  void shouldEndTheSuspendAsACloseWhenCloseComesMeanwhile() throws Exception {
    with(hanging(), raw -> raw.drainTimeout = Duration.ofSeconds(20));
    get(consumer.start());
    inside.await();
    CompletableFuture<Outcome> suspend = consumer.suspend();
    long before = System.nanoTime();
    CloseReport report = consumer.close(Duration.ofSeconds(1));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(report.clean()).isFalse();
    release.countDown();
    assertThat(get(suspend).result()).isEqualTo(Result.SUPERSEDED);
    assertThat(consumer.closed().get(20, TimeUnit.SECONDS).state()).isEqualTo(State.CLOSED);
  }

  @Test
  void shouldSuspendWhileNoClientCanBeMade() throws Exception {
    prepare =
        client -> {
          throw new KafkaException("no broker");
        };
    with(noting());
    CompletableFuture<Outcome> started = consumer.start();
    await().until(() -> consumer.status().state() == State.RESTARTING);
    assertThat(get(consumer.suspend()).result()).isEqualTo(Result.APPLIED);
    assertThat(get(started).result()).isEqualTo(Result.SUPERSEDED);
    prepare = client -> {};
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    await().until(() -> handled.size() == 3);
  }

  @Test
  void shouldSayWhatOutlivedTheSuspendAndNeverRunItTwiceAtOnce() throws Exception {
    with(hanging(), raw -> raw.drainTimeout = Duration.ofMillis(50));
    get(consumer.start());
    inside.await();
    Outcome suspended = get(consumer.suspend());
    assertThat(suspended.result()).isEqualTo(Result.FAILED);
    assertThat(suspended.reason()).contains("orders-0@0");
    assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
    assertThat(get(consumer.suspend()).reason()).as("still").contains("orders-0@0");
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    await("the next client owns the partition")
        .until(() -> consumer.status().partitions().size() == 1);
    assertThat(handled).as("the same record is still in its handler").containsExactly(0L);
    release.countDown();
    await().until(() -> handled.size() == 4);
    assertThat(handled).containsExactly(0L, 0L, 1L, 2L);
  }

  @Test
  void shouldCountWhatOutlivedTheSuspendAgainstTheConcurrency() throws Exception {
    with(hanging(), raw -> raw.drainTimeout = Duration.ofMillis(50));
    get(consumer.start());
    inside.await();
    get(consumer.suspend());
    prepare =
        client -> {
          client.fill(Harness.B, 5, 6);
          client.polls.add(() -> client.assign(Harness.B));
        };
    get(consumer.resume());
    await("both partitions are owned, B has a record")
        .until(
            () ->
                consumer.status().partitions().stream()
                    .anyMatch(p -> p.partition().equals(Harness.B) && p.buffered() == 1));
    assertThat(consumer.health().reasons())
        .anyMatch(reason -> reason.contains("since before a suspend: orders-0@0"));
    assertThat(handled).as("concurrency is 1").containsExactly(0L);
    release.countDown();
    await().until(() -> handled.size() == 5);
  }

  @Test
  void shouldSayAtCloseWhatOutlivedAnEarlierSuspend() throws Exception {
    with(hanging(), raw -> raw.drainTimeout = Duration.ofMillis(50));
    get(consumer.start());
    inside.await();
    get(consumer.suspend());
    CloseReport report = consumer.close(Duration.ofSeconds(2));
    assertThat(report.state()).isEqualTo(State.CLOSED);
    assertThat(report.clean()).isFalse();
    assertThat(report.stillRunning())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.what()).isEqualTo("orders-0@0");
              assertThat(one.stack()).isNotEmpty();
            });
  }

  @Test
  void shouldFailASuspendWhoseLeavingFailed() throws Exception {
    prepare =
        client -> {
          client.atClose =
              () -> {
                throw new KafkaException("no answer");
              };
        };
    with(noting());
    get(consumer.start());
    await().until(() -> handled.size() == 3);
    Outcome suspended = get(consumer.suspend());
    assertThat(suspended.result()).isEqualTo(Result.FAILED);
    assertThat(suspended.reason()).contains("the leaving failed");
    first().closed = true;
    assertThat(consumer.status().state()).isEqualTo(State.SUSPENDED);
  }

  @Test
  void shouldGoOnWhereItWasWhenTheGroupHasForgottenItsOffsets() throws Exception {
    with(noting());
    get(consumer.start());
    await().until(() -> handled.size() == 3);
    get(consumer.suspend());
    group.clear();
    records = 4;
    get(consumer.resume());
    await().until(() -> handled.size() == 4);
    assertThat(handled).containsExactly(0L, 1L, 2L, 3L);
    assertThat(events)
        .filteredOn(SafeConsumerEvent.OffsetReset.class::isInstance)
        .last()
        .asString()
        .contains("the last offset this consumer committed");
  }

  @Test
  void shouldAnswerADrainOnlyOnceTheHandlerHasLeftAndItsRecordIsCommitted() throws Exception {
    with(hanging());
    get(consumer.start());
    inside.await();
    CompletableFuture<Outcome> drained = consumer.pauseAndDrain();
    assertThat(get(consumer.pause()).result())
        .as("a pause needs no drain")
        .isEqualTo(Result.APPLIED);
    assertThat(drained).isNotDone();
    release.countDown();
    assertThat(get(drained).result()).isEqualTo(Result.APPLIED);
    assertThat(first().committed.get(Harness.A).offset()).isEqualTo(1);
    assertThat(handled).containsExactly(0L);
    assertThat(get(consumer.resume()).result()).isEqualTo(Result.APPLIED);
    await().until(() -> handled.size() == 3);
  }

  @Test
  void shouldNameWhatADrainCouldNotWaitFor() throws Exception {
    with(hanging(), raw -> raw.drainTimeout = Duration.ZERO);
    get(consumer.start());
    inside.await();
    Outcome drained = get(consumer.pauseAndDrain());
    assertThat(drained.result()).isEqualTo(Result.FAILED);
    assertThat(drained.reason()).contains("orders-0@0");
    assertThat(consumer.status().state()).as("the pause stays").isEqualTo(State.PAUSED);
  }

  @Test
  void shouldRefuseToWaitInsideAHandlerForWhatWaitsForIt() throws Exception {
    AtomicReference<CompletableFuture<Outcome>> asked = new AtomicReference<>();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    with(
        RecordHandler.of(
            (record, context) -> {
              if (record.offset() == 0) {
                CompletableFuture<Outcome> suspend = consumer.suspend();
                asked.set(suspend);
                assertThatThrownBy(() -> suspend.get(1, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> consumer.closed().thenApply(r -> r).join())
                    .isInstanceOf(IllegalStateException.class);
                try {
                  suspend.join();
                } catch (IllegalStateException refused) {
                  thrown.complete(refused);
                }
              }
            }));
    consumer.start();
    assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("wait for itself");
    assertThat(get(asked.get()).result()).isEqualTo(Result.APPLIED);
    assertThat(group.get(Harness.A).offset()).as("its record is done").isEqualTo(1);
  }
}
