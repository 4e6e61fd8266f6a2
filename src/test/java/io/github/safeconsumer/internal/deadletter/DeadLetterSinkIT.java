package io.github.safeconsumer.internal.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.deadletter.RealSink.Told;
import io.github.safeconsumer.localkafka.LocalKafka;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class DeadLetterSinkIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static String servers() {
    return SharedKafka.bootstrapServers();
  }

  private static RealSink sink(DeadLetterPolicy policy) {
    return new RealSink(Map.of("bootstrap.servers", servers()), policy);
  }

  private static DeadLetter only(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = RealSink.read(servers(), topic, 1).get(0);
    assertThat(records).hasSize(1);
    return DeadLetterDecoder.decode(records.get(0)).orElseThrow();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldKeepTheOrderOfAKeyWhateverTheNumberOfPartitions() {
    String topic = Topics.create(servers(), "dead", 4);
    List<DeadLetter> letters = new ArrayList<>();
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      for (int i = 0; i < 40; i++) {
        DeadLetter letter =
            Letters.letter(i).withKey(i % 5 == 4 ? null : Letters.bytes("key-" + i % 5));
        letters.add(letter);
        Told told = real.send(letter);
        await().atMost(LONG).until(told::isAcknowledged);
      }
    }
    List<List<DeadLetter>> read =
        RealSink.read(servers(), topic, 40).stream()
            .map(
                partition ->
                    partition.stream()
                        .map(record -> DeadLetterDecoder.decode(record).orElseThrow())
                        .toList())
            .toList();

    assertThat(read.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(letters);
    for (int key = 0; key < 4; key++) {
      byte[] bytes = Letters.bytes("key-" + key);
      List<DeadLetter> sent =
          letters.stream().filter(letter -> java.util.Arrays.equals(letter.key(), bytes)).toList();
      assertThat(read)
          .anyMatch(
              partition ->
                  partition.stream()
                      .filter(letter -> java.util.Arrays.equals(letter.key(), bytes))
                      .toList()
                      .equals(sent));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDeliverARecordAtTheSizeLimitWholeButForTheStack() {
    String topic = Topics.create(servers(), "dead", 1, Map.of("max.message.bytes", "100000"));
    DeadLetter letter = Letters.letter(1).withValue(random(96_000)).withStackTrace(noise(8_000));
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      Told told = real.send(letter);
      await().atMost(LONG).until(told::isAcknowledged);
    }

    assertThat(only(topic))
        .isEqualTo(letter.withStackTrace("").withTruncated(Map.of("stack", 8_000)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDeliverWhatFitsOfARecordThatIsTooLarge() {
    String topic = Topics.create(servers(), "dead", 1, Map.of("max.message.bytes", "80000"));
    DeadLetter letter = Letters.letter(1).withValue(random(3_000_000));
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      Told told = real.send(letter);
      await().atMost(LONG).until(told::isAcknowledged);
      assertThat(told.all).hasSize(3);
    }
    DeadLetter read = only(topic);

    assertThat(read.truncated()).containsEntry("value", 3_000_000);
    assertThat(read.value()).isEqualTo(java.util.Arrays.copyOf(letter.value(), 64 * 1024));
    assertThat(read.headers()).isEqualTo(letter.headers());
    assertThat(read.offset()).isEqualTo(1);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldBlockWhereNotEvenTheSmallestFormFits() {
    String topic = Topics.create(servers(), "dead", 1, Map.of("max.message.bytes", "300"));
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      Told told = real.send(Letters.letter(1));
      await()
          .atMost(LONG)
          .until(() -> told.all.stream().anyMatch(line -> line.startsWith("blocked")));
      assertThat(real.sink.failing()).isFalse();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldGiveANullKeyTheIdInACompactedTopic() {
    String topic = Topics.create(servers(), "dead", 1, Map.of("cleanup.policy", "compact"));
    DeadLetter letter = Letters.letter(1).withKey(null);
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      Told told = real.send(letter);
      await().atMost(LONG).until(told::isAcknowledged);
    }

    assertThat(only(topic)).isEqualTo(letter);
    assertThat(RealSink.read(servers(), topic, 1).get(0).get(0).key())
        .isEqualTo(Letters.bytes(letter.id()));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldWaitForAMissingTopicWhileOthersFlow() {
    String missing = Topics.uniqueName("dead-later");
    String present = Topics.create(servers(), "dead", 1);
    DeadLetterPolicy policy =
        DeadLetterPolicy.routed(letter -> letter.offset() == 1 ? missing : present)
            .producer(Map.of("max.block.ms", 500));
    try (RealSink real = sink(policy)) {
      Told waits = real.send(Letters.letter(1));
      await().atMost(LONG).until(() -> waits.all.contains("failed TimeoutException"));
      assertThat(real.sink.failing()).isTrue();
      assertThat(real.sink.trouble().orElseThrow().topic()).isEqualTo(missing);

      Told flows = real.send(Letters.letter(2));
      await().atMost(LONG).until(flows::isAcknowledged);
      assertThat(waits.isAcknowledged()).isFalse();

      Topics.createNamed(servers(), missing, 1, Map.of());
      await().atMost(LONG).until(waits::isAcknowledged);
      assertThat(real.sink.failing()).isFalse();
    }

    assertThat(only(missing).offset()).isEqualTo(1);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldKeepARecordsHistoryWhenItsDeadLetterFailsAgain() {
    String topic = Topics.create(servers(), "dead", 1);
    DeadLetter first = Letters.letter(1);
    try (RealSink real = sink(DeadLetterPolicy.toTopic(topic))) {
      Told told = real.send(first);
      await().atMost(LONG).until(told::isAcknowledged);
      ConsumerRecord<byte[], byte[]> back = RealSink.read(servers(), topic, 1).get(0).get(0);
      DeadLetter again = Letters.letter(back);

      assertThat(again.origin().topic()).isEqualTo(topic);
      assertThat(again.history())
          .contains(new DeadLetter.History(1, first.id(), first.origin(), 1));
      assertThat(again.headers()).isEqualTo(first.headers());
      Told toldAgain = real.send(again);
      await().atMost(LONG).until(toldAgain::isAcknowledged);
      assertThat(DeadLetterDecoder.decode(RealSink.read(servers(), topic, 2).get(0).get(1)))
          .contains(again);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldDeliverWhenTheBrokerIsKilledAndComesBack() {
    Map<String, Object> fast =
        Map.of("request.timeout.ms", 1_000, "delivery.timeout.ms", 2_000, "max.block.ms", 1_000);
    try (LocalKafka kafka = LocalKafka.start(1)) {
      Topics.createNamed(kafka.bootstrapServers(), "dead", 1, Map.of());
      try (RealSink real =
          new RealSink(
              Map.of("bootstrap.servers", kafka.bootstrapServers()),
              DeadLetterPolicy.toTopic("dead").producer(fast))) {
        Told before = real.send(Letters.letter(1));
        await().atMost(LONG).until(before::isAcknowledged);
        kafka.kill(0);
        Told during = real.send(Letters.letter(2));
        await().atMost(LONG).until(() -> !during.all.isEmpty());
        assertThat(during.isAcknowledged()).isFalse();
        assertThat(real.sink.failing()).isTrue();

        kafka.restart(0);
        await().atMost(LONG).until(during::isAcknowledged);
        assertThat(real.sink.failing()).isFalse();
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldKeepTheBoundOfCloseWhenTheBrokerIsSilent() {
    try (LocalKafka kafka = LocalKafka.start(1)) {
      Topics.createNamed(kafka.bootstrapServers(), "dead", 1, Map.of());
      try (RealSink real =
          new RealSink(
              Map.of("bootstrap.servers", kafka.bootstrapServers()),
              DeadLetterPolicy.toTopic("dead"))) {
        Told before = real.send(Letters.letter(1));
        await().atMost(LONG).until(before::isAcknowledged);
        kafka.freeze(0);
        Told during = real.send(Letters.letter(2));
        await().atMost(LONG).until(() -> during.sending.inFlight());
        long start = System.nanoTime();
        real.sink.close(Duration.ofSeconds(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(during.isAcknowledged()).isFalse();
      }
      kafka.thaw(0);
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  private static String noise(int chars) {
    // 7 bits of chance in each character: compression gains next to nothing.
    StringBuilder text = new StringBuilder();
    new Random(43).ints(chars, 32, 127).forEach(c -> text.append((char) c));
    return text.toString();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void shouldTellNothingOfForeignRecordsInTheTopic() {
    String topic = Topics.create(servers(), "dead", 1);
    io.github.safeconsumer.support.Clients.produce(servers(), topic, "not a dead letter");

    ConsumerRecord<byte[], byte[]> foreign = RealSink.read(servers(), topic, 1).get(0).get(0);
    assertThat(DeadLetterDecoder.decode(foreign)).isEmpty();
    assertThat(DeadLetterDecoder.history(new RecordHeaders())).isEmpty();
  }
}
