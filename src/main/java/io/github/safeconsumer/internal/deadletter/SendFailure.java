package io.github.safeconsumer.internal.deadletter;

import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/** What a failed send means for the next one. */
public enum SendFailure {
  /** It passes: brokers, leaders, time-outs, a topic that may come back. Same producer. */
  PASSING,
  /** It passes when someone changes permissions. Same producer, longest back-off. */
  NOT_PERMITTED,
  /** The producer cannot be trusted with another send: a new one is made. */
  PRODUCER_BROKEN,
  /** Like that, and it passes when someone changes credentials: longest back-off. */
  NOT_AUTHENTICATED,
  /** The topic takes no record of this size: a smaller form may pass. */
  TOO_LARGE,
  /** The topic takes no such record; a null key in a compacted topic is one of the reasons. */
  REFUSED,
  /** No repetition can help. */
  HOPELESS;

  private static final List<Class<? extends Throwable>> ALWAYS =
      List.of(
          InvalidTopicException.class,
          PolicyViolationException.class,
          InvalidTimestampException.class,
          SerializationException.class,
          UnsupportedForMessageFormatException.class,
          UnsupportedCompressionTypeException.class);

  public static SendFailure of(Throwable failure) {
    if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException) {
      return TOO_LARGE;
    }
    if (failure instanceof InvalidRecordException) {
      return REFUSED;
    }
    if (ALWAYS.stream().anyMatch(type -> type.isInstance(failure))) {
      return HOPELESS;
    }
    if (failure instanceof TopicAuthorizationException) {
      return NOT_PERMITTED;
    }
    if (failure instanceof AuthenticationException
        || failure instanceof ClusterAuthorizationException) {
      return NOT_AUTHENTICATED;
    }
    // Everything unknown ends the producer: a wrong guess costs a connection, and the other way
    // round it would cost every letter from then on.
    return failure instanceof RetriableException ? PASSING : PRODUCER_BROKEN;
  }

  /** Whether another record in its place may pass: this one never will, as it is. */
  public boolean isTheRecords() {
    return this == TOO_LARGE || this == REFUSED || this == HOPELESS;
  }

  boolean endsProducer() {
    return this == PRODUCER_BROKEN || this == NOT_AUTHENTICATED;
  }

  boolean slow() {
    return this == NOT_PERMITTED || this == NOT_AUTHENTICATED;
  }
}
