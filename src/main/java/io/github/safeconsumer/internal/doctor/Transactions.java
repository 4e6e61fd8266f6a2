package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.doctor.Answers.Unanswered;
import io.github.safeconsumer.internal.doctor.Sample.Log;
import io.github.safeconsumer.internal.doctor.Sample.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.common.TopicPartition;

/** Whose transactions hold up the group; asked only where one may. */
final class Transactions {
  private final Admin admin;

  Transactions(Admin admin) {
    this.admin = admin;
  }

  Map<TopicPartition, Transaction> find(Map<TopicPartition, Log> logs, List<String> unseen) {
    Map<TopicPartition, Transaction> found = new HashMap<>();
    Set<TopicPartition> held =
        logs.entrySet().stream()
            .filter(entry -> entry.getValue().waitsForTransaction())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (held.isEmpty()) {
      return found;
    }
    DescribeProducersResult answers =
        admin.describeProducers(held, new DescribeProducersOptions().timeoutMs(Answers.millis()));
    for (TopicPartition partition : held) {
      try {
        Answers.get(answers.partitionResult(partition)).activeProducers().stream()
            .filter(one -> one.currentTransactionStartOffset().isPresent())
            // The first one that is open is what the stable offset stands at.
            .min((a, b) -> Long.compare(start(a), start(b)))
            .ifPresent(
                one ->
                    found.put(
                        partition,
                        new Transaction(
                            one.producerId(), Instant.ofEpochMilli(one.lastTimestamp()))));
      } catch (Unanswered e) {
        unseen.add(
            "who holds a transaction open on "
                + partition
                + " ("
                + e.name()
                + "): grant READ on the topic to be told");
      }
    }
    return found;
  }

  private static long start(org.apache.kafka.clients.admin.ProducerState producer) {
    return producer.currentTransactionStartOffset().orElse(Long.MAX_VALUE);
  }
}
