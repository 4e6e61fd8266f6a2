package io.github.safeconsumer.crash;

import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.crash.Fact.Place;
import io.github.safeconsumer.support.Work;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Does the {@link Task} of each record, and writes down when it begins and when it ends. */
final class JournallingHandler extends RecordHandler<String, String> {
  private final String member;
  private final SharedJournal journal;

  JournallingHandler(String member, SharedJournal journal) {
    this.member = member;
    this.journal = journal;
  }

  @Override
  public void handle(ConsumerRecord<String, String> record, RecordContext context) {
    Place place = new Place(record.partition(), record.offset());
    Task task = Task.parse(record.value());
    journal.write(
        new Fact.Begun(
            member,
            place,
            record.key() == null ? Fact.NO_KEY : Integer.parseInt(record.key()),
            task.seq(),
            context.attempt(),
            context.lastAttempt(),
            context.firstFailureAt().map(Instant::toEpochMilli).orElse(Fact.NEVER)));
    Work.lasting(task.work());
    if (task.fault().killsInHandler()) {
      journal.write(new Fact.Dying(member, place));
      task.fault().kill();
    }
    boolean hopeless = task.fault() == Fault.HOPELESS;
    boolean ok = !hopeless && !task.fails(context.attempt());
    journal.write(new Fact.Ended(member, place, ok, System.nanoTime()));
    if (hopeless) {
      throw new NonRetryableException("told to fail for good");
    }
    if (!ok) {
      throw new IllegalStateException("told to fail");
    }
  }

  @Override
  public void onAssigned(Collection<TopicPartition> partitions) {
    journal.write(new Fact.Assigned(member, numbers(partitions)));
  }

  @Override
  public void onRevoked(Collection<TopicPartition> partitions) {
    journal.write(new Fact.Revoked(member, numbers(partitions)));
  }

  @Override
  public void onLost(Collection<TopicPartition> partitions) {
    journal.write(new Fact.Lost(member, numbers(partitions)));
  }

  private static List<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).toList();
  }
}
