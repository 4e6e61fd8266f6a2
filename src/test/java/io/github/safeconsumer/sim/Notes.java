package io.github.safeconsumer.sim;

import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import io.github.safeconsumer.sim.kafka.SimCluster;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads what the library wrote beside a committed offset. */
final class Notes {
  private final SimCluster cluster;

  Notes(SimCluster cluster) {
    this.cluster = cluster;
  }

  Note.Position read(TopicPartition partition, OffsetAndMetadata committed) {
    Reading reading =
        NoteCodec.decode(committed.metadata(), committed.offset(), identity(partition));
    return new Note.Position(
        partition,
        committed.offset(),
        reading instanceof Reading.Read read ? note(read.note()) : null);
  }

  private Identity identity(TopicPartition partition) {
    String topic =
        cluster.exists(partition) ? cluster.topic(partition.topic()).id().toString() : null;
    return Identity.of(SimCluster.ID, topic);
  }

  private static Note note(io.github.safeconsumer.internal.metadata.Note read) {
    Map<Long, Integer> attempts = new HashMap<>();
    Set<Long> buried = new HashSet<>();
    for (RetryEntry entry : read.retries()) {
      attempts.put(entry.offset(), entry.attempts());
      if (entry.fate().owesDeadLetter()) {
        buried.add(entry.offset());
      }
    }
    return new Note(
        read.mode() == Mode.OPEN,
        read.leaseEnd(),
        attempts,
        buried,
        read.done().stream().map(range -> new Note.Range(range.from(), range.to())).toList());
  }
}
