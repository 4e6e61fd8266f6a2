package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.internal.deadletter.SinkHarness.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Giving letters up, and closing. */
class SendingTest {
  @Test
  void shouldSendNothingOfALetterThatWasCancelledFirst() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.send(1);

    assertThat(told.sending.inFlight()).isFalse();
    assertThat(told.sending.cancel()).isTrue();
    assertThat(told.sending.cancel()).as("again").isTrue();
    harness.executor.run();
    assertThat(harness.producers).isEmpty();
    assertThat(told.all).isEmpty();
  }

  @Test
  void shouldNotGiveUpWhatIsInFlight() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);

    assertThat(told.sending.cancel()).isFalse();
    assertThat(told.sending.inFlight()).isTrue();
    harness.acknowledge();
    assertThat(told.all).containsExactly("acknowledged dead");
  }

  @Test
  void shouldNotTryAgainWhatWasCancelledInFlight() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    assertThat(told.sending.cancel()).isFalse();
    harness.fail(new NotEnoughReplicasException("x"));

    assertThat(told.all).hasSize(1);
    assertThat(told.sending.inFlight()).isFalse();
    assertThat(told.sending.cancel()).as("given up by now").isTrue();
    harness.executor.advance(Duration.ofMinutes(1));
    assertThat(harness.producer().history()).hasSize(1);
    assertThat(harness.sink.failing()).as("nobody waits for it").isFalse();
  }

  @Test
  void shouldGiveUpBetweenTwoTries() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    harness.fail(new NotEnoughReplicasException("x"));
    assertThat(harness.sink.failing()).isTrue();

    assertThat(told.sending.cancel()).isTrue();
    assertThat(harness.sink.failing()).isFalse();
    harness.executor.advance(Duration.ofMinutes(1));
    assertThat(told.all).hasSize(1);
    assertThat(harness.producer().history()).hasSize(1);
  }

  @Test
  void shouldStayInFlightUntilTheResultIsTold() {
    SinkHarness harness = SinkHarness.toTopic();
    for (RuntimeException result :
        new RuntimeException[] {
          null, new NotEnoughReplicasException("x"), new InvalidTopicException("x")
        }) {
      Told told = harness.sendNow(1);
      AtomicBoolean inFlight = new AtomicBoolean();
      told.during = () -> inFlight.set(told.sending.inFlight());
      if (result == null) {
        harness.acknowledge();
      } else {
        harness.fail(result);
      }
      assertThat(inFlight).as(told.last()).isTrue();
      assertThat(told.sending.inFlight()).isFalse();
      told.sending.cancel();
    }
  }

  @Test
  void shouldTakeACancelInsideTheReportOfAFailure() {
    SinkHarness harness = SinkHarness.toTopic();
    Told told = harness.sendNow(1);
    told.during = () -> assertThat(told.sending.cancel()).isFalse();
    harness.fail(new NotEnoughReplicasException("x"));

    harness.executor.advance(Duration.ofMinutes(1));
    assertThat(told.all).hasSize(1);
    assertThat(told.sending.inFlight()).isFalse();
  }

  @Test
  @Timeout(60)
  void shouldNeverBothCancelAndSend() throws Exception {
    // Two threads meet at the same letter; whichever wins, the other is told the truth.
    List<Letter> letters = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      letters.add(new Letter(Letters.letter(1), null, new Told(), l -> {}));
    }
    CyclicBarrier meet = new CyclicBarrier(2);
    boolean[] tookOff = new boolean[letters.size()];
    boolean[] gaveUp = new boolean[letters.size()];
    Thread sink =
        new Thread(() -> each(letters, meet, (letter, i) -> tookOff[i] = letter.takeOff()));
    sink.start();
    each(letters, meet, (letter, i) -> gaveUp[i] = letter.cancel());
    sink.join();

    for (int i = 0; i < letters.size(); i++) {
      assertThat(gaveUp[i]).as("letter " + i).isNotEqualTo(tookOff[i]);
      assertThat(letters.get(i).inFlight()).isEqualTo(tookOff[i]);
    }
  }

  private static void each(
      List<Letter> letters, CyclicBarrier meet, ObjIntConsumer<Letter> action) {
    for (int i = 0; i < letters.size(); i++) {
      // Meeting every hundred letters keeps the two side by side.
      if (i % 100 == 0) {
        awaitQuietly(meet);
      }
      action.accept(letters.get(i), i);
    }
  }

  private static void awaitQuietly(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldDropWhatIsNotAcknowledgedAtClose() {
    SinkHarness harness = SinkHarness.toTopic();
    Told inFlight = harness.sendNow(1);
    Told waiting = harness.sendNow(2);
    harness.fail(new NotEnoughReplicasException("x"));
    Told queued = harness.send(3);
    SinkHarness.Mock producer = harness.producer();
    harness.sink.close(Duration.ofSeconds(1));

    assertThat(producer.closed()).isTrue();
    harness.executor.advance(Duration.ofMinutes(1));
    assertThat(harness.producers).hasSize(1);
    assertThat(harness.sink.failing()).isFalse();
    assertThat(inFlight.all.size() + waiting.all.size() + queued.all.size())
        .as("told nothing any more")
        .isEqualTo(1);
    assertThat(queued.sending.cancel()).isTrue();

    Told late = harness.sendNow(4);
    assertThat(late.sending.inFlight()).isFalse();
    assertThat(late.sending.cancel()).isTrue();
  }

  @Test
  void shouldReportWhatIsAcknowledgedDuringClose() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.next =
        () ->
            new SinkHarness.Mock() {
              @Override
              public void close(Duration bound) {
                completeNext();
                super.close(bound);
              }
            };
    Told told = harness.sendNow(1);
    harness.sink.close(Duration.ofSeconds(1));

    assertThat(told.all).containsExactly("acknowledged dead");
  }

  @Test
  @Timeout(30)
  void shouldKeepTheBoundOfCloseWhenTheProducerDoesNotEnd() {
    SinkHarness harness = SinkHarness.toTopic();
    CountDownLatch end = new CountDownLatch(1);
    harness.closer = task -> new Thread(task).start();
    harness.next =
        () ->
            new SinkHarness.Mock() {
              @Override
              public void close(Duration bound) {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            };
    harness.sendNow(1);
    long before = System.nanoTime();
    harness.sink.close(Duration.ofMillis(50));

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
    end.countDown();
  }

  @Test
  void shouldCloseAProducerThatWasBeingMadeDuringClose() {
    SinkHarness harness = SinkHarness.toTopic();
    harness.next =
        () -> {
          harness.sink.close(Duration.ZERO);
          return new SinkHarness.Mock();
        };
    Told told = harness.sendNow(1);

    await().until(() -> harness.producer().closed());
    harness.executor.run();
    assertThat(told.all).isEmpty();
    assertThat(told.sending.inFlight()).isFalse();
  }

  @Test
  void shouldGiveUpWhenItsThreadIsGone() {
    SinkHarness harness = SinkHarness.toTopic();
    Told inFlight = harness.sendNow(1);
    harness.executor.shutdown();
    Told late = harness.send(2);
    harness.producer().errorNext(new NotEnoughReplicasException("x"));

    assertThat(late.sending.cancel()).isTrue();
    assertThat(inFlight.sending.inFlight()).isFalse();
    assertThat(inFlight.all).isEmpty();
  }
}
