package io.github.safeconsumer.localkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.support.ChildJvm;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Those marked as concurrent have a cluster of their own; the others harm the one that they share.
 */
class LocalKafkaIT {
  private static final Duration CHILD_BOUND = Duration.ofSeconds(60);

  private static LocalKafka kafka;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.builder().listener("SECOND", "PLAINTEXT").start();
  }

  @AfterAll
  static void close() {
    kafka.close();
  }

  @Test
  void shouldServeClientsOnceStarted() {
    String topic = Topics.create(kafka.bootstrapServers(), "serves", 1);

    Clients.produce(kafka.bootstrapServers(), topic, "a");

    assertThat(valuesOf(kafka.bootstrapServers(), topic, 1)).containsExactly("a");
  }

  @Test
  void shouldServeClientsAtAnAddedListener() {
    String second = kafka.bootstrapServers("SECOND");

    String topic = Topics.create(second, "listener", 1);
    Clients.produce(second, topic, "a");

    assertThat(second).isNotEqualTo(kafka.bootstrapServers());
    assertThat(valuesOf(second, topic, 1)).containsExactly("a");
  }

  @Test
  void shouldKeepAcknowledgedRecordsWhenKilledAndRestarted() {
    String bootstrapServers = kafka.bootstrapServers();
    String topic = Topics.create(bootstrapServers, "killed", 1);
    Clients.produce(bootstrapServers, topic, "before");

    kafka.kill(0);
    assertThat(kafka.isAlive(0)).isFalse();
    kafka.restart(0);
    Clients.produce(bootstrapServers, topic, "after");

    assertThat(kafka.bootstrapServers()).isEqualTo(bootstrapServers);
    assertThat(valuesOf(bootstrapServers, topic, 2)).containsExactly("before", "after");
  }

  @Test
  void shouldShutDownCleanlyWhenStopped() {
    kafka.stop(0);

    assertThat(kafka.dataDirectory(0).resolve(".kafka_cleanshutdown")).exists();
    kafka.restart(0);
  }

  @Test
  void shouldAnswerNothingWhileFrozenAndEverythingOnceThawed() throws Exception {
    String topic = Topics.create(kafka.bootstrapServers(), "frozen", 1);
    try (Producer<String, String> producer = Clients.producer(kafka.bootstrapServers())) {
      producer.send(new ProducerRecord<>(topic, "before")).get(30, TimeUnit.SECONDS);

      kafka.freeze(0);
      Future<RecordMetadata> answer = producer.send(new ProducerRecord<>(topic, "frozen"));
      assertThatThrownBy(() -> answer.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(kafka.isAlive(0)).isTrue();

      kafka.thaw(0);
      assertThat(answer.get(30, TimeUnit.SECONDS).offset()).isEqualTo(1);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSurviveTheLossOfOneOfThreeNodes() {
    try (LocalKafka three = LocalKafka.start(3)) {
      String topic = Topics.create(three.bootstrapServers(), "three", 1);
      Clients.produce(three.bootstrapServers(), topic, "before");

      three.kill(0);
      Clients.produce(three.bootstrapServers(), topic, "without one");
      three.restart(0);
      three.kill(1);
      Clients.produce(three.bootstrapServers(), topic, "without another");

      assertThat(valuesOf(three.bootstrapServers(), topic, 3))
          .containsExactly("before", "without one", "without another");
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"running", "frozen"})
  void shouldEndItsNodesAndDeleteTheirDataWhenItsJvmIsKilled(String state) {
    try (ChildJvm holder = ChildJvm.start(LocalKafkaHolder.class, state)) {
      String[] words = holder.awaitLine("node ", CHILD_BOUND).split(" ", 3);
      long pid = Long.parseLong(words[1]);
      Path data = Path.of(words[2]);
      assertThat(ProcessHandle.of(pid)).isPresent();
      assertThat(data).exists();

      holder.kill();

      await().atMost(CHILD_BOUND).until(() -> ProcessHandle.of(pid).isEmpty());
      await().atMost(CHILD_BOUND).untilAsserted(() -> assertThat(data.getParent()).doesNotExist());
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDeleteItsDataWhenClosed() {
    LocalKafka closed = LocalKafka.start(1);
    long pid = closed.pid(0);

    closed.close();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(closed.dataDirectory(0).getParent().getParent()).doesNotExist();
    closed.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldSayWhyWhenANodeDoesNotStart() {
    LocalKafkaBuilder broken = LocalKafka.builder().brokerProperty("num.io.threads", "many");

    assertThatThrownBy(broken::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("node 0 ended with exit code 1 while it started")
        .hasMessageContaining("num.io.threads");
  }

  private static List<String> valuesOf(String bootstrapServers, String topic, int count) {
    return Clients.read(bootstrapServers, topic, count).stream()
        .map(ConsumerRecord::value)
        .toList();
  }
}
