package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A handler names its downstreams: one that is away keeps only those back that need it. */
class DownstreamCallTest {
  private final List<String> entered = new ArrayList<>();
  private final List<String> paid = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private Exception down;
  private boolean wrapped;

  /** Records of "pay..." call payment, the others call nothing. */
  private void handle(ConsumerRecord<String, String> record, RecordContext context)
      throws Exception {
    entered.add(record.value());
    if (record.value().startsWith("pay")) {
      try {
        context.call("payment", () -> pay(record.value()));
      } catch (Exception e) {
        if (wrapped) {
          throw new IllegalStateException("payment failed", e);
        }
        throw e;
      }
    }
    done.add(record.value());
  }

  private String pay(String value) throws Exception {
    paid.add(value);
    if (down != null) {
      throw down;
    }
    return value;
  }

  private HandlerTestDriver<String, String> driver() {
    return HandlerTestDriver.of(
        Setup.builder(RecordHandler.of(this::handle))
            .ordering(Ordering.UNORDERED)
            .concurrency(4)
            .retry(RetryPolicy.defaults().maxAttempts(1)));
  }

  private static List<ProducerRecord<String, String>> mixed(int each) {
    return IntStream.range(0, 2 * each)
        .mapToObj(
            i -> new ProducerRecord<String, String>("orders", null, (i % 2 == 0 ? "pay" : "x") + i))
        .toList();
  }

  private static BreakerStatus payment(HandlerTestDriver<?, ?> driver) {
    return driver.status().breakers().stream()
        .filter(one -> one.scope().equals("payment"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldParkOnlyThoseThatNeedTheDownstreamAndLetThemGoWhenItIsBack() {
    down = new IOException("refused");
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipeAll(mixed(20));
      assertThat(done).as("the others flow").hasSize(20);
      assertThat(paid).as("three that opened it").hasSize(3);
      assertThat(payment(driver).state()).isEqualTo(BreakerStatus.State.OPEN);
      assertThat(payment(driver).parked()).as("two wait for their back-off").isEqualTo(18);
      assertThat(driver.status().state()).as("the consumer goes on").isEqualTo(State.RUNNING);

      int before = entered.size();
      driver.advanceTime(Duration.ofMinutes(10));
      assertThat(paid).as("and one for each probe").hasSize(3 + 14);
      assertThat(entered.size() - before).as("nobody else is run for it").isEqualTo(2 + 14);
      assertThat(payment(driver).parked()).isEqualTo(20);
      assertThat(driver.status().breakers().get(0).state())
          .as("the consumer's own is not fed by it")
          .isEqualTo(BreakerStatus.State.CLOSED);

      down = null;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(done).hasSize(40);
      assertThat(driver.deadLetters()).isEmpty();
      assertThat(driver.committed("orders", 0)).hasValue(40);
      assertThat(payment(driver).parked()).isZero();
    }
  }

  @Test
  void shouldKnowTheCallsFailureInsideAnother() {
    wrapped = true;
    down = new IOException("refused");
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipeAll(mixed(10));
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(payment(driver).state()).isEqualTo(BreakerStatus.State.OPEN);
      assertThat(driver.status().breakers().get(0).state()).isEqualTo(BreakerStatus.State.CLOSED);
      assertThat(driver.deadLetters()).isEmpty();
      down = null;
      driver.advanceTime(Duration.ofMinutes(2));
      assertThat(done).hasSize(20);
    }
  }

  @Test
  void shouldTakeAnAnswerForAnAnswerHoweverBad() {
    down = new NonRetryableException("400 bad request");
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipeAll(mixed(10));
      assertThat(payment(driver).state()).isEqualTo(BreakerStatus.State.CLOSED);
      assertThat(driver.deadLetters()).hasSize(10);
    }
  }

  @Test
  void shouldParkNothingAnyMoreAfterARebalanceAndBeginAgainWithThem() {
    down = new IOException("refused");
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.pipeAll(mixed(10));
      driver.advanceTime(Duration.ofSeconds(10));
      driver.rebalance();
      driver.advanceTime(Duration.ofSeconds(10));
      assertThat(payment(driver).parked()).isEqualTo(10);
      down = null;
      driver.advanceTime(Duration.ofMinutes(1));
      assertThat(driver.committed("orders", 0)).hasValue(20);
      assertThat(driver.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldOpenAndCloseADownstreamByHand() {
    try (HandlerTestDriver<String, String> driver = driver()) {
      driver.consumer().openBreaker("payment").join();
      driver.pipeAll(mixed(10));
      driver.advanceTime(Duration.ofHours(1));
      assertThat(paid).isEmpty();
      assertThat(done).hasSize(10);
      driver.consumer().closeBreaker("payment").join();
      driver.advanceTime(Duration.ofMillis(200));
      assertThat(done).hasSize(20);
      assertThat(Setup.events(driver, SafeConsumerEvent.BreakerChanged.class))
          .extracting(SafeConsumerEvent.BreakerChanged::scope)
          .containsOnly("payment");
    }
  }

  @Test
  void shouldRefuseAsManyNamesAsThereAreRecords() {
    List<Throwable> refused = new ArrayList<>();
    RecordHandler<String, String> handler =
        RecordHandler.of(
            (record, context) -> {
              try {
                context.call("name-" + record.offset(), () -> "fine");
              } catch (IllegalStateException e) {
                refused.add(e);
              }
            });
    try (HandlerTestDriver<String, String> driver = HandlerTestDriver.of(Setup.builder(handler))) {
      driver.pipeAll(mixed(60));
      assertThat(refused).hasSize(20);
      assertThat(refused.get(0)).hasMessageContaining("number 101");
      assertThatThrownBy(() -> driver.consumer().openBreaker("x".repeat(101)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
