package io.github.safeconsumer.examples.demo;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the broker says of one group, by partition of the orders topic.
 *
 * @param committed the committed offset, 0 before the first commit
 * @param end the end of the log
 */
record Offsets(List<Long> committed, List<Long> end) {
  Offsets {
    committed = List.copyOf(committed);
    end = List.copyOf(end);
  }

  long lag(int partition) {
    return end.get(partition) - committed.get(partition);
  }

  List<Long> lags() {
    return IntStream.range(0, end.size()).mapToObj(this::lag).toList();
  }

  long lag() {
    return lags().stream().mapToLong(Long::longValue).sum();
  }
}
