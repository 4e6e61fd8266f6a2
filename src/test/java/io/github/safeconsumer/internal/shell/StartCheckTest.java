package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Preflight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * A start is forbidden by what is seen twice, not by a broker that has not heard of a topic yet.
 */
class StartCheckTest {
  private static final Preflight.Finding MISSING =
      new Preflight.Finding(
          Preflight.Severity.UNSAFE,
          "deadLetter",
          "orders.dlt",
          "the topic does not exist",
          "create it");
  private static final Preflight.Finding WARNING =
      new Preflight.Finding(
          Preflight.Severity.WARNING, "deadLetter", "orders.dlt", "short retention", "more");

  private final FatalSignal fatal = new FatalSignal();
  private final List<Duration> asked = new ArrayList<>();
  private CompletableFuture<List<Preflight.Finding>> answer = new CompletableFuture<>();
  private final StartCheck check =
      new StartCheck(
          "orders",
          after -> {
            asked.add(after);
            answer = new CompletableFuture<>();
            return answer;
          },
          new Trouble("orders", fatal, new ManualTime()),
          fatal);

  @Test
  void shouldPassWhenATopicThatWasMissingIsThereASecondLater() {
    answer.complete(List.of(MISSING));
    assertThat(check.passed()).isFalse();
    assertThat(fatal.get()).isNull();
    assertThat(asked).containsExactly(Duration.ZERO, Duration.ofSeconds(1));

    answer.complete(List.of(WARNING));
    assertThat(check.passed()).isTrue();
    assertThat(fatal.get()).isNull();
  }

  @Test
  void shouldEndWhenItIsMissingAtTheSecondLookToo() {
    answer.complete(List.of(MISSING));
    assertThat(check.passed()).isFalse();
    answer.complete(List.of(MISSING));

    assertThat(check.passed()).isFalse();
    assertThat(fatal.get().reason()).contains("the topic does not exist");
    assertThat(asked).hasSize(2);
  }

  @Test
  void shouldAskUntilTheClusterAnswers() {
    for (int i = 0; i < 5; i++) {
      answer.completeExceptionally(new TimeoutException("no"));
      assertThat(check.passed()).isFalse();
    }
    answer.complete(List.of());

    assertThat(check.passed()).isTrue();
    assertThat(asked).hasSize(6);
  }
}
