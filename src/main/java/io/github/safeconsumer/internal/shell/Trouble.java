package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.AuthorizationTrouble;
import io.github.safeconsumer.internal.core.ClientFailure;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the client from working now, in the library's own words: for the status, for health,
 * and once in the log. Written by the loop, read by any thread.
 */
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final long SAY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String consumer;
  private final FatalSignal fatal;
  private final Time time;
  private final AuthorizationTrouble authorization = new AuthorizationTrouble();
  private volatile @Nullable String now;
  private @Nullable String said;
  private long saidAt;

  Trouble(String consumer, FatalSignal fatal, Time time) {
    this.consumer = consumer;
    this.fatal = fatal;
    this.time = time;
  }

  /** Null when nothing does. */
  @Nullable String now() {
    return now;
  }

  void is(@Nullable String text) {
    now = text;
  }

  /** The same, and in the log: when it is new, and every 30 s while it lasts. */
  void isAndSay(String text) {
    now = text;
    if (!text.equals(said) || time.nanos() - saidAt >= SAY_AGAIN_NANOS) {
      said = text;
      saidAt = time.nanos();
      LOG.warn("consumer={} problem=\"{}\"", consumer, text);
    }
  }

  /** No new client would mend it. */
  void isFinal(Throwable thrown) {
    fatal.raise(SafeThrowables.className(thrown) + ": " + ClientFailure.remedy(thrown), thrown);
  }

  /** Permission or credentials are missing: true when it is to be tried again, false at the end. */
  boolean mayTryAgainUnauthorized(Throwable thrown) {
    String name = SafeThrowables.className(thrown);
    if (authorization.failed(time.nanos())) {
      fatal.raise(
          "not authorized for "
              + AuthorizationTrouble.LIMIT.toMinutes()
              + " minutes ("
              + name
              + "): "
              + ClientFailure.remedy(thrown),
          thrown);
      return false;
    }
    isAndSay(
        "not authorized ("
            + name
            + "), tried again every "
            + AuthorizationTrouble.RETRY.toSeconds()
            + " s: "
            + ClientFailure.remedy(thrown));
    return true;
  }
}
