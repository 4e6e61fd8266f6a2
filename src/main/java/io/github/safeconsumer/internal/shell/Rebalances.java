package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Handler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.metadata.Mode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What happens when partitions come and go. Called by the client inside poll and close, so on the
 * loop thread.
 *
 * <p>Taken over: paused at once, before any fetch, and acquired over the following turns. Handed
 * over: starts stop, running attempts are awaited within the drain window, what is done is
 * committed, the ownership ends. Lost: another member has them already, so nothing is awaited and
 * nothing committed.
 */
final class Rebalances implements ConsumerRebalanceListener {
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Incarnation<?, ?> incarnation;
  private final Assignment assignment;
  private final Handler handler;
  private final Drain drain;
  private final Events events;
  private final Counters counters;
  private final Time time;

  Rebalances(
      Incarnation<?, ?> incarnation,
      Assignment assignment,
      Handler handler,
      Drain drain,
      Events events,
      Counters counters,
      Time time) {
    this.incarnation = incarnation;
    this.assignment = assignment;
    this.handler = handler;
    this.drain = drain;
    this.events = events;
    this.counters = counters;
    this.time = time;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    counters.rebalances.increment();
    List<TopicPartition> taken = List.copyOf(partitions);
    CompletableFuture<Void> callback =
        taken.isEmpty()
            ? CompletableFuture.completedFuture(null)
            : events.call("onAssigned", () -> handler.onAssigned(taken));
    try {
      incarnation.takeOver(taken, callback);
    } catch (RuntimeException broken) {
      // The client keeps such partitions and never tells of them again, so this one is of no use
      // any
      // more, whatever it was that it threw: an interrupt heals by itself, but not here.
      throw new KafkaException("partitions could not be taken over", broken);
    }
    if (!taken.isEmpty()) {
      events.emit(new SafeConsumerEvent.PartitionsAssigned(events.now(), Set.copyOf(taken)));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<OwnedPartition> leaving = assignment.get(partitions);
    if (leaving.isEmpty()) {
      return;
    }
    if (incarnation.isStale()) {
      lost(leaving, "the process stood still for too long");
      return;
    }
    handOver(
        leaving,
        Math.min(
            time.nanos() + drain.timeoutNanos(),
            incarnation.pollDeadline() - incarnation.commitBound().toNanos() - MARGIN_NANOS),
        incarnation::commitBound);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    lost(assignment.get(partitions), "the group gave them to another member");
  }

  /**
   * Drains, commits and ends these ownerships. True when all that is done was committed.
   *
   * @param commitBound what the caller has left for the commit once the drain is over
   */
  boolean handOver(List<OwnedPartition> leaving, long until, Supplier<Duration> commitBound) {
    int unfinished = drain.await(leaving, until);
    List<TopicPartition> names = leaving.stream().map(OwnedPartition::topicPartition).toList();
    drain.awaitCallback(events.call("onRevoked", () -> handler.onRevoked(names)), until);
    // The process may have stood still during the wait: whether the membership still holds is
    // asked now, since the broker's answer to the commit would prove nothing.
    if (incarnation.isStale()) {
      lost(leaving, "the process stood still for too long while it handed over");
      return false;
    }
    leaving.forEach(partition -> partition.leaves(Mode.CLOSED));
    boolean committed = incarnation.commits().sync(leaving, shorter(commitBound.get()));
    assignment.end(leaving);
    drain.forgetEnded();
    events.emit(
        new SafeConsumerEvent.PartitionsRevoked(events.now(), Set.copyOf(names), unfinished));
    return committed;
  }

  private Duration shorter(Duration bound) {
    Duration longest = incarnation.commitBound();
    return bound.compareTo(longest) < 0 ? bound : longest;
  }

  /** Ends these ownerships at once. */
  void lost(List<OwnedPartition> leaving, String reason) {
    if (leaving.isEmpty()) {
      return;
    }
    assignment.end(leaving);
    drain.forgetEnded();
    List<TopicPartition> names = leaving.stream().map(OwnedPartition::topicPartition).toList();
    events.report("onLost", () -> handler.onLost(names));
    events.emit(new SafeConsumerEvent.PartitionsLost(events.now(), Set.copyOf(names), reason));
  }
}
