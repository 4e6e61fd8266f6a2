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
import java.util.function.BooleanSupplier;
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
    /** No client, no thread, until a resume. A pause leaves it so. */
    SUSPEND,
    /** For good. */
    CLOSE
  }

  /** A future and how it ended. */
  public record Settled(CompletableFuture<Outcome> future, Outcome outcome) {}

  /** The intent at one moment. */
  public record Intent(Want want, long sequence) {
    /** Whether the client and its loop have to end. */
    public boolean endsLoop() {
      return want == Want.SUSPEND || want == Want.CLOSE;
    }
  }

  /**
   * A recorded intent.
   *
   * @param superseded what waited for the opposite
   */
  public record Recorded(long sequence, List<Settled> superseded) {}

  private enum Kind {
    RESUME,
    RESUME_PARTITIONS,
    DRAIN,
    SUSPEND
  }

  /**
   * @param partitions of a RESUME_PARTITIONS
   */
  private record Waiting(
      Kind kind,
      CompletableFuture<Outcome> future,
      long sequence,
      long deadline,
      Set<TopicPartition> partitions) {}

  private final PauseGate gate;
  private final Set<TopicPartition> pausedPartitions = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
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
   * Records a pause. Whether it holds is asked by {@link #pauseHolds} after the barrier. A suspend
   * stays in force: it is the stronger one, and only a resume ends it.
   */
  public synchronized Recorded pause() {
    sequence++;
    if (want == Want.CLOSE) {
      return new Recorded(sequence, List.of());
    }
    if (want != Want.SUSPEND) {
      want = Want.PAUSE;
    }
    gate.close(PauseReason.USER);
    return new Recorded(sequence, settle(Kind.RESUME, superseded("pause() came later")));
  }

  /**
   * Records a pause whose future completes once nothing runs any more.
   *
   * @param deadline on the monotonic clock: an attempt that runs past it fails the future, the
   *     pause stays
   */
  public synchronized Recorded pauseAndDrain(CompletableFuture<Outcome> future, long deadline) {
    Recorded recorded = pause();
    waiting.add(new Waiting(Kind.DRAIN, future, recorded.sequence(), deadline, Set.of()));
    return recorded;
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

  /** Records a suspend; its future completes when the loop has ended. */
  public synchronized Recorded suspend(CompletableFuture<Outcome> future) {
    sequence++;
    waiting.add(new Waiting(Kind.SUSPEND, future, sequence, 0, Set.of()));
    if (want == Want.CLOSE) {
      return new Recorded(sequence, List.of());
    }
    want = Want.SUSPEND;
    gate.close(PauseReason.USER);
    return new Recorded(sequence, settle(Kind.RESUME, superseded("suspend() came later")));
  }

  /**
   * Records a resume; its future completes when the loop has polled un-paused.
   *
   * @param forgive runs under the lock: what made a guard pause counts no more
   */
  public synchronized Recorded resume(CompletableFuture<Outcome> future, Runnable forgive) {
    sequence++;
    waiting.add(new Waiting(Kind.RESUME, future, sequence, 0, Set.of()));
    if (want == Want.CLOSE) {
      return new Recorded(sequence, List.of());
    }
    want = Want.RUN;
    resumedAt = sequence;
    forgive.run();
    gate.open(PauseReason.USER);
    gate.open(PauseReason.FLOOD);
    return new Recorded(
        sequence,
        settle(
            w -> w.kind() == Kind.DRAIN || w.kind() == Kind.SUSPEND,
            superseded("resume() came later")));
  }

  /**
   * A guard pauses the consumer, if its reason still holds: a resume() that came meanwhile has
   * forgiven it. True when it paused.
   */
  public synchronized boolean guard(PauseReason reason, BooleanSupplier stillHolds) {
    return stillHolds.getAsBoolean() && gate.close(reason);
  }

  /** Records the pause of partitions, owned or not; returns what it supersedes. */
  public synchronized List<Settled> pause(
      Collection<TopicPartition> partitions, PartitionPauses owned) {
    sequence++;
    pausedPartitions.addAll(partitions);
    partitions.forEach(partition -> owned.set(partition, true));
    return settle(
        w -> !Collections.disjoint(w.partitions(), partitions),
        superseded("pause() of such a partition came later"));
  }

  /** Ends the pause of partitions; its future completes when the loop has polled again. */
  public synchronized void resume(
      CompletableFuture<Outcome> future,
      Collection<TopicPartition> partitions,
      PartitionPauses owned) {
    sequence++;
    partitions.forEach(pausedPartitions::remove);
    partitions.forEach(partition -> owned.set(partition, false));
    waiting.add(new Waiting(Kind.RESUME_PARTITIONS, future, sequence, 0, Set.copyOf(partitions)));
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
    if (waiting.isEmpty()) {
      return List.of();
    }
    return settle(
        w ->
            w.sequence() <= appliedSequence
                && (w.kind() == Kind.RESUME_PARTITIONS
                    || (w.kind() == Kind.RESUME && want == Want.RUN)),
        applied("polled without this pause"));
  }

  /** Whether somebody waits for running attempts to end. */
  public synchronized boolean awaitsDrain() {
    return waiting.stream().anyMatch(w -> w.kind() == Kind.DRAIN);
  }

  /**
   * Nothing ran at a moment after the intent of this sequence number was read, and what is done is
   * committed: true for whoever paused before, since a resume would have taken their wait away.
   */
  public synchronized List<Settled> drained(long appliedSequence) {
    return settle(
        w -> w.kind() == Kind.DRAIN && w.sequence() <= appliedSequence,
        applied("no attempt runs and what is done is committed; no record starts until resume()"));
  }

  /** The time of some of those who wait for running attempts is over. */
  public synchronized List<Settled> overdue(long nowNanos, String reason) {
    return settle(
        w -> w.kind() == Kind.DRAIN && nowNanos - w.deadline() >= 0,
        new Outcome(Outcome.Result.FAILED, reason));
  }

  /**
   * The loop and all that belonged to it ended, and suspend is still the intent.
   *
   * @param outcome whether all of it ended well
   */
  public synchronized List<Settled> suspended(Outcome outcome) {
    List<Settled> settled =
        settle(w -> w.kind() == Kind.SUSPEND || w.kind() == Kind.DRAIN, outcome);
    settled.addAll(
        settle(Kind.RESUME_PARTITIONS, applied("suspended: they start un-paused after resume()")));
    return settled;
  }

  /** There is no loop yet: whatever is wanted is how it will start. */
  public synchronized List<Settled> notStarted() {
    return settle(w -> true, applied("not started yet: this is how it will start"));
  }

  /** The consumer ended: nobody may wait any longer. */
  public synchronized List<Settled> ended(Outcome outcome) {
    return settle(w -> true, outcome);
  }

  private List<Settled> settle(Kind kind, Outcome outcome) {
    return settle(w -> w.kind() == kind, outcome);
  }

  private List<Settled> settle(Predicate<Waiting> which, Outcome outcome) {
    List<Settled> settled = new ArrayList<>();
    waiting.removeIf(
        w -> {
          boolean now = which.test(w);
          if (now) {
            settled.add(new Settled(w.future(), outcome));
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
