package io.github.safeconsumer.testing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Ordering;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Batches, seen from outside. */
class BatchTest {
  private final List<String> seen = new ArrayList<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<String> poisonous = new HashSet<>();

  private HandlerTestDriver<String, String> driver(BatchPolicy policy, Ordering ordering) {
    return HandlerTestDriver.of(
        SafeConsumer.<String, String>builder()
            .kafka("bootstrap.servers", "unused:9092")
            .kafka("group.id", "inserts")
            .topics("orders")
            .keyDeserializer(new StringDeserializer())
            .valueDeserializer(new StringDeserializer())
            .ordering(ordering)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(3))
            .deadLetter(DeadLetterPolicy.toTopic("orders.dlt"))
            .batchHandler(
                BatchHandler.of(
                    (records, context) -> {
                      seen.add(
                          records.stream()
                              .map(one -> one.value() + "#" + context.attempt(records.indexOf(one)))
                              .collect(Collectors.joining(" ")));
                      for (int i = 0; i < records.size(); i++) {
                        if (poisonous.contains(records.get(i).value())) {
                          throw new IllegalStateException("the whole batch");
                        }
                        if (failing.contains(records.get(i).value())) {
                          context.fail(i, new IllegalStateException("this one"));
                        }
                      }
                    }),
                policy));
  }

  @Test
  void shouldHandOverABatchAsSoonAsItIsFullAndTheRestWhenTheLingerTimeIsOver() {
    try (HandlerTestDriver<String, String> driver =
        driver(BatchPolicy.of(3).linger(Duration.ofSeconds(2)), Ordering.PARTITION)) {
      for (String value : List.of("a", "b", "c", "d")) {
        driver.pipe("orders", "k", value);
      }
      assertThat(seen).containsExactly("a#1 b#1 c#1");
      driver.advanceTime(Duration.ofMillis(1_900));
      assertThat(seen).hasSize(1);
      driver.advanceTime(Duration.ofMillis(200));
      assertThat(seen).containsExactly("a#1 b#1 c#1", "d#1");
      assertThat(driver.committed("orders", 0)).hasValue(4);
    }
  }

  @Test
  void shouldChargeNobodyForABatchThatThrewAndOneByOneOnlyTheRecordAtFault() {
    poisonous.add("b");
    try (HandlerTestDriver<String, String> driver =
        driver(BatchPolicy.of(3).linger(Duration.ofSeconds(2)), Ordering.PARTITION)) {
      for (String value : List.of("a", "b", "c")) {
        driver.pipe("orders", "k", value);
      }
      driver.advanceTime(Duration.ofSeconds(10));
      assertThat(seen).containsExactly("a#1 b#1 c#1", "a#1", "b#1", "b#2", "b#3", "c#1");
      assertThat(driver.deadLetters())
          .singleElement()
          .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(3));
      assertThat(driver.events())
          .filteredOn(SafeConsumerEvent.BatchFailed.class::isInstance)
          .singleElement()
          .satisfies(
              event -> assertThat(((SafeConsumerEvent.BatchFailed) event).records()).isEqualTo(3));
      assertThat(driver.committed("orders", 0)).hasValue(3);
    }
  }

  @Test
  void shouldSendBackWhatHasToStayBehindARecordThatFailedAndNothingElse() {
    failing.add("a1");
    try (HandlerTestDriver<String, String> driver =
        driver(BatchPolicy.of(4).linger(Duration.ofSeconds(2)), Ordering.KEY)) {
      driver.pipe("orders", "a", "a1");
      driver.pipe("orders", "b", "b1");
      driver.pipe("orders", "a", "a2");
      driver.pipe("orders", "b", "b2");
      assertThat(seen).containsExactly("a1#1 b1#1 a2#1 b2#1");
      failing.clear();
      driver.advanceTime(Duration.ofSeconds(5));
      assertThat(seen)
          .as("the failed one alone, then what was sent back")
          .containsExactly("a1#1 b1#1 a2#1 b2#1", "a1#2", "a2#1");
      assertThat(driver.committed("orders", 0)).hasValue(4);
    }
  }
}
