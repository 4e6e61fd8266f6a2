package io.github.safeconsumer.internal.core;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;

/** What an exception of the Kafka client means for the client that threw it. Pure. */
public enum ClientFailure {
  /** Heals by itself: go on with the same client. */
  PASSING,
  /** Permission or credentials: a new client, slowly and loudly; given up after ten minutes. */
  AUTHORIZATION,
  /** This client is broken: a new one, with a back-off. */
  REPLACE,
  /** A new client would fail the same way: the consumer ends FAILED. */
  FATAL;

  private static final String NONE = "none";

  /** Causes can run in a circle. */
  private static final int LONGEST_CHAIN = 32;

  /**
   * Classifies what poll, commit, pause, subscribe, committed, seek, close or the constructor
   * threw.
   */
  public static ClientFailure of(Throwable thrown) {
    if (thrown instanceof AuthorizationException || thrown instanceof AuthenticationException) {
      return AUTHORIZATION;
    }
    if (isPassing(thrown)) {
      return PASSING;
    }
    Throwable t = thrown;
    for (int i = 0; t != null && i < LONGEST_CHAIN; t = t.getCause(), i++) {
      if (isFatal(t)) {
        return FATAL;
      }
      if (t instanceof AuthorizationException || t instanceof AuthenticationException) {
        return AUTHORIZATION;
      }
    }
    return REPLACE;
  }

  private static boolean isPassing(Throwable t) {
    return t instanceof RetriableException
        || t instanceof RebalanceInProgressException
        || t instanceof CommitFailedException
        || t instanceof WakeupException
        || t instanceof InterruptException;
  }

  private static boolean isFatal(Throwable t) {
    return t instanceof FencedInstanceIdException
        || t instanceof InvalidOffsetException
        || (t instanceof ConfigException && !isUnresolvable(t))
        || t instanceof InvalidGroupIdException
        || t instanceof InvalidTopicException
        || t instanceof UnsupportedVersionException
        || t instanceof InconsistentGroupProtocolException
        || t instanceof InvalidSessionTimeoutException
        || t instanceof UnsupportedAssignorException;
  }

  /** Name resolution that is down makes the constructor fail with a ConfigException, and heals. */
  private static boolean isUnresolvable(Throwable t) {
    String message = t.getMessage();
    return message != null && message.contains("bootstrap");
  }

  /** What failed and, where somebody has to act, what to do: for the status and the log. */
  public static String describe(Throwable thrown) {
    String remedy = remedy(thrown);
    String name = SafeThrowables.className(thrown);
    return remedy.startsWith(NONE) ? name : name + ": " + remedy;
  }

  /** What an operator does about it. */
  public static String remedy(Throwable thrown) {
    if (thrown instanceof FencedInstanceIdException
        || thrown instanceof UnreleasedInstanceIdException) {
      return "another member uses the same group.instance.id: give each instance its own";
    }
    if (thrown instanceof InvalidSessionTimeoutException) {
      return "session.timeout.ms is outside what the brokers allow"
          + " (group.min.session.timeout.ms to group.max.session.timeout.ms): change one of them";
    }
    if (thrown instanceof InvalidOffsetException) {
      return "there is no usable offset and auto.offset.reset=none: set the group's offsets, or another policy";
    }
    return switch (of(thrown)) {
      case PASSING -> NONE + ": it is tried again";
      case AUTHORIZATION ->
          "check the credentials and the ACLs of the group and the topics (docs/OPERATIONS.md)";
      case REPLACE -> NONE + ": the Kafka client is replaced";
      case FATAL -> "correct the configuration and start again";
    };
  }
}
