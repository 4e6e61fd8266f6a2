package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PauseReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * What the callers want, and who waits to hear that it is so. Level-triggered: the loop reads the
 * intent and reconciles towards it, so no signal can be lost or go stale; an intent is recorded
 * also while no client exists.
 *
 * <p>Concurrency: one lock, this object's. The intent, its sequence number and the USER reason of
 * the gate change together under it, so crossing pause() and resume() cannot leave one without the
 * other. Futures are never completed here: methods return {@link Settled} values, which the shell
 * completes on the notifier.
 */
public final class Handshake {
  /** What the caller wants. */
  public enum Want {
    RUN,
    PAUSE,
    CLOSE
  }

  /** A future and how it ended. */
  public record Settled(CompletableFuture<Outcome> future, Outcome outcome) {}

  /** The intent at one moment. */
  public record Intent(Want want, long sequence) {}

  /**
   * A recorded pause.
   *
   * @param superseded what waited for the opposite
   */
  public record Paused(long sequence, List<Settled> superseded) {}

  /**
   * @param partitions empty for the whole consumer
   */
  private record Waiting(
      CompletableFuture<Outcome> future,
      long sequence,
      boolean wholeConsumer,
      Set<TopicPartition> partitions) {}

  private final PauseGate gate;
  private final Set<TopicPartition> pausedPartitions = new HashSet<>();
  private final List<Waiting> resumes = new ArrayList<>();
  private Want want = Want.RUN;
  private long sequence;
  private long resumedAt;

  public Handshake(PauseGate gate) {
    this.gate = gate;
  }

  public synchronized Intent intent() {
    return new Intent(want, sequence);
  }

  /**
   * Records a pause. What it supersedes is returned; whether it holds is asked by {@link
   * #pauseHolds} after the barrier.
   */
  public synchronized Paused pause() {
    sequence++;
    if (want == Want.CLOSE) {
      return new Paused(sequence, List.of());
    }
    want = Want.PAUSE;
    gate.close(PauseReason.USER);
    return new Paused(sequence, settle(Waiting::wholeConsumer, superseded("pause() came later")));
  }

  /**
   * After the barrier of this pause: it is true now, unless a later intent came first. A later
   * pause does not make up for a resume() between the two: its own barrier may not be over.
   */
  public synchronized Outcome pauseHolds(long pausedAt) {
    if (want == Want.CLOSE) {
      return superseded("close() came first");
    }
    return resumedAt > pausedAt
        ? superseded("resume() came later")
        : applied("no record starts until resume()");
  }

  /** Records a resume; its future completes when the loop has polled un-paused. */
  public synchronized CompletableFuture<Outcome> resume() {
    sequence++;
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    if (want != Want.CLOSE) {
      want = Want.RUN;
      resumedAt = sequence;
      gate.open(PauseReason.USER);
      gate.open(PauseReason.FLOOD);
    }
    resumes.add(new Waiting(future, sequence, true, Set.of()));
    return future;
  }

  /** Records the pause of partitions, owned or not; returns what it supersedes. */
  public synchronized List<Settled> pause(
      Collection<TopicPartition> partitions, PartitionPauses owned) {
    sequence++;
    pausedPartitions.addAll(partitions);
    partitions.forEach(partition -> owned.set(partition, true));
    return settle(
        waiting -> !Collections.disjoint(waiting.partitions(), partitions),
        superseded("pause() of such a partition came later"));
  }

  /** Ends the pause of partitions; its future completes when the loop has polled again. */
  public synchronized CompletableFuture<Outcome> resume(
      Collection<TopicPartition> partitions, PartitionPauses owned) {
    sequence++;
    partitions.forEach(pausedPartitions::remove);
    partitions.forEach(partition -> owned.set(partition, false));
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    resumes.add(new Waiting(future, sequence, false, Set.copyOf(partitions)));
    return future;
  }

  /**
   * Runs under the lock of the handshake, so that a partition taken over now and a pause given now
   * cannot miss each other.
   */
  public synchronized void takeOver(OwnedPartition partition, Runnable publish) {
    publish.run();
    partition.setPaused(PauseReason.USER, pausedPartitions.contains(partition.topicPartition()));
  }

  /** Records the wish to end; absorbing. True the first time. */
  public synchronized boolean close() {
    sequence++;
    boolean first = want != Want.CLOSE;
    want = Want.CLOSE;
    return first;
  }

  /** The loop polled with the intent of this sequence number applied. */
  public synchronized List<Settled> polled(long appliedSequence) {
    if (resumes.isEmpty()) {
      return List.of();
    }
    return settle(
        waiting ->
            waiting.sequence() <= appliedSequence && (want == Want.RUN || !waiting.wholeConsumer()),
        applied("polled without this pause"));
  }

  /** The consumer ended: nobody may wait any longer. */
  public synchronized List<Settled> ended(Outcome outcome) {
    return settle(waiting -> true, outcome);
  }

  private List<Settled> settle(Predicate<Waiting> which, Outcome outcome) {
    List<Settled> settled = new ArrayList<>();
    resumes.removeIf(
        waiting -> {
          boolean now = which.test(waiting);
          if (now) {
            settled.add(new Settled(waiting.future(), outcome));
          }
          return now;
        });
    return settled;
  }

  private static Outcome applied(String reason) {
    return new Outcome(Outcome.Result.APPLIED, reason);
  }

  private static Outcome superseded(String reason) {
    return new Outcome(Outcome.Result.SUPERSEDED, reason);
  }

  /** Sets the USER reason of a partition if it is owned now. */
  @FunctionalInterface
  public interface PartitionPauses {
    void set(TopicPartition partition, boolean paused);
  }
}
