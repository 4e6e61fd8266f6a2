package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.internal.replay.Scan.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay stands in each partition of the dead-letter topic. They are stored all together
 * each time, so that they also expire together.
 */
final class Positions {
  private final ReplayState wanted;
  private final boolean resumed;
  private final Map<TopicPartition, Long> next = new TreeMap<>(Positions::byNumber);
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  private Positions(ReplayState wanted, boolean resumed) {
    this.wanted = wanted;
    this.resumed = resumed;
  }

  /** What the cluster says of the dead-letter topic now, and what the group of this id stored. */
  record Found(
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, OffsetAndMetadata> stored) {}

  /**
   * From the beginning of the topic to its present ends, where the id is new; else from where the
   * last run ended to what the first run saw as ends.
   *
   * @param wanted topic, target and filter of this run; its end does not count
   * @throws ConfigurationException where the id belongs to something else
   */
  static Positions of(String id, ReplayState wanted, Found found) {
    boolean resumed = found.stored().values().stream().anyMatch(Objects::nonNull);
    Positions positions = new Positions(wanted, resumed);
    found
        .ends()
        .forEach(
            (partition, end) -> {
              long begin = found.begins().getOrDefault(partition, 0L);
              @Nullable OffsetAndMetadata stored = found.stored().get(partition);
              if (stored != null) {
                positions.resume(id, partition, stored, begin, end);
              } else if (resumed) {
                positions.warnings.add(
                    partition + " was added after this id began: replay its letters under another");
              } else {
                positions.next.put(partition, begin);
                positions.ends.put(partition, end);
              }
            });
    return positions;
  }

  private void resume(
      String id, TopicPartition partition, OffsetAndMetadata stored, long begin, long end) {
    ReplayState state =
        ReplayState.read(stored.metadata())
            .orElseThrow(
                () ->
                    refused(
                        "id",
                        id,
                        "its group holds offsets that no replay has written",
                        "use another id, and leave that group alone"));
    if (!state.topicId().equals(wanted.topicId()) || stored.offset() > end) {
      throw refused(
          "id",
          id,
          "it was used for a topic of the name "
              + partition.topic()
              + " that is not there any more: deleted and created again, or cut",
          "use another id");
    }
    if (!state.target().equals(wanted.target())) {
      throw refused(
          "ReplayOptions.toTopic",
          wanted.target().orElse("the origin"),
          "id " + id + " sends to " + state.target().orElse("the origin"),
          "keep the target, or use another id");
    }
    if (!state.filter().equals(wanted.filter())) {
      throw refused(
          "filter",
          wanted.filter().isEmpty() ? "(no text)" : wanted.filter(),
          "id "
              + id
              + " belongs to the filter "
              + (state.filter().isEmpty() ? "(no text)" : state.filter()),
          "keep the filter, or use another id: letters that match both are then sent again");
    }
    if (stored.offset() < begin && stored.offset() < state.end()) {
      warnings.add(
          "retention has removed "
              + (Math.min(begin, state.end()) - stored.offset())
              + " offsets of "
              + partition
              + " before they were looked at");
    }
    next.put(partition, Math.max(stored.offset(), Math.min(begin, state.end())));
    ends.put(partition, state.end());
  }

  private static ConfigurationException refused(
      String setting, String value, String rule, String remedy) {
    return new ConfigurationException(
        List.of(new Finding(Severity.UNSAFE, setting, value, rule, remedy)));
  }

  boolean resumed() {
    return resumed;
  }

  List<String> warnings() {
    return warnings;
  }

  /** What is left to read. */
  Map<TopicPartition, Span> spans() {
    Map<TopicPartition, Span> spans = new HashMap<>();
    next.forEach((p, from) -> spans.put(p, new Span(from, ends.getOrDefault(p, from))));
    return spans;
  }

  /** All up to this offset, and including it, is dealt with. */
  void passed(TopicPartition partition, long offset) {
    next.put(partition, offset + 1);
  }

  /** Everything is dealt with: also what lies behind the last letter, such as a marker. */
  void complete() {
    next.replaceAll((p, from) -> Math.max(from, ends.getOrDefault(p, from)));
  }

  Map<TopicPartition, Long> next() {
    return Map.copyOf(next);
  }

  /** As they are stored. */
  Map<TopicPartition, OffsetAndMetadata> toStore() {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    next.forEach(
        (partition, offset) ->
            all.put(
                partition,
                new OffsetAndMetadata(
                    offset,
                    Optional.empty(),
                    new ReplayState(
                            ends.getOrDefault(partition, offset),
                            wanted.topicId(),
                            wanted.target(),
                            wanted.filter())
                        .text())));
    return all;
  }

  private static int byNumber(TopicPartition one, TopicPartition other) {
    return Integer.compare(one.partition(), other.partition());
  }
}
