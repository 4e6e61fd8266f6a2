package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.internal.deadletter.DeadLetterHeaders;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * From a letter to the record that is sent on, or why there is none.
 *
 * @param clusterId where the letters are and the records go
 */
record Outgoing(
    ReplayOptions options, Cluster cluster, Optional<String> clusterId, String deadLetters) {
  /** What makes up a record; without one of them it is another record. */
  private static final Set<String> OF_THE_RECORD = Set.of("key", "value", "headers");

  /** A letter to be sent, and how. */
  record Parcel(Entry entry, ProducerRecord<byte[], byte[]> record) {}

  /** Why this letter can never be sent on as it is; null where it can. */
  @Nullable String refusal(DeadLetter letter) {
    Set<String> cut = new TreeSet<>(letter.truncated().keySet());
    cut.retainAll(OF_THE_RECORD);
    if (!cut.isEmpty()) {
      return "cut to fit the dead-letter topic ("
          + String.join(", ", cut)
          + "): fetch the whole record from its origin";
    }
    if (options.topic().isEmpty()) {
      if (letter.origin().topic().equals(deadLetters)) {
        return "its origin is this dead-letter topic";
      }
      if (letter.clusterId().isPresent()
          && clusterId.isPresent()
          && !letter.clusterId().equals(clusterId)) {
        return "its origin is another cluster, "
            + letter.clusterId().get()
            + ": replay it to a named topic";
      }
    }
    String target = target(letter);
    return cluster.topic(target).isPresent()
        ? null
        : "there is no topic " + target + ": create it, or replay to a named topic";
  }

  String target(DeadLetter letter) {
    return options.topic().orElse(letter.origin().topic());
  }

  /** To the partition it was read from where that exists: order and co-location stay. */
  Parcel parcel(Entry entry) {
    DeadLetter letter = entry.letter();
    String target = target(letter);
    int partitions = cluster.topic(target).map(Cluster.Topic::partitions).orElse(0);
    boolean same = options.topic().isEmpty() && letter.origin().partition() < partitions;
    boolean dated = options.keepsTimestamps() && letter.timestamp() >= 0;
    return new Parcel(
        entry,
        new ProducerRecord<>(
            target,
            same ? letter.origin().partition() : null,
            dated ? letter.timestamp() : null,
            letter.key(),
            letter.value(),
            DeadLetterHeaders.replayed(letter, options.id())));
  }
}
