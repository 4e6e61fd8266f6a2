package io.github.safeconsumer.internal.core;

import static io.github.safeconsumer.FailureAction.DEAD_LETTER;
import static io.github.safeconsumer.FailureAction.OUTAGE;
import static io.github.safeconsumer.FailureAction.RETRY;
import static io.github.safeconsumer.FailureAction.SKIP;
import static io.github.safeconsumer.FailureAction.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RetryPolicy;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("serial") // exceptions of a test are never serialized
class FailureClassifierTest {
  private static final RetryPolicy POLICY = RetryPolicy.defaults();

  static Stream<Arguments> handlerFailures() {
    return Stream.of(
        Arguments.of(new RuntimeException("x"), RETRY),
        Arguments.of(new NullPointerException(), RETRY),
        Arguments.of(new IllegalStateException(), RETRY),
        Arguments.of(new OutOfMemoryError(), RETRY),
        Arguments.of(new StackOverflowError(), RETRY),
        Arguments.of(new InterruptedException(), RETRY),
        Arguments.of(new SQLException(), RETRY),
        Arguments.of(new JsonParseException(null, "bad"), RETRY),
        Arguments.of(new EOFException(), RETRY),
        Arguments.of(new ZipException(), RETRY),
        Arguments.of(new MalformedInputException(1), RETRY),
        Arguments.of(new InvalidObjectException("x"), RETRY),
        Arguments.of(new MalformedURLException("htp:/x"), RETRY),
        Arguments.of(new ClassCastException(), DEAD_LETTER),
        Arguments.of(new RuntimeException(new ClassCastException()), RETRY),
        Arguments.of(new NonRetryableException("x"), DEAD_LETTER),
        Arguments.of(new RuntimeException(new NonRetryableException("x")), DEAD_LETTER),
        Arguments.of(new IOException(new NonRetryableException("x")), DEAD_LETTER),
        Arguments.of(new IOException("x"), OUTAGE),
        Arguments.of(new UncheckedIOException(new IOException("x")), OUTAGE),
        Arguments.of(new FileNotFoundException("x"), OUTAGE),
        Arguments.of(new ConnectException("x"), OUTAGE),
        Arguments.of(new UnknownHostException("x"), OUTAGE),
        Arguments.of(new SocketTimeoutException("x"), OUTAGE),
        Arguments.of(new ClosedChannelException(), OUTAGE),
        Arguments.of(new TimeoutException(), OUTAGE),
        Arguments.of(new org.apache.kafka.common.errors.TimeoutException("x"), OUTAGE),
        Arguments.of(new NotLeaderOrFollowerException("x"), OUTAGE),
        Arguments.of(new SQLTransientConnectionException("x"), OUTAGE),
        Arguments.of(new SQLRecoverableException("x"), OUTAGE),
        Arguments.of(
            new RuntimeException(new RuntimeException(new ConnectException("x"))), OUTAGE));
  }

  @ParameterizedTest
  @MethodSource("handlerFailures")
  void shouldTellWhatAHandlersFailureMeans(Throwable failure, FailureAction action) {
    assertThat(new FailureClassifier(POLICY).classify(failure, false)).isEqualTo(action);
  }

  static Stream<Arguments> deserializerFailures() {
    return Stream.of(
        Arguments.of(new SerializationException("x"), DEAD_LETTER),
        Arguments.of(new SerializationException(new ConnectException("x")), OUTAGE),
        Arguments.of(new SerializationException(new SocketTimeoutException("x")), OUTAGE),
        Arguments.of(new SerializationException(new TimeoutException("x")), OUTAGE),
        Arguments.of(new SerializationException(new JsonParseException(null, "bad")), DEAD_LETTER),
        Arguments.of(new SerializationException(new IOException("x")), DEAD_LETTER),
        Arguments.of(new SerializationException(new EOFException("x")), DEAD_LETTER),
        Arguments.of(new SerializationException(new MalformedURLException("x")), DEAD_LETTER),
        Arguments.of(new RuntimeException("x"), DEAD_LETTER),
        Arguments.of(new StackOverflowError(), DEAD_LETTER));
  }

  @ParameterizedTest
  @MethodSource("deserializerFailures")
  void shouldTakeUnreadableBytesForPoisonUnlessTheNetworkIsAtFault(
      Throwable failure, FailureAction action) {
    assertThat(new FailureClassifier(POLICY).classify(failure, true)).isEqualTo(action);
  }

