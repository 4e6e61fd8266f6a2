package io.github.safeconsumer.crash;

import io.github.safeconsumer.support.Clients;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the brokers over and over what a group has committed, metadata included, and writes each
 * change into the journal. Before each question it writes that it asks: what was not in an answer
 * was confirmed after the line of its question.
 */
final class CommittedWatch implements AutoCloseable {
  private static final long EVERY_MILLIS = 10;

  private final Admin admin;
  private final String group;
  private final SharedJournal journal;
  private final Thread thread = new Thread(this::run, "committed-watch");
  private final Map<TopicPartition, OffsetAndMetadata> before = new HashMap<>();
  private volatile boolean closed;
  private int answered;

  CommittedWatch(String brokers, String group, SharedJournal journal) {
    this.admin = Clients.admin(brokers);
    this.group = group;
    this.journal = journal;
    thread.setDaemon(true);
  }

  /** From now on it asks. */
  void begin() {
    thread.start();
  }

  private void run() {
    for (int sample = 0; !closed; sample++) {
      try {
        journal.write(new Fact.Asked(sample));
        write(
            admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(5, TimeUnit.SECONDS));
        answered = sample;
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS); // the pace of the samples, not a wait
      } catch (ExecutionException | TimeoutException unanswered) {
        Thread.onSpinWait(); // the next question will show what this one did not
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void write(Map<TopicPartition, OffsetAndMetadata> answer) {
    answer.forEach(
        (partition, committed) -> {
          if (committed != null && !committed.equals(before.put(partition, committed))) {
            journal.write(
                new Fact.Committed(
                    answered, partition.partition(), committed.offset(), committed.metadata()));
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    admin.close(Duration.ofSeconds(1));
  }
}
