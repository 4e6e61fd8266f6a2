package io.github.safeconsumer.testing;

import io.github.safeconsumer.internal.config.Settings;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka client of the only member of a group, on a {@link MemoryCluster}. It answers what the
 * loop asks; the same with every version of kafka-clients, since it is a proxy of the interface.
 */
final class MemoryConsumer {
  private final MemoryCluster cluster;
  private final Settings<?, ?> settings;
  private final Stage stage;
  private final Set<TopicPartition> assignment = new TreeSet<>(MemoryCluster::compare);
  private final Set<TopicPartition> paused = new HashSet<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Deque<Runnable> answers = new ArrayDeque<>();
  private final Deque<Runnable> groupChanges = new ArrayDeque<>();
  private @Nullable ConsumerRebalanceListener listener;
  private boolean joined;
  private int generation = -1;

  MemoryConsumer(MemoryCluster cluster, Settings<?, ?> settings, Stage stage) {
    this.cluster = cluster;
    this.settings = settings;
    this.stage = stage;
  }

  @SuppressWarnings("unchecked") // a proxy has no type arguments
  Consumer<byte[], byte[]> client() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            MemoryConsumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, this::invoke);
  }

  /** Whether it has joined and was not closed. */
  boolean isMember() {
    return joined;
  }

  /** At the next poll everything is taken away and given back. */
  void rebalance() {
    groupChanges.add(
        () -> {
          List<TopicPartition> all = List.copyOf(assignment);
          listener().onPartitionsRevoked(all);
          forget(all);
          joined = false;
        });
    stage.happened();
  }

  /** At the next poll the member hears that it lost everything, and joins again. */
  void lose() {
    groupChanges.add(
        () -> {
          List<TopicPartition> all = List.copyOf(assignment);
          forget(all);
          listener().onPartitionsLost(all);
          joined = false;
        });
    stage.happened();
  }

  private void forget(Collection<TopicPartition> partitions) {
    assignment.removeAll(partitions);
    paused.removeAll(partitions);
    positions.keySet().removeAll(partitions);
  }

  @SuppressWarnings("unchecked") // arguments of the methods
  private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "subscribe" -> subscribe((ConsumerRebalanceListener) args[1]);
      case "assignment" -> Set.copyOf(assignment);
      case "paused" -> Set.copyOf(paused);
      case "groupMetadata" -> groupMetadata();
      case "poll" -> poll((Duration) args[0]);
      case "pause" -> pause((Collection<TopicPartition>) args[0]);
      case "resume" -> resume((Collection<TopicPartition>) args[0]);
      case "seek" -> seek((TopicPartition) args[0], args[1]);
      case "position" -> positions.get((TopicPartition) args[0]);
      case "currentLag" -> lag((TopicPartition) args[0]);
      case "committed" -> committed((Set<TopicPartition>) args[0]);
      case "beginningOffsets" -> offsets((Collection<TopicPartition>) args[0], p -> 0);
      case "endOffsets" -> offsets((Collection<TopicPartition>) args[0], cluster::end);
      case "offsetsForTimes" -> offsetsForTimes((Map<TopicPartition, Long>) args[0]);
      case "commitSync" -> commitSync((Map<TopicPartition, OffsetAndMetadata>) args[0]);
      case "commitAsync" ->
          commitAsync(
              (Map<TopicPartition, OffsetAndMetadata>) args[0], (OffsetCommitCallback) args[1]);
      case "metrics" -> Map.of();
      case "close" -> close();
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == args[0];
      case "toString" -> "in-memory consumer";
      default ->
          throw new UnsupportedOperationException(
              "the in-memory Kafka has no Consumer." + method.getName());
    };
  }

  private @Nullable Object subscribe(ConsumerRebalanceListener to) {
    listener = to;
    stage.happened();
    return null;
  }

  private ConsumerRebalanceListener listener() {
    if (listener == null) {
      throw new IllegalStateException("not subscribed");
    }
    return listener;
  }

  @SuppressWarnings("removal") // the constructor that the oldest client has
  private ConsumerGroupMetadata groupMetadata() {
    return new ConsumerGroupMetadata(
        settings.kafka().groupId(), generation, "member", Optional.empty());
  }

  /** As the real one: callbacks of commits and rebalances run inside of it. */
  @SuppressWarnings("removal") // the constructor that the oldest client has
  private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    stage.polled(timeout.toNanos());
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      stage.happened();
      answer.run();
    }
    for (Runnable change = groupChanges.poll(); change != null; change = groupChanges.poll()) {
      stage.happened();
      change.run();
    }
    join();
    return new ConsumerRecords<>(fetch());
  }

  /** Takes what is subscribed to and not owned: all of it at first, later what was created. */
  private void join() {
    List<TopicPartition> added = new ArrayList<>(cluster.partitions(settings.subscription()));
    added.removeAll(assignment);
    if (joined && added.isEmpty()) {
      return;
    }
    joined = true;
    generation = cluster.nextGeneration();
    assignment.addAll(added);
    stage.happened();
    listener().onPartitionsAssigned(added);
  }

  private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch() {
    int room = settings.kafka().maxPollRecords();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
    for (TopicPartition partition : assignment) {
      Long position = positions.get(partition);
      if (paused.contains(partition) || position == null || room == 0) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> log = cluster.log(partition);
      int end = (int) Math.min(log.size(), position + room);
      if (position < end) {
        fetched.put(partition, List.copyOf(log.subList(position.intValue(), end)));
        positions.put(partition, (long) end);
        room -= end - position.intValue();
        stage.happened();
      }
    }
    return fetched;
  }

  private @Nullable Object pause(Collection<TopicPartition> partitions) {
    partitions.forEach(this::requireAssigned);
    paused.addAll(partitions);
    stage.happened();
    return null;
  }

  private @Nullable Object resume(Collection<TopicPartition> partitions) {
    partitions.forEach(this::requireAssigned);
    paused.removeAll(partitions);
    stage.happened();
    return null;
  }

  private @Nullable Object seek(TopicPartition partition, Object to) {
    requireAssigned(partition);
    positions.put(partition, to instanceof OffsetAndMetadata o ? o.offset() : (Long) to);
    stage.happened();
    return null;
  }

  private void requireAssigned(TopicPartition partition) {
    if (!assignment.contains(partition)) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
  }

  private OptionalLong lag(TopicPartition partition) {
    Long position = positions.get(partition);
    return position == null
        ? OptionalLong.empty()
        : OptionalLong.of(cluster.end(partition) - position);
  }

  private Map<TopicPartition, @Nullable OffsetAndMetadata> committed(Set<TopicPartition> wanted) {
    Map<TopicPartition, @Nullable OffsetAndMetadata> found = new HashMap<>();
    for (TopicPartition partition : wanted) {
      found.put(partition, cluster.commitOf(partition));
    }
    return found;
  }

  private static Map<TopicPartition, Long> offsets(
      Collection<TopicPartition> wanted, ToLongFunction<TopicPartition> offset) {
    Map<TopicPartition, Long> found = new HashMap<>();
    wanted.forEach(partition -> found.put(partition, offset.applyAsLong(partition)));
    return found;
  }

  private Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> wanted) {
    Map<TopicPartition, @Nullable OffsetAndTimestamp> found = new HashMap<>();
    wanted.forEach(
        (partition, since) ->
            found.put(
                partition,
                cluster.log(partition).stream()
                    .filter(record -> record.timestamp() >= since)
                    .findFirst()
                    .map(record -> new OffsetAndTimestamp(record.offset(), record.timestamp()))
                    .orElse(null)));
    return found;
  }

  private @Nullable Object commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    stage.happened();
    if (cluster.commitsFail) {
      throw new TimeoutException("commits fail, as the test wants it");
    }
    store(offsets);
    return null;
  }

  private @Nullable Object commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    stage.happened();
    if (cluster.commitsFail) {
      answers.add(
          () ->
              callback.onComplete(
                  offsets,
                  new RetriableCommitFailedException("commits fail, as the test wants it")));
    } else {
      store(offsets);
      answers.add(() -> callback.onComplete(offsets, null));
    }
    return null;
  }

  private void store(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(cluster::commit);
  }

  private @Nullable Object close() {
    forget(List.copyOf(assignment));
    joined = false;
    stage.happened();
    return null;
  }
}
