package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.Progress;
import io.github.safeconsumer.internal.metadata.Fitted;
import io.github.safeconsumer.internal.metadata.Identity;
import io.github.safeconsumer.internal.metadata.NoteFit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the note of a commit into words that fit. How much fits is learned: a broker that refuses a
 * commit for its size is sent half from then on, down to commits without a note. Used by the loop
 * only.
 */
final class CommitNotes {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");

  /** What a request may carry: a commit is one batch to the broker, bounded by its message size. */
  private static final int REQUEST_CHARS = 256 << 10;

  /** What goes with each partition besides the note: its name, offset and so on. */
  private static final int OVERHEAD_CHARS = 64;

  /** The brokers' default for offset.metadata.max.bytes, which counts characters. */
  static final int LONGEST_CHARS = 4096;

  private static final int SHORTEST_CHARS = 128;

  private final long boot;
  private final Map<String, Uuid> topicIds;
  private final AtomicInteger limitChars;
  private @Nullable String clusterId;

  /**
   * @param boot of this process
   * @param topicIds as far as they are known
   * @param limitChars what the brokers take, as far as it is known; learned for good
   */
  CommitNotes(long boot, Map<String, Uuid> topicIds, AtomicInteger limitChars) {
    this.boot = boot;
    this.topicIds = topicIds;
    this.limitChars = limitChars;
  }

  /**
   * A partition's progress as it is committed.
   *
   * @param text beside the offset; empty where the brokers take none
   * @param noteShare share of its room that the note would take, were nothing left out
   */
  record Sealed(Progress progress, String text, double noteShare) {
    OwnedPartition partition() {
      return progress.partition();
    }

    OffsetAndMetadata commit() {
      return new OffsetAndMetadata(
          progress.offset(),
          progress.leaderEpoch() < 0 ? Optional.empty() : Optional.of(progress.leaderEpoch()),
          text);
    }
  }

  /** The cluster is known. */
  void clusterId(@Nullable String id) {
    clusterId = id;
  }

  /** Which cluster and topic this is, as far as it is known. */
  Identity identity(String topic) {
    Uuid id = topicIds.get(topic);
    return Identity.of(clusterId, id == null ? null : id.toString());
  }

  /** How many characters a note may take, where so many partitions share a request. */
  int room(int owned) {
    return Math.min(limitChars.get(), REQUEST_CHARS / Math.max(1, owned));
  }

  /**
   * @param owned how many partitions share a request
   */
  Sealed seal(Progress progress, int owned) {
    int limit = room(owned);
    Fitted fitted =
        NoteFit.fit(
            progress.note(identity(progress.partition().topicPartition().topic()), boot), limit);
    return new Sealed(
        progress,
        fitted.text(),
        fitted.text().isEmpty() ? 0 : (double) fitted.wantedChars() / limit);
  }

  /** As many of them as one request may carry. */
  List<Sealed> oneRequest(List<Sealed> pending) {
    int chars = 0;
    for (int i = 0; i < pending.size(); i++) {
      Sealed one = pending.get(i);
      chars +=
          one.text().length() + OVERHEAD_CHARS + one.partition().topicPartition().topic().length();
      if (chars > REQUEST_CHARS && i > 0) {
        return pending.subList(0, i);
      }
    }
    return pending;
  }

  /** Whether the commit may have been refused for the length of its notes. */
  boolean isTooLong(Exception failure) {
    return limitChars.get() > 0
        && (failure instanceof OffsetMetadataTooLarge
            || failure instanceof InvalidCommitOffsetSizeException
            || failure instanceof RecordTooLargeException);
  }

  /** From now on notes are half as long. */
  void shorten(String why) {
    int half = limitChars.get() / 2;
    limitChars.set(half < SHORTEST_CHARS ? 0 : half);
    if (limitChars.get() == 0) {
      LOG.warn(
          "problem=\"the brokers take no note beside a committed offset: retry counts and records done out of order"
              + " are forgotten when a partition changes hands\" exceptionClass={} remedy=\"raise offset.metadata.max.bytes of the brokers\"",
          why);
    } else {
      LOG.warn(
          "problem=\"a commit was refused: notes beside committed offsets are cut\" exceptionClass={} characters={}",
          why,
          limitChars.get());
    }
  }
}
