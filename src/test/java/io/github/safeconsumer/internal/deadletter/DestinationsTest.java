package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetter.Reason;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.deadletter.SinkHarness.Told;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which topic a letter goes to for the sake of its exception. */
class DestinationsTest {
  private static final DeadLetterPolicy POLICY =
      DeadLetterPolicy.suffix(".dlt")
          .on("orders.invalid", IllegalArgumentException.class, ClassCastException.class)
          .on("orders.io", IOException.class)
          .on("orders.files", FileNotFoundException.class);

  private static String topic(
      DeadLetterPolicy policy, @Nullable Throwable named, @Nullable Throwable atHand) {
    SinkHarness harness = new SinkHarness(policy);
    DeadLetter letter =
        Letters.FACTORY.create(
            Letters.record(1), Reason.EXHAUSTED, named, 8, Letters.FIRST, Letters.LAST);
    harness.sink.send(letter, atHand, new Told());
    harness.executor.run();
    return harness.producer().history().get(0).topic();
  }

  private static String topic(Throwable failure) {
    return topic(POLICY, failure, failure);
  }

  @Test
  void shouldGoByTheExceptionItsSuperclassesAndItsCauses() {
    assertThat(topic(new IllegalStateException())).isEqualTo("orders.dlt");
    assertThat(topic(new NumberFormatException("a subclass"))).isEqualTo("orders.invalid");
    assertThat(topic(new RuntimeException(new ClassCastException()))).isEqualTo("orders.invalid");
    assertThat(topic(new UncheckedIOException(new IOException()))).isEqualTo("orders.io");
  }

  @Test
  void shouldLetTheRuleThatWasGivenLastDecide() {
    assertThat(topic(new FileNotFoundException())).isEqualTo("orders.files");
    assertThat(topic(new IOException(new IllegalArgumentException()))).isEqualTo("orders.io");
  }

  /** As after a hand-over: the next owner knows that the record is to be buried, and not why. */
  @Test
  void shouldGoToTheMainTopicWithoutAnException() {
    assertThat(topic(POLICY, null, null)).isEqualTo("orders.dlt");
  }

  @Test
  void shouldGoByTheNameWhereThatIsAllThatIsLeft() {
    assertThat(topic(POLICY, new ClassCastException(), null)).isEqualTo("orders.invalid");
    assertThat(topic(POLICY, new NumberFormatException(), null)).isEqualTo("orders.dlt");
  }

  @Test
  void shouldSurviveAChainOfCausesThatNeverEnds() {
    Throwable endless =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized Throwable getCause() {
            return new RuntimeException(this);
          }
        };
    assertThat(topic(endless)).isEqualTo("orders.dlt");
  }

  @Test
  void shouldNotAskTheRoutingFunctionForALetterThatHasADestination() {
    DeadLetterPolicy routed =
        DeadLetterPolicy.routed(
                letter -> {
                  throw new AssertionError("asked");
                })
            .on("orders.io", IOException.class);
    assertThat(topic(routed, new IOException(), new IOException())).isEqualTo("orders.io");
  }

  @Test
  void shouldRefuseARuleThatNamesNothing() {
    assertThatThrownBy(() -> DeadLetterPolicy.toTopic("dead").on("orders.io"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one exception");
    assertThatThrownBy(() -> DeadLetterPolicy.toTopic("dead").on("a b", IOException.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a b");
  }
}
