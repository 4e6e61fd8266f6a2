package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerEvent.Blocked;
import io.github.safeconsumer.SafeConsumerEvent.HandlerTimedOut;
import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.core.OwnedPartition;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watchdog in a whole consumer, its clock in the test's hand. */
@Timeout(60)
class WatchdogTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final CountDownLatch release = new CountDownLatch(1);
  private final Queue<String> entered = new ConcurrentLinkedQueue<>();
  private final Queue<RecordContext> contexts = new ConcurrentLinkedQueue<>();
  private Harness harness;

  @AfterEach
  void end() {
    release.countDown();
    harness.close();
  }

  private Harness start(
      RecordHandler.Handle<byte[], byte[]> handle, Consumer<RawSettings<byte[], byte[]>> change) {
    harness =
        new Harness(
            RecordHandler.of(
                (record, context) -> {
                  entered.add(record.partition() + "@" + record.offset());
                  contexts.add(context);
                  handle.handle(record, context);
                }),
            raw -> {
              raw.handlerTimeout = TIMEOUT;
              change.accept(raw);
            });
    return harness;
  }

  /** Whatever anybody says, until the test is over. */
  private void hang() {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException swallowed) {
        // as some handlers do
      }
    }
  }

  private void pass(Duration time) {
    harness.time.advance(time);
    harness.parts.watchHandlers();
  }

  /** Past the deadline, then past the grace. */
  private void giveUp() {
    pass(TIMEOUT);
    pass(GRACE);
  }

  private OwnedPartition partition(TopicPartition which) {
    return harness.parts.assignment().get(which);
  }

  private Reports<byte[], byte[]> reports() {
    return new Reports<>(harness.lasting, harness.parts, List.of());
  }

  private static void soon(String what, BooleanSupplier so) {
    await(what).atMost(SOON).pollInterval(Duration.ofMillis(1)).until(so::getAsBoolean);
  }

  @Test
  void shouldReportInterruptAndTakeWhatComesOfItForAnOrdinaryFailure() {
    CountDownLatch never = new CountDownLatch(1);
    start((record, context) -> never.await(), raw -> {});
    harness.own(A);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("it hangs", () -> entered.size() == 1);
    pass(TIMEOUT.dividedBy(2));
    pass(Duration.ZERO);
    soon("the slow handler", () -> slow().size() == 1);
    assertThat(slow().get(0).stack()).isNotEmpty();
    assertThat(timedOut()).isEmpty();
    pass(TIMEOUT.dividedBy(2));
    soon("a failure", () -> partition(A).status(0, 0).waiting() == 1);
    assertThat(harness.lasting.counters().attemptsFailed.sum()).isEqualTo(1);
    soon("the event", () -> timedOut().size() == 1);
    assertThat(timedOut().get(0).abandoned()).isFalse();
    assertThat(timedOut().get(0).stack())
        .as("where it stood")
        .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("await"));
    pass(GRACE);
    assertThat(reports().status().abandoned()).isZero();
    assertThat(slow()).hasSize(1);
  }

  @Test
  void shouldAbandonWhatDoesNotEndHoldItsLaneAndLetTheOthersGoOnWithTheOnlyPermit() {
    start(
        (record, context) -> {
          if (record.partition() == 0) {
            hang();
          }
        },
        raw -> {});
    harness.own(A, B);
    harness.client().fill(A, 0, 2);
    harness.turnUntil("it hangs", () -> entered.contains("0@0"));
    harness.client().fill(B, 0, 3);
    pass(TIMEOUT);
    assertThat(reports().health().reasons()).anyMatch(r -> r.startsWith("hung: orders-0@0"));
    assertThat(partition(B).watermark()).isZero();
    pass(GRACE);
    harness.turnUntil("the others", () -> partition(B).watermark() == 3);
    soon("its lane holds", () -> partition(A).status(0, 0).blocked() == 1);
    soon("told", () -> harness.events(Blocked.class).size() == 1 && timedOut().size() == 2);
    assertThat(harness.events(Blocked.class).get(0).reason()).contains("HUNG");
    assertThat(timedOut().get(1).abandoned()).isTrue();
    assertThat(contexts.peek().cancelled()).isTrue();
    assertThat(reports().status().abandoned()).isEqualTo(1);
    assertThat(reports().health().reasons()).anyMatch(r -> r.startsWith("abandoned: orders-0@0"));
    assertThat(reports().health().liveness()).isEqualTo(Health.Level.UP);
    assertThat(partition(A).work().runningCount()).as("a drain does not wait for it").isZero();
    assertThat(harness.parts.assignment().isQuiet()).isTrue();
    assertThat(harness.parts.workers().stillRunning())
        .as("a close names it")
        .anyMatch(one -> one.what().equals("orders-0@0") && one.thread().contains("worker"));

    release.countDown();
    soon("it is back", () -> reports().status().abandoned() == 0);
    assertThat(partition(A).watermark()).as("a late result is ignored").isZero();
    assertThat(harness.lasting.counters().handled.sum()).isEqualTo(3);
    harness.client().fill(B, 3, 5);
    harness.turnUntil("it goes on", () -> partition(B).watermark() == 5);
    assertThat(entered).hasSize(6).doesNotContain("0@1");
  }

  @Test
  void shouldReplaceUpToTheLimitAndThenSayThatOnlyARestartHelps() {
    CountDownLatch first = new CountDownLatch(1);
    start(
        (record, context) -> {
          if (record.offset() == 0) {
            while (first.getCount() > 0) {
              try {
                first.await();
              } catch (InterruptedException swallowed) {
                // as some handlers do
              }
            }
          } else if (record.offset() < 5) {
            hang();
          }
        },
        raw -> raw.ordering = Ordering.UNORDERED);
    harness.own(A);
    harness.client().fill(A, 0, 7);
    for (int hung = 1; hung <= 5; hung++) {
      int expected = hung;
      harness.turnUntil("the next one", () -> entered.size() == expected);
      giveUp();
    }
    assertThat(reports().status().abandoned()).isEqualTo(5);
    assertThat(reports().health().liveness()).isEqualTo(Health.Level.DOWN);
    assertThat(reports().health().reasons())
        .anyMatch(r -> r.startsWith("too many hung handlers: 1 over the limit of 4"));
    harness.turns(50);
    assertThat(entered).as("nothing replaces the fifth").hasSize(5);

    first.countDown();
    harness.turnUntil(
        "one came back, so the fifth is replaced",
        () -> {
          harness.parts.watchHandlers();
          return entered.size() == 7;
        });
    assertThat(reports().health().liveness()).isEqualTo(Health.Level.UP);
    release.countDown();
    soon("all are back", () -> reports().status().abandoned() == 0);
    harness.client().fill(A, 7, 20);
    harness.turnUntil("one at a time again", () -> entered.size() == 20);
  }

  @Test
  void shouldGiveTheTimeThatAHandlerAsksFor() {
    start(
        (record, context) -> {
          context.extendDeadline(Duration.ofMinutes(5));
          hang();
        },
        raw -> {});
    harness.own(A);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("it hangs", () -> entered.size() == 1);
    soon(
        "asked",
        () -> contexts.peek().deadline().isAfter(harness.lasting.events().now().plus(TIMEOUT)));
    pass(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(timedOut()).isEmpty();
    pass(Duration.ofSeconds(1));
    soon("the event", () -> timedOut().size() == 1);
  }

  @Test
  void shouldRunTheRecordsOfAHungBatchOneByOneAndChargeOnlyTheOneThatHangsAlone() {
    BatchHandler<byte[], byte[]> handler =
        BatchHandler.of(
            (records, context) -> {
              entered.add(records.size() + " from " + records.get(0).offset());
              if (records.stream().anyMatch(record -> record.offset() == 1)) {
                hang();
              }
            });
    harness =
        new Harness(
            RecordHandler.of((record, context) -> {}),
            raw -> {
              raw.handler = null;
              raw.batchHandler = handler;
              raw.batchPolicy = BatchPolicy.of(3);
              raw.ordering = Ordering.UNORDERED;
              raw.handlerTimeout = TIMEOUT;
            });
    harness.own(A);
    harness.client().fill(A, 0, 3);
    harness.turnUntil("it hangs", () -> entered.contains("3 from 0"));
    giveUp();
    harness.turnUntil("alone", () -> entered.contains("1 from 1"));
    giveUp();
    harness.turnUntil("the third", () -> entered.contains("1 from 2"));
    soon("held", () -> partition(A).status(0, 0).blocked() == 1);
    harness.turnUntil("the others", () -> harness.lasting.counters().handled.sum() == 2);
    assertThat(partition(A).stopped().heldOffset()).isEqualTo(1);
    assertThat(entered).startsWith("3 from 0").hasSize(4);
  }

  @Test
  void shouldCancelAStageAtItsDeadlineAndAbandonOneThatCannotBe() {
    CompletableFuture<Void> stubborn = new CompletableFuture<>();
    CompletableFuture<Void> future = new CompletableFuture<>();
    harness =
        new Harness(
            RecordHandler.ofAsync(
                (record, context) -> {
                  entered.add(record.partition() + "@" + record.offset());
                  return record.partition() == 0 ? stubborn.minimalCompletionStage() : future;
                }),
            raw -> {
              raw.handlerTimeout = TIMEOUT;
              raw.concurrency = 2;
            });
    harness.own(A, B);
    harness.client().fill(A, 0, 1);
    harness.client().fill(B, 0, 1);
    harness.turnUntil("both", () -> entered.size() == 2);
    soon(
        "no threads",
        () ->
            harness.parts.workers().inFlight().stream().filter(one -> one.stage() != null).count()
                == 2);
    pass(TIMEOUT);
    soon("cancelled", future::isCancelled);
    soon("an ordinary failure", () -> partition(B).status(0, 0).waiting() == 1);
    pass(GRACE);
    soon("held", () -> partition(A).status(0, 0).blocked() == 1);
    assertThat(reports().status().abandoned()).isEqualTo(1);
    stubborn.complete(null);
    soon("it ended", () -> reports().status().abandoned() == 0);
    assertThat(partition(A).watermark()).as("a late result is ignored").isZero();
    harness.turnUntil("tried again: the permit is there", () -> entered.size() == 3);
  }

  @Test
  void shouldRetryAHungRecordByChoiceAndOverlapTheOneThatHangs() {
    start(
        (record, context) -> {
          if (context.attempt() == 1) {
            hang();
          }
        },
        raw ->
            raw.retry =
                RetryPolicy.fixed(Duration.ofMillis(1))
                    .on(FailureAction.RETRY, HandlerTimeoutException.class));
    harness.own(A);
    harness.client().fill(A, 0, 1);
    harness.turnUntil("it hangs", () -> entered.size() == 1);
    giveUp();
    harness.turnUntil("the second attempt", () -> partition(A).watermark() == 1);
    assertThat(reports().status().abandoned()).isEqualTo(1);
    release.countDown();
    soon("it is back", () -> reports().status().abandoned() == 0);
    assertThat(harness.lasting.counters().handled.sum()).isEqualTo(1);
  }

  private List<HandlerTimedOut> timedOut() {
    return harness.events(HandlerTimedOut.class);
  }

  private List<SafeConsumerEvent.SlowHandler> slow() {
    return harness.events(SafeConsumerEvent.SlowHandler.class);
  }
}
