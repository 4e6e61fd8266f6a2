package io.github.safeconsumer.internal.config;

import io.github.safeconsumer.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retries that the elapsed time leaves no room for would be a bound that is never reached: one of
 * the two figures is a mistake.
 */
final class RetryReach {
  private static final int TERMS_SHOWN = 4;

  private final Findings findings;

  RetryReach(Findings findings) {
    this.findings = findings;
  }

  /** Judges declared figures only. */
  void check(@Nullable RetryPolicy policy) {
    if (policy == null || policy.maxAttempts() == 1) {
      return;
    }
    Duration waiting = waiting(policy, policy.maxAttempts());
    if (waiting.compareTo(policy.maxElapsed()) <= 0) {
      return;
    }
    findings.unsafe(
        "retry",
        policy.maxAttempts() + " attempts within " + Human.text(policy.maxElapsed()),
        "the waiting between "
            + policy.maxAttempts()
            + " attempts is "
            + sum(policy)
            + " = "
            + Human.text(waiting)
            + ", over maxElapsed = "
            + Human.text(policy.maxElapsed())
            + ": the last attempts could never happen",
        "use maxAttempts("
            + fitting(policy)
            + ") or fewer, maxElapsed of at least "
            + Human.text(waiting)
            + ", or shorter delays");
  }

  /** The delay before attempt {@code number}, without jitter; {@code number} from 2. */
  private static Duration delay(RetryPolicy policy, int number) {
    Duration delay = policy.first();
    for (int n = 2; n < number && delay.compareTo(policy.cap()) < 0; n++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(policy.cap()) < 0 ? delay : policy.cap();
  }

  private static Duration waiting(RetryPolicy policy, int attempts) {
    Duration sum = Duration.ZERO;
    for (int number = 2; number <= attempts; number++) {
      Duration delay = delay(policy, number);
      if (delay.equals(policy.cap())) {
        return sum.plus(delay.multipliedBy(attempts - number + 1L));
      }
      sum = sum.plus(delay);
    }
    return sum;
  }

  private static int fitting(RetryPolicy policy) {
    int fits = 1;
    int fails = policy.maxAttempts();
    while (fails - fits > 1) {
      int middle = fits + (fails - fits) / 2;
      if (waiting(policy, middle).compareTo(policy.maxElapsed()) <= 0) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  private static String sum(RetryPolicy policy) {
    int delays = policy.maxAttempts() - 1;
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < Math.min(delays, TERMS_SHOWN); i++) {
      terms.add(Human.text(delay(policy, i + 2)));
    }
    if (delays > TERMS_SHOWN + 1) {
      terms.add("...");
    }
    if (delays > TERMS_SHOWN) {
      terms.add(Human.text(delay(policy, policy.maxAttempts())));
    }
    return String.join(" + ", terms) + (delays > TERMS_SHOWN ? " (" + delays + " delays)" : "");
  }
}
