package io.github.safeconsumer.sim;

import io.github.safeconsumer.internal.metadata.CrashCase;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Mode;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.OffsetRange;
import io.github.safeconsumer.internal.metadata.Reading;
import io.github.safeconsumer.internal.metadata.RetryEntry;
import io.github.safeconsumer.sim.kafka.SimCluster;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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
        ranges(read.done()),
        suspicion(read.crashCase()));
  }

  private static Note.@Nullable Suspicion suspicion(@Nullable CrashCase read) {
    return read == null
        ? null
        : new Note.Suspicion(
            read.uncleanEnds(), ranges(read.suspects()), read.soloOffset(), read.alone());
  }

  private static List<Note.Range> ranges(List<OffsetRange> read) {
    return read.stream().map(range -> new Note.Range(range.from(), range.to())).toList();
  }
}
