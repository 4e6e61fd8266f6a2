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

  /**
   * Judges declared figures only. Of the attempts those between the first and the last count: the
   * elapsed time begins with the first failure, and the last attempt has to begin within it.
   *
   * @param declared null for the default policy
   * @param latency of one attempt; null where it is not declared
   */
  void check(@Nullable RetryPolicy declared, @Nullable Duration latency) {
    if (declared == null && latency == null) {
      return;
    }
    RetryPolicy policy = declared == null ? RetryPolicy.defaults() : declared;
    Duration each = latency == null ? Duration.ZERO : latency;
    Duration elapsed = elapsed(policy, policy.maxAttempts(), each);
    if (policy.maxAttempts() == 1 || elapsed.compareTo(policy.maxElapsed()) <= 0) {
      return;
    }
    String value =
        policy.maxAttempts()
            + " attempts within "
            + Human.text(policy.maxElapsed())
            + (declared == null ? " (the default)" : "");
    String rule =
        "the waiting between "
            + policy.maxAttempts()
            + " attempts is "
            + sum(policy)
            + " = "
            + Human.text(waiting(policy, policy.maxAttempts()))
            + working(policy.maxAttempts(), each, elapsed)
            + ", over maxElapsed = "
            + Human.text(policy.maxElapsed())
            + ": the last attempts could never happen";
    String remedy =
        "use maxAttempts("
            + fitting(policy, each)
            + ") or fewer, maxElapsed of at least "
            + Human.text(elapsed)
            + ", or shorter delays";
    if (declared == null) {
      findings.warning("retry", value, rule, remedy);
    } else {
      findings.unsafeTimes("retry", value, rule, remedy);
    }
  }

  /** Between the first failure and the start of the last of so many attempts. */
  private static Duration elapsed(RetryPolicy policy, int attempts, Duration latency) {
    return waiting(policy, attempts).plus(latency.multipliedBy(Math.max(0, attempts - 2)));
  }

  private static String working(int attempts, Duration latency, Duration elapsed) {
    int between = attempts - 2;
    return latency.isZero() || between < 1
        ? ""
        : ", and the "
            + between
            + " attempts between the first and the last take "
            + between
            + " x "
            + Human.text(latency)
            + " = "
            + Human.text(latency.multipliedBy(between))
            + ", together "
            + Human.text(elapsed);
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

  private static int fitting(RetryPolicy policy, Duration latency) {
    int fits = 1;
    int fails = policy.maxAttempts();
    while (fails - fits > 1) {
      int middle = fits + (fails - fits) / 2;
      if (elapsed(policy, middle, latency).compareTo(policy.maxElapsed()) <= 0) {
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
