package io.github.safeconsumer.sim.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The commits of one client. Callbacks run inside later calls of poll, commit and close. */
final class Commits {
  private record Done(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable OffsetCommitCallback callback,
      @Nullable Exception failure) {}

  private final Core core;
  private final Membership membership;
  private final Deque<Done> done = new ArrayDeque<>();
  private int underWay;

  Commits(Core core, Membership membership) {
    this.core = core;
    this.membership = membership;
  }

  /** Commits and waits. Asynchronous commits that were sent before are answered before. */
  void sync(Map<TopicPartition, OffsetAndMetadata> offsets, long boundNanos) {
    long deadline = core.world.nanos() + boundNanos;
    try {
      strikeAround();
      if (core.faults.strikes(FaultKind.COMMIT_SLOW, core.id + " commitSync")) {
        core.wire.pass(Math.min(boundNanos, core.faults.lasts(FaultKind.COMMIT_SLOW)));
      }
      repeat(offsets, deadline);
      while (underWay > 0 && deadline - core.world.nanos() > 0) {
        core.wire.pass(100_000);
      }
    } catch (RuntimeException failure) {
      core.cluster.watch().commitAnswered(core.id, ordered(offsets), failure);
      runCallbacks();
      throw failure;
    }
    core.cluster.watch().commitAnswered(core.id, ordered(offsets), null);
    runCallbacks();
  }

  private void repeat(Map<TopicPartition, OffsetAndMetadata> offsets, long deadline) {
    while (true) {
      Identity identity = membership.commitsAs();
      long left = deadline - core.world.nanos();
      if (core.faults.strikes(FaultKind.COMMIT_NOT_APPLIED, core.id + " commitSync")) {
        core.wire.pass(Math.max(0, left));
        throw new TimeoutException("the commit did not reach the broker");
      }
      GroupError error =
          core.wire.ask("commitSync", left, core::coordinated, () -> apply(identity, offsets));
      if (error == GroupError.NONE) {
        if (core.faults.strikes(FaultKind.COMMIT_UNANSWERED, core.id + " commitSync")) {
          core.wire.pass(Math.max(0, deadline - core.world.nanos()));
          throw new TimeoutException("the commit was not answered");
        }
        return;
      }
      if (error == GroupError.METADATA_TOO_LARGE) {
        throw tooLarge();
      }
      RuntimeException refused = membership.refused(error, identity, true);
      if (refused != null) {
        throw refused;
      }
      core.wire.retryOrTimeOut("commitSync", deadline);
    }
  }

  private GroupError apply(Identity identity, Map<TopicPartition, OffsetAndMetadata> offsets) {
    SimGroup group = core.cluster.group(core.id.group());
    return SimGroup.commit(core.cluster, group, core.id, identity, offsets);
  }

  /** What may happen to the membership while a commit is under way. */
  private void strikeAround() {
    if (core.faults.strikes(FaultKind.COMMIT_REJECTED, core.id + " commit")) {
      core.cluster.expel(core.id, "fault");
    }
    if (core.faults.strikes(FaultKind.COMMIT_IN_REBALANCE, core.id + " commit")) {
      core.cluster.rebalance(core.id.group());
    }
  }

  /** Commits; the callback runs when the answer is here and the client is called again. */
  void async(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    runCallbacks();
    Map<TopicPartition, OffsetAndMetadata> sent = new LinkedHashMap<>(offsets);
    strikeAround();
    Identity identity;
    try {
      identity = membership.commitsAs();
    } catch (RuntimeException refused) {
      finish(new Done(sent, callback, refused));
      return;
    }
    underWay++;
    if (core.faults.strikes(FaultKind.COMMIT_NOT_APPLIED, core.id + " commitAsync")) {
      core.wire.answer(() -> answered(sent, callback, new DisconnectException("not sent")));
      return;
    }
    boolean unanswered = core.faults.strikes(FaultKind.COMMIT_UNANSWERED, core.id + " commitAsync");
    long slow =
        core.faults.strikes(FaultKind.COMMIT_SLOW, core.id + " commitAsync")
            ? core.faults.lasts(FaultKind.COMMIT_SLOW)
            : 0;
    core.wire.send(
        slow,
        core::coordinated,
        reachable -> {
          GroupError error = reachable ? apply(identity, sent) : GroupError.UNREACHABLE;
          core.wire.answer(() -> answered(sent, callback, failure(error, identity, unanswered)));
        });
  }

  private @Nullable Exception failure(GroupError error, Identity identity, boolean unanswered) {
    if (error == GroupError.NONE) {
      return unanswered ? new DisconnectException("the answer was lost") : null;
    }
    if (error == GroupError.METADATA_TOO_LARGE) {
      return tooLarge();
    }
    RuntimeException refused = membership.refused(error, identity, false);
    return refused == null ? new DisconnectException("no coordinator") : refused;
  }

  private static RuntimeException tooLarge() {
    return new OffsetMetadataTooLarge("The metadata field of the offset request was too large.");
  }

  private void answered(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable OffsetCommitCallback callback,
      @Nullable Exception failure) {
    underWay--;
    finish(
        new Done(
            offsets,
            callback,
            failure instanceof DisconnectException
                ? new RetriableCommitFailedException(
                    "the commit may not have been applied", failure)
                : failure));
  }

  private void finish(Done result) {
    done.add(result);
    core.cluster.watch().commitAnswered(core.id, ordered(result.offsets()), result.failure());
  }

  /** Inside a call of the application. */
  void runCallbacks() {
    while (!done.isEmpty()) {
      Done next = done.poll();
      if (next.callback() != null) {
        next.callback().onComplete(next.offsets(), next.failure());
      }
    }
  }

  /** Waits for the answers that are under way. */
  void settle(long deadline) {
    while (underWay > 0 && deadline - core.world.nanos() > 0) {
      core.wire.pass(Math.min(1_000_000, deadline - core.world.nanos()));
    }
    runCallbacks();
  }

  private static Map<TopicPartition, OffsetAndMetadata> ordered(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> ordered = Order.map();
    ordered.putAll(offsets);
    return ordered;
  }
}
