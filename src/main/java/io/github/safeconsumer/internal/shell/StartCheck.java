package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.internal.core.AuthorizationTrouble;
import io.github.safeconsumer.internal.core.ClientFailure;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the first client: are the dead-letter topics as they have to be? Asked on the
 * housekeeper's thread, until the cluster answers. Only the loop is ever in here.
 */
final class StartCheck {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final String consumer;
  private final Function<Duration, CompletableFuture<List<Preflight.Finding>>> ask;
  private final Trouble trouble;
  private final FatalSignal fatal;
  private CompletableFuture<List<Preflight.Finding>> answer;
  private boolean doubted;

  /**
   * @param ask begins a check after a delay
   */
  StartCheck(
      String consumer,
      Function<Duration, CompletableFuture<List<Preflight.Finding>>> ask,
      Trouble trouble,
      FatalSignal fatal) {
    this.consumer = consumer;
    this.ask = ask;
    this.trouble = trouble;
    this.fatal = fatal;
    this.answer = ask.apply(Duration.ZERO);
  }

  /** Whether {@link #passed} has something new to look at. */
  boolean isAnswered() {
    return answer.isDone();
  }

  /**
   * Looks at the answer: true when records may be read. Otherwise it is asked again, or the end.
   *
   * <p>What forbids the start has to be seen twice: a broker that was asked may not know yet of a
   * topic that was created a moment ago.
   */
  boolean passed() {
    List<Preflight.Finding> findings;
    try {
      findings = answer.join();
    } catch (CompletionException | CancellationException unanswered) {
      failed(unanswered.getCause() == null ? unanswered : unanswered.getCause());
      return false;
    }
    List<Preflight.Finding> forbid =
        findings.stream()
            .filter(finding -> finding.severity() == Preflight.Severity.UNSAFE)
            .toList();
    if (!forbid.isEmpty() && !doubted) {
      doubted = true;
      answer = ask.apply(AGAIN);
      return false;
    }
    findings.forEach(finding -> LOG.warn("consumer={} {}", consumer, finding));
    forbid.forEach(finding -> fatal.raise(finding.toString(), null));
    if (forbid.isEmpty()) {
      trouble.is(null);
    }
    return forbid.isEmpty();
  }

  private void failed(Throwable thrown) {
    switch (ClientFailure.of(thrown)) {
      case AUTHORIZATION -> {
        if (trouble.mayTryAgainUnauthorized(thrown)) {
          answer = ask.apply(AuthorizationTrouble.RETRY);
        }
      }
      case FATAL -> trouble.isFinal(thrown);
      case PASSING, REPLACE -> {
        trouble.isAndSay(
            "the cluster does not answer the check of the dead-letter topics: "
                + SafeThrowables.className(thrown));
        answer = ask.apply(AGAIN);
      }
    }
  }
}
