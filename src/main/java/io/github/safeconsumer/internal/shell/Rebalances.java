package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Handler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.metadata.Mode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
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

  /** Whose handler knows that they go. */
  private final Set<OwnedPartition> told = new HashSet<>();

  /** Whether nothing was lost, and each hand-over inside a callback committed what was done. */
  private boolean allCommitted = true;

  /** Whether partitions went, in a callback, with something done that could not be committed. */
  private boolean wentUncommitted;

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
    wentUncommitted &= taken.isEmpty();
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
   * Drains, commits and ends these ownerships, inside a callback of the client.
   *
   * @param commitBound what the caller has left for the commit once the drain is over
   */
  private void handOver(List<OwnedPartition> leaving, long until, Supplier<Duration> commitBound) {
    if (drained(leaving, until)) {
      int unfinished = Drain.running(leaving);
      boolean committed = commit(leaving, shorter(commitBound.get()));
      allCommitted &= committed;
      wentUncommitted = !committed;
      end(leaving, unfinished, committed);
    }
  }

  /**
   * Whether the rebalance that is under way took partitions whose last commit failed: who ends now
   * has nothing to hand over, and yet not all that is done was committed.
   */
  boolean wentUncommitted() {
    return wentUncommitted;
  }

  /**
   * Hands over all there is, outside of callbacks. True when all that is done was committed.
   *
   * <p>A client of the classic protocol commits nothing while its group shares out anew, and many a
   * member is told to end in just that moment: its neighbour left a moment ago. It is polled then
   * until that is over, which can take partitions away, or bring some.
   */
  boolean handEverythingOver(long until, Supplier<Duration> commitBound) {
    allCommitted = true;
    if (!drained(List.copyOf(assignment.all()), until)) {
      return false;
    }
    long last = time.nanos() + shorter(commitBound.get()).toNanos();
    List<OwnedPartition> owned = List.copyOf(assignment.all());
    int unfinished = Drain.running(owned);
    boolean committed = commit(owned, left(last));
    while (!committed && incarnation.pollThroughRebalance(last)) {
      owned = List.copyOf(assignment.all());
      if (!drained(owned, until)) {
        return false;
      }
      unfinished = Drain.running(owned);
      committed = commit(owned, left(last));
    }
    end(owned, unfinished, committed);
    return committed && allCommitted;
  }

  /**
   * Nothing of these runs any more, and the handler knows that they go. False where they were lost
   * meanwhile.
   */
  private boolean drained(List<OwnedPartition> leaving, long until) {
    drain.await(leaving, until);
    List<TopicPartition> untold =
        leaving.stream().filter(told::add).map(OwnedPartition::topicPartition).toList();
    if (!untold.isEmpty()) {
      drain.awaitCallback(events.call("onRevoked", () -> handler.onRevoked(untold)), until);
    }
    // The process may have stood still during the wait: whether the membership still holds is
    // asked now, since the broker's answer to the commit would prove nothing.
    if (incarnation.isStale()) {
      lost(leaving, "the process stood still for too long while it handed over");
      return false;
    }
    return true;
  }

  private boolean commit(List<OwnedPartition> leaving, Duration bound) {
    leaving.forEach(partition -> partition.leaves(Mode.CLOSED));
    return incarnation.commits().sync(leaving, bound);
  }

  private void end(List<OwnedPartition> leaving, int unfinished, boolean committed) {
    if (leaving.isEmpty()) {
      return;
    }
    if (!committed) {
      incarnation.commits().gaveUp(leaving);
    }
    forget(leaving);
    events.emit(
        new SafeConsumerEvent.PartitionsRevoked(
            events.now(), Set.copyOf(names(leaving)), unfinished));
  }

  private Duration left(long until) {
    return Duration.ofNanos(Math.max(0, until - time.nanos()));
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
    allCommitted = false;
    forget(leaving);
    List<TopicPartition> names = names(leaving);
    events.report("onLost", () -> handler.onLost(names));
    events.emit(new SafeConsumerEvent.PartitionsLost(events.now(), Set.copyOf(names), reason));
  }

  private void forget(List<OwnedPartition> leaving) {
    assignment.end(leaving);
    leaving.forEach(told::remove);
    drain.forgetEnded();
  }

  private static List<TopicPartition> names(List<OwnedPartition> partitions) {
    return partitions.stream().map(OwnedPartition::topicPartition).toList();
  }
}
