package io.github.safeconsumer.examples.bench;

/**
 * A topic with records in it.
 *
 * @param valueBytes size of a value; 0 for an order as JSON
 * @param keys how many different keys there are, spread evenly
 */
record TopicPlan(int partitions, long records, int valueBytes, int keys) {
  /** Scenarios that need the same records share a topic. */
  String name() {
    String value = valueBytes == 0 ? "json" : valueBytes + "b";
    return "bench-" + records + "-" + value + "-" + partitions + "p-" + keys + "k";
  }

  TopicPlan records(long count) {
    return new TopicPlan(partitions, count, valueBytes, keys);
  }
}
