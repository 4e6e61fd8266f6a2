package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Partitions in a fixed order, so that a run can be repeated. */
final class Order {
  static final Comparator<TopicPartition> BY_NAME =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private Order() {}

  static NavigableSet<TopicPartition> set() {
    return new TreeSet<>(BY_NAME);
  }

  static NavigableSet<TopicPartition> set(Collection<TopicPartition> partitions) {
    NavigableSet<TopicPartition> set = set();
    set.addAll(partitions);
    return set;
  }

  static NavigableSet<TopicPartition> minus(
      Collection<TopicPartition> all, Collection<TopicPartition> without) {
    NavigableSet<TopicPartition> set = set(all);
    without.forEach(set::remove);
    return set;
  }

  static <V> NavigableMap<TopicPartition, V> map() {
    return new TreeMap<>(BY_NAME);
  }
}
