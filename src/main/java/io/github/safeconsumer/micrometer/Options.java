package io.github.safeconsumer.micrometer;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;

/**
 * What is shown of a consumer.
 *
 * @param most how many partitions, and how many topics, get series of their own
 * @param tags that all series have beside {@code consumer} and {@code group}
 */
record Options(boolean perPartition, int most, boolean kafkaMetrics, Tags tags) {
  private static final int MOST = 100;
  private static final int HIGHEST_MOST = 100_000;

  static Options defaults() {
    return new Options(true, MOST, false, Tags.empty());
  }

  Options {
    if (most < 1 || most > HIGHEST_MOST) {
      throw new IllegalArgumentException(
          "mostPartitions=" + most + " must be from 1 to " + HIGHEST_MOST);
    }
    for (Tag tag : tags) {
      if (Figure.TAGS.contains(tag.getKey())) {
        throw new IllegalArgumentException(
            "the tag " + tag.getKey() + " is one of the library's own: use another key");
      }
    }
  }

  /** The tags of all series of this consumer. */
  Tags common(String consumer, String group) {
    return tags.and("consumer", consumer, "group", group);
  }
}
