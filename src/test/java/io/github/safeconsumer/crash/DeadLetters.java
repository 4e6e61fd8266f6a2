package io.github.safeconsumer.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Clients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a dead-letter topic of one partition says. */
final class DeadLetters {
  private static final String PREFIX = "safeconsumer.dlt.";

  private DeadLetters() {}

  /** The attempts that each letter states, by the place of its record. */
  static Map<Place, List<Integer>> attempts(String brokers, String topic, int count) {
    Map<Place, List<Integer>> attempts = new HashMap<>();
    for (ConsumerRecord<String, String> letter : Clients.readAll(brokers, topic, 1, count)) {
      Place place =
          new Place((int) number(letter, "origin.partition"), number(letter, "origin.offset"));
      attempts.computeIfAbsent(place, p -> new ArrayList<>()).add((int) number(letter, "attempts"));
    }
    return attempts;
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

  private static long number(ConsumerRecord<String, String> letter, String header) {
    return Long.parseLong(new String(letter.headers().lastHeader(PREFIX + header).value(), UTF_8));
  }
}
