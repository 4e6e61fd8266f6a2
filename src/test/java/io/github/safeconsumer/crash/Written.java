package io.github.safeconsumer.crash;

import io.github.safeconsumer.support.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands in the topics of a group when all is over.
 *
 * @param ends of the partitions' logs, which began at 0
 */
record Written(Map<Integer, Long> ends, List<Letter> letters) {

  static Written in(CrashMember.Setup setup, int partitions) {
    Map<Integer, Long> ends = new HashMap<>();
    TopicPartition letters = new TopicPartition(setup.deadLetters(), 0);
    int written;
    try (Operator operator = new Operator(setup.brokers())) {
      operator
          .ends(
              IntStream.range(0, partitions)
                  .mapToObj(partition -> new TopicPartition(setup.topic(), partition))
                  .toList(),
              IsolationLevel.READ_UNCOMMITTED)
          .forEach((partition, end) -> ends.put(partition.partition(), end));
      written =
          operator.ends(List.of(letters), IsolationLevel.READ_UNCOMMITTED).get(letters).intValue();
    }
    return new Written(ends, DeadLetters.read(setup.brokers(), setup.deadLetters(), written));
  }

  /** How many records. */
  long records() {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }
}
