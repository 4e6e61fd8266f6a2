package io.github.safeconsumer.internal.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/**
 * A Kafka client of a test's own making: each poll runs the next scripted step, or hands out what
 * the log holds from the position on. The same with every version of kafka-clients, since it is a
 * proxy of the interface. A call that the library has no business making fails.
 */
final class FakeConsumer {
  final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
  final Map<TopicPartition, Long> beginnings = new HashMap<>();
  final Map<TopicPartition, Long> positions = new HashMap<>();
  final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  final Set<TopicPartition> assignment = new HashSet<>();
  final Set<TopicPartition> paused = new HashSet<>();
  final Deque<Runnable> polls = new ArrayDeque<>();
  final Map<String, RuntimeException> failures = new HashMap<>();
  final List<String> calls = new ArrayList<>();
  final List<OffsetCommitCallback> unanswered = new ArrayList<>();
  final List<Duration> syncBounds = new ArrayList<>();
  final List<Duration> pollBounds = new ArrayList<>();
  final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
  final Set<Thread> callers = ConcurrentHashMap.newKeySet();
  boolean answerCommits = true;
  volatile boolean closed;
  Runnable atClose = () -> {};
  int generation = 1;
  int maxPollRecords = 500;
  ConsumerRebalanceListener listener;

  @SuppressWarnings("unchecked") // a proxy has no type arguments
  Consumer<byte[], byte[]> client() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            FakeConsumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, this::invoke);
  }

  private Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    calls.add(method.getName());
    callers.add(Thread.currentThread());
    RuntimeException failure = failures.get(method.getName());
    if (failure != null) {
      throw failure;
    }
    try {
      return answer(method.getName(), args == null ? new Object[0] : args, proxy);
    } catch (RuntimeException e) {
      throw e;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings({
    "unchecked",
    "removal"
  }) // arguments of the methods; a constructor that tests need
  private Object answer(String method, Object[] args, Object proxy) throws Exception {
    switch (method) {
      case "subscribe" -> listener = (ConsumerRebalanceListener) args[1];
      case "assignment" -> {
        return Set.copyOf(assignment);
      }
      case "paused" -> {
        return Set.copyOf(paused);
      }
      case "groupMetadata" -> {
        return new ConsumerGroupMetadata("group", generation, "member", java.util.Optional.empty());
      }
      case "poll" -> {
        pollBounds.add((Duration) args[0]);
        return poll();
      }
      case "pause" -> {
        for (TopicPartition partition : (Collection<TopicPartition>) args[0]) {
          requireAssigned(partition);
          paused.add(partition);
        }
      }
      case "resume" -> paused.removeAll((Collection<TopicPartition>) args[0]);
      case "seek" -> {
        requireAssigned((TopicPartition) args[0]);
        long to = args[1] instanceof OffsetAndMetadata o ? o.offset() : (Long) args[1];
        positions.put((TopicPartition) args[0], to);
      }
      case "position" -> {
        return positions.get((TopicPartition) args[0]);
      }
      case "committed" -> {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        ((Set<TopicPartition>) args[0]).forEach(p -> found.put(p, committed.get(p)));
        return found;
      }
      case "beginningOffsets" -> {
        Map<TopicPartition, Long> found = new HashMap<>();
        ((Collection<TopicPartition>) args[0])
            .forEach(p -> found.put(p, beginnings.getOrDefault(p, 0L)));
        return found;
      }
      case "endOffsets" -> {
        Map<TopicPartition, Long> found = new HashMap<>();
        ((Collection<TopicPartition>) args[0]).forEach(p -> found.put(p, end(p)));
        return found;
      }
      case "currentLag" -> {
        return OptionalLong.of(
            end((TopicPartition) args[0]) - positions.get((TopicPartition) args[0]));
      }
      case "commitSync" -> {
        syncBounds.add((Duration) args[1]);
        commits.add((Map<TopicPartition, OffsetAndMetadata>) args[0]);
        committed.putAll((Map<TopicPartition, OffsetAndMetadata>) args[0]);
      }
      case "commitAsync" -> {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            (Map<TopicPartition, OffsetAndMetadata>) args[0];
        OffsetCommitCallback callback = (OffsetCommitCallback) args[1];
        commits.add(offsets);
        if (answerCommits) {
          committed.putAll(offsets);
          callback.onComplete(offsets, null);
        } else {
          unanswered.add(callback);
        }
      }
      case "close" -> {
        atClose.run();
        closed = true;
      }
      case "metrics" -> {
        return Map.of();
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "equals" -> {
        return proxy == args[0];
      }
      case "toString" -> {
        return "FakeConsumer";
      }
      default -> throw new AssertionError("the loop has no business calling " + method);
    }
    return null;
  }

  @SuppressWarnings("removal") // the constructor that the oldest client has
  private ConsumerRecords<byte[], byte[]> poll() {
    Runnable step = polls.poll();
    if (step != null) {
      step.run();
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> out = new HashMap<>();
    for (TopicPartition partition : assignment) {
      if (paused.contains(partition)) {
        continue;
      }
      long position = positions.get(partition);
      List<ConsumerRecord<byte[], byte[]>> records =
          log.getOrDefault(partition, List.of()).stream()
              .filter(record -> record.offset() >= position)
              .limit(maxPollRecords)
              .toList();
      if (!records.isEmpty()) {
        out.put(partition, records);
        positions.put(partition, records.get(records.size() - 1).offset() + 1);
      }
    }
    return new ConsumerRecords<>(out);
  }

  private void requireAssigned(TopicPartition partition) {
    if (!assignment.contains(partition)) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
  }

  private long end(TopicPartition partition) {
    List<ConsumerRecord<byte[], byte[]>> records = log.getOrDefault(partition, List.of());
    return records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
  }

  /** As the client does it inside poll(). */
  void assign(TopicPartition... partitions) {
    assignment.addAll(List.of(partitions));
    listener.onPartitionsAssigned(List.of(partitions));
  }

  void revoke(TopicPartition... partitions) {
    listener.onPartitionsRevoked(List.of(partitions));
    assignment.removeAll(List.of(partitions));
  }

  /** The group has given them to another member already. */
  void lose(TopicPartition... partitions) {
    listener.onPartitionsLost(List.of(partitions));
    assignment.removeAll(List.of(partitions));
  }

  void fill(TopicPartition partition, long from, long to) {
    List<ConsumerRecord<byte[], byte[]>> records =
        log.computeIfAbsent(partition, p -> new ArrayList<>());
    for (long offset = from; offset < to; offset++) {
      records.add(
          new ConsumerRecord<>(
              partition.topic(), partition.partition(), offset, new byte[] {1}, new byte[] {2}));
    }
  }
}
