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
   */
  boolean passed() {
    List<Preflight.Finding> findings;
    try {
      findings = answer.join();
    } catch (CompletionException | CancellationException unanswered) {
      failed(unanswered.getCause() == null ? unanswered : unanswered.getCause());
      return false;
    }
    boolean fine = true;
    for (Preflight.Finding finding : findings) {
      LOG.warn("consumer={} {}", consumer, finding);
      if (finding.severity() == Preflight.Severity.UNSAFE) {
        fine = false;
        fatal.raise(finding.toString(), null);
      }
    }
    if (fine) {
      trouble.is(null);
    }
    return fine;
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
