package io.github.safeconsumer.examples.testingahandler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.examples.testingahandler.Shipping.Order;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** To copy: a handler tested with all that surrounds it, without a broker and without waiting. */
@Timeout(60)
class ShippingTest {
  private final FakeWarehouse warehouse = new FakeWarehouse();
  private final HandlerTestDriver<String, Order> driver =
      HandlerTestDriver.of(Shipping.consumer(Main.KAFKA, warehouse));

  @AfterEach
  void close() {
    driver.close();
  }

  private void order(String id, int quantity) {
    driver.pipe("orders", "customer-1", new Order(id, quantity)); // handled when this returns
  }

  @Test
  void shouldShip() {
    order("a", 3);
    assertThat(warehouse.shipped()).isEqualTo(Map.of("a", 3));
    assertThat(driver.committed("orders", 0)).hasValue(1);
  }

  @Test
  void shouldTryAgainAfterOneSecondAndAfterTwoMore() {
    warehouse.refuse(2);
    order("a", 3);
    driver.advanceTime(Duration.ofMillis(999));
    assertThat(warehouse.calls()).isEqualTo(1);
    driver.advanceTime(Duration.ofMillis(1));
    assertThat(warehouse.calls()).isEqualTo(2);
    assertThat(driver.committed("orders", 0)).as("its count stands beside its offset").hasValue(0);
    driver.advanceTime(Duration.ofSeconds(2));
    assertThat(warehouse.shipped()).containsOnlyKeys("a");
    assertThat(driver.committed("orders", 0)).hasValue(1);
  }

  @Test
  void shouldGiveUpARecordThatNoAttemptHelpsAndGoOnWithTheNext() {
    warehouse.refuse(8); // as many attempts as there are
    order("a", 3);
    order("b", 1);
    assertThat(warehouse.shipped()).as("b waits behind a").isEmpty();
    driver.advanceTime(Duration.ofSeconds(127)); // 1 + 2 + 4 + ... + 64
    DeadLetter letter = driver.deadLetters("orders.dlt").get(0);
    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);
    assertThat(letter.attempts()).isEqualTo(8);
    assertThat(warehouse.shipped()).containsOnlyKeys("b");
  }

  @Test
  void shouldGiveUpAnOrderOfNothingAtOnce() {
    order("a", 0);
    assertThat(warehouse.calls()).isZero();
    assertThat(driver.deadLetters())
        .extracting(DeadLetter::reason)
        .containsExactly(DeadLetter.Reason.NON_RETRYABLE);
    assertThat(driver.committed("orders", 0)).hasValue(1);
  }

  @Test
  void shouldGiveUpWhatIsNoJson() {
    driver.pipeBytes("orders", null, new byte[] {'{'});
    assertThat(driver.deadLetters())
        .extracting(DeadLetter::reason)
        .containsExactly(DeadLetter.Reason.UNDESERIALIZABLE);
  }

  @Test
  void shouldShipOnceWhenTheProcessDiesBeforeTheCommit() {
    driver.commitsFail(true);
    order("a", 3);
    driver.crashAndRestart(); // as by kill -9, and a new process
    driver.commitsFail(false);
    driver.advanceTime(Duration.ofMinutes(1)); // the commit is tried again
    assertThat(warehouse.calls()).isEqualTo(2);
    assertThat(warehouse.shipped()).isEqualTo(Map.of("a", 3));
    assertThat(driver.committed("orders", 0)).hasValue(1);
  }

  @Test
  void shouldNotCountTheAttemptsAnewWhenTheProcessDies() {
    warehouse.refuse(8);
    order("a", 3);
    driver.advanceTime(Duration.ofSeconds(3)); // three attempts
    driver.crashAndRestart();
    driver.advanceTime(Duration.ofMinutes(5));
    assertThat(driver.deadLetters()).extracting(DeadLetter::attempts).containsExactly(8);
    assertThat(warehouse.calls()).isEqualTo(8);
  }

  @Test
  void shouldWaitForAWarehouseThatIsAwayAndGiveUpNothing() {
    warehouse.away(true);
    for (int i = 0; i < 20; i++) {
      order("order-" + i, 1);
    }
    driver.advanceTime(Duration.ofMinutes(5));
    assertThat(driver.status().breakers())
        .extracting(BreakerStatus::state)
        .containsExactly(BreakerStatus.State.OPEN);
    warehouse.away(false);
    driver.advanceTime(Duration.ofMinutes(1)); // the longest wait between two probes
    assertThat(warehouse.shipped()).hasSize(20);
    assertThat(driver.deadLetters()).isEmpty();
    assertThat(driver.committed("orders", 0)).hasValue(20);
  }
}
