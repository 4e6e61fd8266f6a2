package io.github.safeconsumer.sim.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that a client has, and what it knows of each. */
final class Partitions {
  /** One of them, from its assignment to its end. */
  static final class Owned {
    final TopicPartition partition;
    @Nullable Long position;
    boolean paused;
    boolean fetching;

    /** Fetched and not returned yet. */
    final Deque<SimLog.Entry> fetched = new ArrayDeque<>();

    /** Where reading goes on after what is fetched; -1 for nothing fetched. */
    long fetchedUpTo = -1;

    boolean outOfRange;
    long knownEnd = -1;

    Owned(TopicPartition partition) {
      this.partition = partition;
    }

    void seek(long offset) {
      position = offset;
      drop();
    }

    void drop() {
      fetched.clear();
      fetchedUpTo = -1;
      outOfRange = false;
    }
  }

  private NavigableMap<TopicPartition, Owned> owned = Order.map();

  /** Takes the new set over: what stays keeps its state, what is new has none. */
  void assign(Collection<TopicPartition> now) {
    NavigableMap<TopicPartition, Owned> next = Order.map();
    for (TopicPartition partition : now) {
      Owned before = owned.get(partition);
      next.put(partition, before == null ? new Owned(partition) : before);
    }
    owned = next;
  }

  NavigableSet<TopicPartition> names() {
    return Order.set(owned.keySet());
  }

  List<Owned> all() {
    return new ArrayList<>(owned.values());
  }

  @Nullable Owned find(TopicPartition partition) {
    return owned.get(partition);
  }

  Owned get(TopicPartition partition) {
    Owned found = owned.get(partition);
    if (found == null) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
    return found;
  }
}
