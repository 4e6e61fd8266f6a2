package io.github.safeconsumer.sim.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What a scenario runs on: the simulated cluster, or a real broker. */
interface Ground extends AutoCloseable {
  /** A client whose configuration has all but the brokers. */
  Consumer<byte[], byte[]> client(Map<String, Object> config);

  void createTopic(String name, int partitions);

  void growTopic(String name, int partitions);

  void deleteTopic(String name);

  void append(TopicPartition partition, int records);

  /** Records written in a transaction, which ends with a marker. */
  void appendTransaction(TopicPartition partition, int records);

  void deleteRecordsBefore(TopicPartition partition, long offset);

  /** What the group has committed; -1 for nothing. */
  long committed(String group, TopicPartition partition);

  int members(String group);

  /** A little time goes by. */
  void idle();

  long millis();

  @Override
  void close();
}
