package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryReachTest {
  private static final Pattern REMEDY = Pattern.compile("use maxAttempts\\((\\d+)\\) or fewer.*");

  @Test
  void shouldWriteTheSumAsAPersonWould() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(120))
            .maxElapsed(Duration.ofSeconds(100));

    assertThat(check(policy))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.rule())
                    .isEqualTo(
                        "the waiting between 8 attempts is 1 s + 2 s + 4 s + 8 s + ... + 64 s (7 delays) = 2 min 7 s, over maxElapsed = 100 s:"
                            + " the last attempts could never happen"))
        .satisfies(
            finding ->
                assertThat(finding.remedy())
                    .isEqualTo(
                        "use maxAttempts(7) or fewer, maxElapsed of at least 2 min 7 s, or shorter delays"));
  }

  @Test
  void shouldNotJudgeWhatWasNotDeclared() {
    assertThat(check(null)).isEmpty();
  }

  /** The remedy given is accepted, one attempt more is not; and it agrees with plain addition. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldGiveARemedyThatIsExact(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      Duration first = Duration.ofMillis(1 + random.nextInt(5_000));
      Duration cap = first.multipliedBy(1 + random.nextInt(100));
      Duration elapsed = Duration.ofMillis(1 + random.nextInt(600_000));
      RetryPolicy policy =
          RetryPolicy.exponential(first, cap)
              .maxAttempts(1 + random.nextInt(50))
              .maxElapsed(elapsed);

      List<Finding> found = check(policy);

      boolean fits = sum(policy, policy.maxAttempts()).compareTo(elapsed) <= 0;
      assertThat(found.isEmpty()).as("seed %d run %d: %s", seed, run, policy).isEqualTo(fits);
      if (!fits) {
        Matcher remedy = REMEDY.matcher(found.get(0).remedy());
        assertThat(remedy.matches()).isTrue();
        int attempts = Integer.parseInt(remedy.group(1));
        assertThat(check(policy.maxAttempts(attempts)))
            .as("seed %d run %d: %s", seed, run, policy)
            .isEmpty();
        assertThat(check(policy.maxAttempts(attempts + 1)))
            .as("seed %d run %d: %s", seed, run, policy)
            .isNotEmpty();
      }
    }
  }

  private static Duration sum(RetryPolicy policy, int attempts) {
    Duration sum = Duration.ZERO;
    Duration delay = policy.first();
    for (int i = 1; i < attempts; i++) {
      sum = sum.plus(delay);
      delay =
          delay.multipliedBy(2).compareTo(policy.cap()) < 0 ? delay.multipliedBy(2) : policy.cap();
    }
    return sum;
  }

  private static List<Finding> check(RetryPolicy policy) {
    RawSettings<String, String> raw = Given.complete();
    raw.retry = policy;
    return Given.findings(raw, Given.CLIENT);
  }
}
