package io.github.safeconsumer.examples.incidents;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupDoctor;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.SafeConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks for the diagnosis again and again, inside and outside, until it is the expected one. */
final class Watch {
  private static final Duration BETWEEN_INSIDE = Duration.ofMillis(100);

  /** Two looks that lie closer cannot tell slow from stuck. */
  private static final Duration BETWEEN_OUTSIDE = Duration.ofSeconds(4);

  private final Stage stage;
  private final long deadline;

  /**
   * @param patience after which what has not come will not come
   */
  Watch(Stage stage, Duration patience) {
    this.stage = stage;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** When something was said, and what. */
  record Said(Duration after, String text) {}

  Optional<Said> inside(String code) {
    SafeConsumer<String, String> consumer = stage.consumer().orElseThrow();
    return until(BETWEEN_INSIDE, () -> find(code, consumer.diagnose()));
  }

  /** What health says as soon as readiness is DOWN. */
  Optional<Said> notReady() {
    SafeConsumer<String, String> consumer = stage.consumer().orElseThrow();
    return until(
        BETWEEN_INSIDE,
        () -> {
          Health health = consumer.health();
          return health.readiness() == Health.Level.DOWN
              ? Optional.of(String.join("; ", health.reasons()))
              : Optional.empty();
        });
  }

  Optional<Said> outside(String code) {
    Object servers = stage.kafka().get("bootstrap.servers");
    try (GroupDoctor doctor =
        GroupDoctor.open(Map.of("bootstrap.servers", servers), stage.group())) {
      return until(BETWEEN_OUTSIDE, () -> find(code, doctor.look().causes()));
    }
  }

  /** Nothing but this code must be said for as long as the patience lasts. */
  static Optional<String> findOther(String code, List<Cause> causes) {
    return causes.stream()
        .filter(cause -> !cause.code().equals(code))
        .findFirst()
        .map(Cause::toString);
  }

  private static Optional<String> find(String code, List<Cause> causes) {
    return causes.stream()
        .filter(cause -> cause.code().equals(code))
        .findFirst()
        .map(cause -> cause.code() + ": " + cause.evidence() + " -> " + cause.remedy());
  }

  private Optional<Said> until(Duration between, Supplier<Optional<String>> ask) {
    while (System.nanoTime() - deadline < 0) {
      Optional<String> answer = ask.get();
      if (answer.isPresent()) {
        long after = Math.max(0, System.nanoTime() - stage.begunNanos());
        return Optional.of(new Said(Duration.ofNanos(after), answer.get()));
      }
      pause(between);
    }
    return Optional.empty();
  }

  /** Time passes between two questions; nothing is awaited by it. */
  private static void pause(Duration time) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS))
        .join();
  }
}
