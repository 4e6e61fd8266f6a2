package io.github.safeconsumer.internal.core;

import static io.github.safeconsumer.internal.core.ClientFailure.AUTHORIZATION;
import static io.github.safeconsumer.internal.core.ClientFailure.FATAL;
import static io.github.safeconsumer.internal.core.ClientFailure.PASSING;
import static io.github.safeconsumer.internal.core.ClientFailure.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientFailureTest {
  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  @AfterEach
  void clearTheInterruptThatKafkasExceptionSets() {
    Thread.interrupted();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TimeoutException("x"), PASSING),
        Arguments.of(new DisconnectException("x"), PASSING),
        Arguments.of(new NetworkException("x"), PASSING),
        Arguments.of(new CoordinatorNotAvailableException("x"), PASSING),
        Arguments.of(new NotCoordinatorException("x"), PASSING),
        Arguments.of(new UnknownTopicOrPartitionException("x"), PASSING),
        Arguments.of(new RetriableCommitFailedException("x"), PASSING),
        Arguments.of(new UnstableOffsetCommitException("x"), PASSING),
        Arguments.of(new CommitFailedException(), PASSING),
        Arguments.of(new RebalanceInProgressException("x"), PASSING),
        Arguments.of(new WakeupException(), PASSING),
        Arguments.of(new InterruptException("x"), PASSING),
        Arguments.of(new TopicAuthorizationException(Set.of("orders")), AUTHORIZATION),
        Arguments.of(GroupAuthorizationException.forGroupId("g"), AUTHORIZATION),
        Arguments.of(new SaslAuthenticationException("x"), AUTHORIZATION),
        Arguments.of(new SslAuthenticationException("x"), AUTHORIZATION),
        Arguments.of(
            new KafkaException("ctor", new SaslAuthenticationException("x")), AUTHORIZATION),
        Arguments.of(new FencedInstanceIdException("x"), FATAL),
        Arguments.of(new InvalidGroupIdException("x"), FATAL),
        Arguments.of(new InvalidTopicException(Set.of("a b")), FATAL),
        Arguments.of(new UnsupportedVersionException("x"), FATAL),
        Arguments.of(new InconsistentGroupProtocolException("x"), FATAL),
        Arguments.of(new NoOffsetForPartitionException(PARTITION), FATAL),
        Arguments.of(new OffsetOutOfRangeException(Map.of(PARTITION, 1L)), FATAL),
        Arguments.of(
            new KafkaException(
                "Failed to construct kafka consumer", new ConfigException("ssl.keystore", "x")),
            FATAL),
        Arguments.of(
            new KafkaException(
                "ctor",
                new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
            REPLACE),
        Arguments.of(new OffsetMetadataTooLarge("x"), REPLACE),
        Arguments.of(new UnreleasedInstanceIdException("x"), REPLACE),
        Arguments.of(new GroupMaxSizeReachedException("x"), REPLACE),
        Arguments.of(new UnknownServerException("x"), REPLACE),
        Arguments.of(
            new KafkaException("User rebalance callback throws an error", new RuntimeException()),
            REPLACE),
        Arguments.of(new KafkaException("wrapped", new TimeoutException("x")), REPLACE),
        Arguments.of(new IllegalStateException("No current assignment for partition"), REPLACE),
        Arguments.of(new RuntimeException(), REPLACE),
        Arguments.of(new OutOfMemoryError(), REPLACE));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldTellWhatAnExceptionMeansForItsClient(Throwable thrown, ClientFailure expected) {
    assertThat(ClientFailure.of(thrown)).isEqualTo(expected);
    assertThat(ClientFailure.remedy(thrown)).isNotBlank();
  }

  @Test
  void shouldEndOnCausesThatRunInACircle() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two", one);
    one.initCause(two);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(ClientFailure.of(one)).isEqualTo(REPLACE));
  }
}
