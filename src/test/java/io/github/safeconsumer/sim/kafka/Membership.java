package io.github.safeconsumer.sim.kafka;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The client side of a group protocol. The application's thread takes its steps inside poll, where
 * the callbacks run; a background thread sends heartbeats, and leaves the group when poll was not
 * called in time.
 */
abstract class Membership {
  final Core core;
  private Set<String> topics = Set.of();
  private @Nullable Pattern pattern;
  private @Nullable ConsumerRebalanceListener listener;
  private boolean subscribed;
  private long polledAt;

  /** What goes wrong for good. */
  @Nullable RuntimeException fatal;

  Membership(Core core) {
    this.core = core;
    this.polledAt = core.world.nanos();
  }

  static Membership of(Core core) {
    return core.settings.modern() ? new ModernMembership(core) : new ClassicMembership(core);
  }

  void subscribe(
      Collection<String> topics, @Nullable Pattern pattern, ConsumerRebalanceListener listener) {
    this.topics = new TreeSet<>(topics);
    this.pattern = pattern;
    this.listener = listener;
    this.subscribed = true;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** Topics that are subscribed to now. */
  Set<String> topics() {
    if (pattern == null) {
      return topics;
    }
    Set<String> matching = new TreeSet<>();
    for (SimTopic topic : core.cluster.topics()) {
      if (pattern.matcher(topic.name()).matches()) {
        matching.add(topic.name());
      }
    }
    return matching;
  }

  /** poll was called. */
  final void polled() {
    polledAt = core.world.nanos();
  }

  /** Goes one step on, or says what went wrong for good. */
  final void check() {
    if (fatal != null) {
      throw fatal;
    }
    step();
  }

  /** Nanoseconds left for the next call of poll. */
  final long pollLeft() {
    return core.settings.maxPollIntervalNanos() - (core.world.nanos() - polledAt);
  }

  /** One step inside poll; runs callbacks. */
  abstract void step();

  /**
   * As whom to commit.
   *
   * @throws KafkaException when the client refuses by itself
   */
  abstract Identity commitsAs();

  /** What a refused commit means, with its consequences; null: try again. */
  abstract @Nullable RuntimeException refused(GroupError error, Identity identity, boolean sync);

  /** The callbacks of close, and the group is told. */
  abstract void leave(Leaving leaving);

  /** Nothing is sent any more. */
  abstract void abandon();

  abstract int generation();

  abstract String member();

  // ---- callbacks

  final void assigned(NavigableSet<TopicPartition> partitions) {
    core.world.trace(core.id + " assigned " + partitions);
    core.cluster.watch().partitionsAssigned(core.id, generation(), partitions);
    call(listener -> listener.onPartitionsAssigned(List.copyOf(partitions)));
  }

  final void revoked(NavigableSet<TopicPartition> partitions) {
    core.world.trace(core.id + " revoked " + partitions);
    core.cluster.watch().partitionsRevoked(core.id, generation(), partitions);
    call(listener -> listener.onPartitionsRevoked(List.copyOf(partitions)));
  }

  final void lost(NavigableSet<TopicPartition> partitions) {
    core.world.trace(core.id + " lost " + partitions);
    core.cluster.watch().partitionsLost(core.id, partitions);
    call(listener -> listener.onPartitionsLost(List.copyOf(partitions)));
  }

  private void call(Consumer<ConsumerRebalanceListener> callback) {
    if (listener == null) {
      return;
    }
    try {
      callback.accept(listener);
    } catch (WakeupException | InterruptException passed) {
      throw passed;
    } catch (RuntimeException thrown) {
      throw new KafkaException("User rebalance callback throws an error", thrown);
    }
  }
}
