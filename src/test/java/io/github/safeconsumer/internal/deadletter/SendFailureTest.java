package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class SendFailureTest {
  @Test
  void shouldTellFailuresApart() {
    assertThat(SendFailure.of(new TimeoutException())).isEqualTo(SendFailure.PASSING);
    assertThat(SendFailure.of(new NotLeaderOrFollowerException(""))).isEqualTo(SendFailure.PASSING);
    assertThat(SendFailure.of(new UnknownTopicOrPartitionException()))
        .as("it may come back")
        .isEqualTo(SendFailure.PASSING);
    assertThat(SendFailure.of(new TopicAuthorizationException("t")))
        .isEqualTo(SendFailure.NOT_PERMITTED);
    assertThat(SendFailure.of(new SaslAuthenticationException("")))
        .isEqualTo(SendFailure.NOT_AUTHENTICATED);
    assertThat(SendFailure.of(new SslAuthenticationException("")))
        .isEqualTo(SendFailure.NOT_AUTHENTICATED);
    assertThat(SendFailure.of(new ClusterAuthorizationException("")))
        .isEqualTo(SendFailure.NOT_AUTHENTICATED);
    assertThat(SendFailure.of(new RecordTooLargeException())).isEqualTo(SendFailure.TOO_LARGE);
    assertThat(SendFailure.of(new RecordBatchTooLargeException())).isEqualTo(SendFailure.TOO_LARGE);
    assertThat(SendFailure.of(new InvalidRecordException(""))).isEqualTo(SendFailure.REFUSED);
    assertThat(SendFailure.of(new InvalidTopicException(""))).isEqualTo(SendFailure.HOPELESS);
    assertThat(SendFailure.of(new PolicyViolationException(""))).isEqualTo(SendFailure.HOPELESS);
    assertThat(SendFailure.of(new ProducerFencedException("")))
        .isEqualTo(SendFailure.PRODUCER_BROKEN);
    assertThat(SendFailure.of(new OutOfOrderSequenceException("")))
        .isEqualTo(SendFailure.PRODUCER_BROKEN);
    assertThat(SendFailure.of(new KafkaException(""))).isEqualTo(SendFailure.PRODUCER_BROKEN);
    assertThat(SendFailure.of(new IllegalStateException("closed")))
        .isEqualTo(SendFailure.PRODUCER_BROKEN);
    assertThat(SendFailure.of(new UnknownServerException("")))
        .isEqualTo(SendFailure.PRODUCER_BROKEN);
    assertThat(SendFailure.of(new OutOfMemoryError())).isEqualTo(SendFailure.PRODUCER_BROKEN);
  }

  @Test
  void shouldBackOffWithinItsBoundsHoweverOftenItFails() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int failures : new int[] {1, 2, 3, 9, 10, 60, 64, 65, 1_000_000, Integer.MAX_VALUE}) {
      Duration delay = SendBackoff.delay(failures, random.nextDouble());
      assertThat(delay).as("seed " + seed).isBetween(Duration.ofMillis(80), Duration.ofSeconds(36));
    }
    assertThat(SendBackoff.delay(1, 0.5)).isEqualTo(Duration.ofMillis(100));
    assertThat(SendBackoff.delay(4, 0.5)).isEqualTo(Duration.ofMillis(800));
    assertThat(SendBackoff.delay(1, 0)).isEqualTo(Duration.ofMillis(80));
    assertThat(SendBackoff.delay(1_000, 0.5)).isEqualTo(Duration.ofSeconds(30));
  }
}
