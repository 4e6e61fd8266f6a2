package io.github.safeconsumer.crash;

import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.Note;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What the confirmed commits of a group say of its failing records. */
final class CommittedFates {
  private static final Identity ANY = new Identity(0, 0);

  private CommittedFates() {}

  /** How many records owe a dead letter, whoever owns them. */
  static long owed(Admin admin, String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return committed.values().stream().mapToLong(CommittedFates::owed).sum();
  }

  /** All that is said, for a message. */
  static String all(Admin admin, String group) throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .map(committed -> committed.offset() + " " + read(committed))
        .collect(Collectors.joining("\n"));
  }

  /** What stands beside each committed offset, where it can be read. */
  static Map<Integer, Note> notes(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    Map<Integer, Note> notes = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach(
            (partition, committed) -> {
              if (committed != null && read(committed) instanceof Reading.Read read) {
                notes.put(partition.partition(), read.note());
              }
            });
    return notes;
  }

  private static Reading read(OffsetAndMetadata committed) {
    return NoteCodec.decode(committed.metadata(), committed.offset(), ANY);
  }

  private static long owed(OffsetAndMetadata committed) {
    return read(committed) instanceof Reading.Read read
        ? read.note().retries().stream().filter(entry -> entry.fate().owesDeadLetter()).count()
        : 0;
  }
}
