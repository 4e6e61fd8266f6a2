package io.github.safeconsumer.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Clients;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a dead-letter topic of one partition says. */
final class DeadLetters {
  private static final String PREFIX = "safeconsumer.dlt.";

  private DeadLetters() {}

  /** The first so many letters. */
  static List<Letter> read(String brokers, String topic, int count) {
    return Clients.readAll(brokers, topic, 1, count).stream().map(DeadLetters::letter).toList();
  }

  /** All letters that there are. */
  static List<Letter> all(String brokers, Admin admin, String topic) {
    return read(brokers, topic, count(admin, topic));
  }

  private static Letter letter(ConsumerRecord<String, String> letter) {
    return new Letter(
        new Place(
            Integer.parseInt(text(letter, "origin.partition")),
            Long.parseLong(text(letter, "origin.offset"))),
        text(letter, "reason"),
        Integer.parseInt(text(letter, "attempts")),
        Optional.ofNullable(letter.headers().lastHeader(PREFIX + "first-failure"))
            .map(header -> Instant.parse(new String(header.value(), UTF_8))));
  }

  /** How many letters there are. */
  static int count(Admin admin, String topic) {
    TopicPartition all = new TopicPartition(topic, 0);
    try {
      return (int)
          admin.listOffsets(Map.of(all, OffsetSpec.latest())).all().get().get(all).offset();
    } catch (ExecutionException e) {
      throw new IllegalStateException("end of " + topic + " not read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String text(ConsumerRecord<String, String> letter, String header) {
    return new String(letter.headers().lastHeader(PREFIX + header).value(), UTF_8);
  }
}
