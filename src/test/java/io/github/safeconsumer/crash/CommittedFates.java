package io.github.safeconsumer.crash;

import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.NoteCodec;
import io.github.safeconsumer.internal.metadata.Reading;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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

  private static long owed(OffsetAndMetadata committed) {
    return NoteCodec.decode(committed.metadata(), committed.offset(), ANY)
            instanceof Reading.Read read
        ? read.note().retries().stream().filter(entry -> entry.fate().owesDeadLetter()).count()
        : 0;
  }
}
