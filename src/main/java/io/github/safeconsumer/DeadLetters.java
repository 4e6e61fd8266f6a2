package io.github.safeconsumer;

import io.github.safeconsumer.internal.replay.Desk;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * A dead-letter topic as an operator wants it: look at what is there, and send it on once the cause
 * is mended. It joins no group of a service and commits nothing for one, so it can be used beside
 * running consumers. Thread-safe; every method blocks until it is done.
 *
 * <p>Methods throw {@link org.apache.kafka.common.KafkaException} where the cluster refuses or
 * gives no answer within a minute, {@link ConfigurationException} for what cannot work, and {@link
 * IllegalStateException} after {@link #close}.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(10);

  private final Desk desk;

  private DeadLetters(Desk desk) {
    this.desk = desk;
  }

  /**
   * A dead letter and where it is.
   *
   * @param at partition of the dead-letter topic
   * @param offset its offset there
   * @param writtenAt when it was written there
   * @param letter all that is known of the record
   */
  public record Entry(TopicPartition at, long offset, Instant writtenAt, DeadLetter letter) {
    public Entry {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(writtenAt, "writtenAt");
      Objects.requireNonNull(letter, "letter");
    }

    /** Where it is: topic-partition@offset. */
    public String place() {
      return at + "@" + offset;
    }
  }

  /**
   * What a look through the topic found.
   *
   * @param entries the oldest that match, by the time they were written; at most the limit
   * @param matched how many match in all
   * @param read records in the topic
   * @param foreign those that are no dead letters of ours, or of a later format
   */
  public record Listing(List<Entry> entries, long matched, long read, long foreign) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Checks the settings; connects to nothing yet.
   *
   * @param kafka how to reach the cluster and who one is, as for a consumer: a service's own
   *     consumer settings will do, since all but those of connection and security are left aside
   * @param topic the dead-letter topic
   * @throws ConfigurationException naming every setting that cannot work
   */
  public static DeadLetters open(Map<?, ?> kafka, String topic) {
    return new DeadLetters(
        new Desk(
            Platform.system(),
            Objects.requireNonNull(kafka, "kafka"),
            Objects.requireNonNull(topic, "topic")));
  }

  /**
   * Reads the topic from its beginning to the ends that it has now, and keeps the first that match.
   * Keys and values are in memory for as many as the limit says.
   *
   * @param filter see {@link DeadLetterFilter}
   * @param limit how many to keep, from 0: then they are only counted
   */
  public Listing list(Predicate<? super DeadLetter> filter, int limit) {
    return desk.list(Objects.requireNonNull(filter, "filter"), limit);
  }

  /**
   * The letters with this {@link DeadLetter#id}, the oldest first: none, one, or several where it
   * was sent more than once. Reads the whole topic.
   */
  public List<Entry> find(String id) {
    return desk.list(DeadLetterFilter.id(id), Integer.MAX_VALUE).entries();
  }

  /** The letter at this place; empty where there is no record, or one that is no dead letter. */
  public Optional<Entry> find(int partition, long offset) {
    return desk.find(partition, offset);
  }

  /**
   * Sends the records of dead letters on: to the topics they were read from, or to one topic. The
   * letters stay where they are.
   *
   * <p><b>What is sent.</b> The original key and value bytes and the record's own headers in their
   * order, then a few with the reserved prefix, which tell where the record comes from: if it fails
   * again, its next dead letter keeps the first origin and counts on. To the origin it goes to the
   * partition it was read from, so order and co-location stay; where the topic has no such
   * partition any more, and to a named topic, the producer's partitioner decides. Letters of one
   * key keep their order. A letter whose value, key or headers had to be cut is refused, as is one
   * of another cluster that should go to its origin, or one whose target does not exist.
   *
   * <p><b>Not twice.</b> Records are sent in transactions, and each transaction also moves the
   * positions in the dead-letter topic, as offsets of the group {@code safeconsumer-replay-ID}. So
   * a later run with the same id goes on where the last one ended, also after a crash, and once
   * everything is sent it sends nothing. An id stands for the letters that were there when it was
   * first used: what is dead-lettered later, the same records again for example, needs another id.
   * The filter and the target belong to the id, too: a run with another text of the filter or
   * another target is refused (see {@link ReplayOptions#filterText}). Brokers forget the positions
   * {@code offsets.retention.minutes} (7 days by default) after the last run, or when someone
   * deletes the group; after that the id begins anew, and sends again.
   *
   * <p>A reader of the target with {@code isolation.level=read_committed} sees each record once.
   * One with the default, {@code read_uncommitted}, also sees those of a transaction that was
   * broken off, and sees them again when the next run sends them. Handlers should not mind:
   * delivery is at least once anyway.
   *
   * <p><b>Two at once.</b> A second replay with the same id fences the first one, which ends with
   * {@link ReplayReport.Ending#FENCED} and sends nothing more; the second does the rest.
   *
   * @return how far it came and why it ended; a refusal or silence of the cluster in the middle is
   *     told there, and not thrown
   * @throws ConfigurationException before anything is sent: a target that is this dead-letter topic
   *     or does not exist, an id that is in use for another filter or target, or for a topic that
   *     was deleted and created again meanwhile
   */
  public ReplayReport replay(Predicate<? super DeadLetter> filter, ReplayOptions options) {
    return desk.replay(
        Objects.requireNonNull(filter, "filter"), Objects.requireNonNull(options, "options"));
  }

  /** Ends what runs, after the transaction in progress; waits 10 s for that at most. */
  @Override
  public void close() {
    desk.close(CLOSE_BOUND);
  }
}