  @Test
  void shouldLetTheLastRuleThatMatchesWinOverEarlierOnesAndTheDefaults() {
    FailureClassifier classifier =
        new FailureClassifier(
            POLICY
                .on(SKIP, IOException.class)
                .on(STOP, ConnectException.class)
                .on(DEAD_LETTER, t -> "dead".equals(t.getMessage())));
    assertThat(classifier.classify(new IOException("x"), false)).isEqualTo(SKIP);
    assertThat(classifier.classify(new ConnectException("x"), false))
        .as("a subclass, named later")
        .isEqualTo(STOP);
    assertThat(classifier.classify(new ConnectException("dead"), false)).isEqualTo(DEAD_LETTER);
    assertThat(classifier.classify(new RuntimeException(new FileNotFoundException("x")), false))
        .as("a cause, by its superclass")
        .isEqualTo(SKIP);
    assertThat(classifier.classify(new NonRetryableException("x"), false)).isEqualTo(DEAD_LETTER);
    assertThat(classifier.classify(new SerializationException(new IOException()), true))
        .isEqualTo(SKIP);
    FailureClassifier reversed =
        new FailureClassifier(POLICY.on(STOP, ConnectException.class).on(SKIP, IOException.class));
    assertThat(reversed.classify(new ConnectException("x"), false)).isEqualTo(SKIP);
  }

  @Test
  void shouldTakeAPredicateThatThrowsForOneThatDoesNotMatch() {
    FailureClassifier classifier =
        new FailureClassifier(
            POLICY
                .on(SKIP, RuntimeException.class)
                .on(
                    STOP,
                    t -> {
                      throw new StackOverflowError();
                    }));
    assertThat(classifier.classify(new RuntimeException(), false)).isEqualTo(SKIP);
  }

  @Test
  void shouldPeelOffWhatExecutorsWrap() {
    IOException inner = new IOException("x");
    assertThat(FailureClassifier.unwrap(new CompletionException(new ExecutionException(inner))))
        .isSameAs(inner);
    ExecutionException bare = new ExecutionException("bare") {};
    assertThat(FailureClassifier.unwrap(bare)).isSameAs(bare);
    RuntimeException wrapped = new RuntimeException(inner);
    assertThat(FailureClassifier.unwrap(wrapped)).as("only executors' wrappers").isSameAs(wrapped);
  }

  /** An exception whose every method may throw. */
  private static final class Hostile extends ExecutionException {
    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("cause");
    }

    @Override
    public String getMessage() {
      throw new IllegalStateException("message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("equals");
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("hashCode");
    }
  }

  @Test
  void shouldDecideOnExceptionsWhoseOwnMethodsThrow() {
    Hostile hostile = new Hostile();
    assertThat(FailureClassifier.unwrap(hostile) == hostile).isTrue();
    FailureClassifier classifier = new FailureClassifier(POLICY.on(SKIP, IOException.class));
    assertThat(classifier.classify(hostile, false)).isEqualTo(RETRY);
    assertThat(classifier.classify(new RuntimeException("x", hostile), false)).isEqualTo(RETRY);
    assertThat(
            classifier.classify(
                new RuntimeException("x", new RuntimeException("y", hostile)), true))
        .isEqualTo(DEAD_LETTER);
  }

  @Test
  void shouldEndOnCausesThatRunInACircleOrWithoutAnEnd() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two", one);
    one.initCause(two);
    assertThat(new FailureClassifier(POLICY).classify(one, false)).isEqualTo(RETRY);
    assertThat(new FailureClassifier(POLICY).classify(new Endless(), false)).isEqualTo(RETRY);
    ExecutionException round = new ExecutionException("bare") {};
    CompletionException back = new CompletionException(round);
    round.initCause(back);
    assertThat(FailureClassifier.unwrap(round)).isIn(round, back);
  }

  private static final class Endless extends RuntimeException {
    @Override
    public synchronized Throwable getCause() {
      return new Endless();
    }
  }

  @Test
  void shouldTryAHungRecordAgainOnlyWhereARuleSpeaksOfJustThat() {
    HandlerTimeoutException hung =
        new HandlerTimeoutException("hung", Duration.ofSeconds(1), new StackTraceElement[0]);
    assertThat(new FailureClassifier(POLICY).classify(hung, false)).isEqualTo(DEAD_LETTER);
    assertThat(with(POLICY.on(RETRY, RuntimeException.class), hung)).isEqualTo(DEAD_LETTER);
    assertThat(with(POLICY.on(OUTAGE, Exception.class), hung)).isEqualTo(DEAD_LETTER);
    assertThat(with(POLICY.on(SKIP, RuntimeException.class), hung)).isEqualTo(SKIP);
    assertThat(with(POLICY.on(RETRY, HandlerTimeoutException.class), hung)).isEqualTo(RETRY);
    assertThat(with(POLICY.on(RETRY, HandlerTimeoutException.class::isInstance), hung))
        .isEqualTo(RETRY);
  }

  private static FailureAction with(RetryPolicy policy, Throwable failure) {
    return new FailureClassifier(policy).classify(failure, false);
  }
}
