package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.CommitPacer;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Commits watermarks of owned partitions, for one incarnation. Only the loop is ever in here.
 *
 * <p>Each ownership remembers what the broker confirmed in it; a watermark that differs is dirty
 * and stays so until a commit that holds it was confirmed. One asynchronous commit is out at a
 * time. Partitions that are not owned are never named: a broker would accept them.
 */
final class Commits {
  private static final long SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long ANSWER_OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(70);
  private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<byte[], byte[]> client;
  private final Assignment assignment;
  private final Events events;
  private final Counters counters;
  private final Time time;
  private final BooleanSupplier inDoubt;
  private final boolean atOnce;
  private final CommitPacer pacer = new CommitPacer();
  private @Nullable Map<OwnedPartition, Long> inFlight;
  private long inFlightSince;
  private long lastScan;
  private boolean dirty;
  private long lastReport;
  private boolean reported;
  private @Nullable Exception lastFailure;

  /**
   * @param inDoubt whether the membership may be gone without this client knowing yet
   * @param atOnce without waiting for more to commit with it
   */
  Commits(
      Consumer<byte[], byte[]> client,
      Assignment assignment,
      Events events,
      Counters counters,
      Time time,
      BooleanSupplier inDoubt,
      boolean atOnce) {
    this.inDoubt = inDoubt;
    this.client = client;
    this.assignment = assignment;
    this.events = events;
    this.counters = counters;
    this.time = time;
    this.atOnce = atOnce;
    this.lastScan = time.nanos() - SCAN_NANOS;
  }

  /** Whether something waits to be committed. */
  boolean isDirty() {
    return dirty || inFlight != null;
  }

  /** Looks now, whatever is known: whether all that is done was confirmed. */
  boolean isSettled() {
    return inFlight == null && pending(assignment.all()).isEmpty();
  }

  /** Why the last commit failed, until one succeeds. */
  @Nullable Exception lastFailure() {
    return lastFailure;
  }

  /** Sends an asynchronous commit if one is due. */
  void step(long now, boolean busy) {
    if (inDoubt.getAsBoolean()) {
      return;
    }
    if (inFlight != null && now - inFlightSince < ANSWER_OVERDUE_NANOS) {
      return;
    }
    if (!atOnce && now - lastScan < SCAN_NANOS) {
      return;
    }
    lastScan = now;
    Map<OwnedPartition, Long> pending = pending(assignment.all());
    dirty = !pending.isEmpty();
    // A failed commit is repeated at the pace of load: hurrying would not heal it.
    boolean due = pacer.due(now, dirty, busy || lastFailure != null);
    if (!due && !(dirty && atOnce && lastFailure == null)) {
      return;
    }
    pacer.sent(now);
    inFlight = pending;
    inFlightSince = now;
    try {
      client.commitAsync(toOffsets(pending), (offsets, failure) -> answered(pending, failure));
    } catch (RuntimeException refused) { // no answer will come
      inFlight = null;
      throw refused;
    }
  }

  private void answered(Map<OwnedPartition, Long> sent, @Nullable Exception failure) {
    if (inFlight == sent) {
      inFlight = null;
    }
    if (failure == null) {
      confirmed(sent);
    } else {
      failed(sent, failure);
    }
  }

  /**
   * Commits what is done of these, and waits for the answer.
   *
   * @return false when the bound passed or the commit was refused: the next owner repeats what was
   *     done since the last one
   */
  boolean sync(Collection<OwnedPartition> partitions, Duration bound) {
    Map<OwnedPartition, Long> pending = pending(partitions);
    if (pending.isEmpty()) {
      return true;
    }
    if (inDoubt.getAsBoolean()) {
      return false; // the membership is in doubt: better repeated than wrongly committed
    }
    try {
      client.commitSync(toOffsets(pending), bound);
      confirmed(pending);
      return true;
    } catch (RuntimeException failure) {
      failed(pending, failure);
      return false;
    }
  }

  private Map<OwnedPartition, Long> pending(Collection<OwnedPartition> partitions) {
    Map<OwnedPartition, Long> pending = new HashMap<>();
    for (OwnedPartition partition : partitions) {
      if (partition.stage() != OwnedPartition.Stage.ACTIVE
          && partition.stage() != OwnedPartition.Stage.DRAINING) {
        continue;
      }
      long watermark =
          partition.hasOpenWork()
              ? partition.watermark()
              : partition.watermark(positionOf(partition.topicPartition()));
      if (watermark != partition.confirmed()) {
        pending.put(partition, watermark);
      }
    }
    return pending;
  }

  /**
   * Where the client stands: past trailing markers, if nothing is open. -1 where it is not known at
   * once.
   */
  private long positionOf(TopicPartition topicPartition) {
    try {
      return client.position(topicPartition, Duration.ZERO);
    } catch (RuntimeException unknown) { // it would only spare repeating nothing: a marker
      return -1;
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> toOffsets(
      Map<OwnedPartition, Long> pending) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    pending.forEach(
        (partition, offset) ->
            offsets.put(partition.topicPartition(), new OffsetAndMetadata(offset)));
    return offsets;
  }

  private void confirmed(Map<OwnedPartition, Long> sent) {
    counters.commits.increment();
    lastFailure = null;
    reported = false;
    sent.forEach(assignment::confirmed);
  }

  private void failed(Map<OwnedPartition, Long> sent, Exception failure) {
    counters.commitsFailed.increment();
    lastFailure = failure;
    long now = time.nanos();
    if (!reported || now - lastReport >= REPORT_EVERY_NANOS) {
      reported = true;
      lastReport = now;
      events.emit(
          new SafeConsumerEvent.CommitFailed(
              events.now(),
              sent.keySet().stream()
                  .map(OwnedPartition::topicPartition)
                  .collect(Collectors.toUnmodifiableSet()),
              SafeThrowables.className(failure)));
    }
  }
}
