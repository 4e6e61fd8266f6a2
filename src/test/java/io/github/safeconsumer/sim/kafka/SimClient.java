package io.github.safeconsumer.sim.kafka;

import io.github.safeconsumer.sim.kafka.Partitions.Owned;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka consumer as the library sees it: every call goes through here. Who calls is checked (one
 * thread only), chance may strike, the watch is told, and the parts do the work.
 */
final class SimClient implements InvocationHandler {
  private static final long LONGEST_SLICE = 60_000_000;
  private static final long SHORTEST_POLL = 20_000;
  private static final long QUICK_CALL = 1_000;

  private final Core core;
  private final Membership membership;
  private final Commits commits;
  private final Fetching fetching;
  private final Questions questions;
  private final CallFaults faults;
  private @Nullable Thread inside;
  private int depth;

  private SimClient(Core core) {
    this.core = core;
    this.membership = Membership.of(core);
    this.commits = new Commits(core, membership);
    this.fetching = new Fetching(core);
    this.questions = new Questions(core);
    this.faults = new CallFaults(core);
  }

  /** The constructor; takes its time and can fail. */
  @SuppressWarnings("unchecked") // a proxy has no type arguments
  static Consumer<byte[], byte[]> create(
      SimCluster cluster, SimProcess process, Map<String, Object> config) {
    process.check();
    Core core = new Core(cluster, process, ClientSettings.of(config));
    new CallFaults(core).creating();
    SimClient client = new SimClient(core);
    core.world.trace(core.id + " created");
    cluster.watch().clientCreated(core.id);
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimClient.class.getClassLoader(), new Class<?>[] {Consumer.class}, client);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) {
    Object[] given = args == null ? new Object[0] : args;
    String call = method.getName();
    switch (call) {
      case "hashCode" -> {
        return core.id.number();
      }
      case "equals" -> {
        return proxy == given[0];
      }
      case "toString" -> {
        return core.id.toString();
      }
      case "metrics" -> { // the only call that any thread may make at any time
        return Map.of();
      }
      default -> {}
    }
    enter(call);
    long started = core.world.nanos();
    Throwable thrown = null;
    core.cluster.watch().callStarted(core.id, call);
    try {
      core.process.check();
      if (core.closed && !call.equals("close")) {
        throw new IllegalStateException("This consumer has already been closed.");
      }
      faults.before(call);
      return answer(call, given);
    } catch (RuntimeException | Error failure) {
      thrown = failure;
      core.world.trace(core.id + " " + call + " throws " + failure);
      throw failure;
    } finally {
      core.cluster.watch().callEnded(core.id, call, core.world.nanos() - started, thrown);
      leave();
    }
  }

  private void enter(String call) {
    Thread caller = Thread.currentThread();
    if (inside != null && inside != caller) {
      core.cluster
          .watch()
          .violation("S1", core.id + ": " + call + " while another thread is inside");
      throw new ConcurrentModificationException(
          "KafkaConsumer is not safe for multi-threaded access");
    }
    inside = caller;
    depth++;
  }

  private void leave() {
    if (--depth == 0) {
      inside = null;
    }
  }

  @SuppressWarnings("unchecked") // arguments of the interface's methods
  private @Nullable Object answer(String call, Object[] args) {
    switch (call) {
      case "subscribe" -> subscribe(args);
      case "poll" -> {
        return poll((Duration) args[0]);
      }
      case "commitSync" ->
          commits.sync((Map<TopicPartition, OffsetAndMetadata>) args[0], bound(args, 1));
      case "commitAsync" ->
          commits.async(
              (Map<TopicPartition, OffsetAndMetadata>) args[0], (OffsetCommitCallback) args[1]);
      case "committed" -> {
        return questions.committed((Set<TopicPartition>) args[0], bound(args, 1));
      }
      case "beginningOffsets" -> {
        return questions.bounds((Collection<TopicPartition>) args[0], bound(args, 1), true);
      }
      case "endOffsets" -> {
        return questions.bounds((Collection<TopicPartition>) args[0], bound(args, 1), false);
      }
      case "offsetsForTimes" -> {
        return questions.since((Map<TopicPartition, Long>) args[0], bound(args, 1));
      }
      case "position" -> {
        return position((TopicPartition) args[0], bound(args, 1));
      }
      case "seek" -> seek((TopicPartition) args[0], args[1]);
      case "pause" -> setPaused((Collection<TopicPartition>) args[0], true);
      case "resume" -> setPaused((Collection<TopicPartition>) args[0], false);
      case "paused" -> {
        List<TopicPartition> paused = new ArrayList<>();
        core.partitions.all().stream().filter(o -> o.paused).forEach(o -> paused.add(o.partition));
        return Order.set(paused);
      }
      case "assignment" -> {
        return core.partitions.names();
      }
      case "currentLag" -> {
        Owned owned = core.partitions.get((TopicPartition) args[0]);
        return owned.position == null || owned.knownEnd < 0
            ? OptionalLong.empty()
            : OptionalLong.of(Math.max(0, owned.knownEnd - owned.position));
      }
      case "groupMetadata" -> {
        return metadata();
      }
      case "close" -> close(args);
      default -> throw new AssertionError("the library has no business calling " + call);
    }
    return null;
  }

  private long bound(Object[] args, int index) {
    return args.length > index
        ? ((Duration) args[index]).toNanos()
        : core.settings.defaultTimeoutNanos();
  }

  @SuppressWarnings("unchecked") // arguments of the interface's method
  private void subscribe(Object[] args) {
    if (args.length < 2 || !(args[1] instanceof ConsumerRebalanceListener listener)) {
      throw new AssertionError("subscribe without a listener");
    }
    if (args[0] instanceof Pattern pattern) {
      membership.subscribe(List.of(), pattern, listener);
    } else if (args[0] instanceof Collection<?> topics) {
      membership.subscribe((Collection<String>) topics, null, listener);
    } else {
      throw new AssertionError("subscribe to " + args[0]);
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    if (!membership.isSubscribed()) {
      throw new IllegalStateException("Consumer is not subscribed to any topics");
    }
    membership.polled();
    long deadline = core.world.nanos() + timeout.toNanos();
    faults.insidePoll();
    core.wire.pass(SHORTEST_POLL);
    while (true) {
      commits.runCallbacks();
      membership.check();
      fetching.findPositions(deadline - core.world.nanos());
      ConsumerRecords<byte[], byte[]> records = fetching.collect();
      fetching.request();
      long left = deadline - core.world.nanos();
      if (!records.isEmpty() || left <= 0) {
        return records;
      }
      core.wire.pass(slice(left));
    }
  }

  /** Waits briefly at first, when answers are near; then in longer slices. */
  private long slice(long left) {
    return Math.min(left, core.wire.travel() + core.world.nextLong(LONGEST_SLICE));
  }

  private long position(TopicPartition partition, long boundNanos) {
    Owned owned = core.partitions.get(partition);
    long deadline = core.world.nanos() + boundNanos;
    core.wire.pass(QUICK_CALL);
    while (owned.position == null) {
      fetching.findPositions(boundNanos);
      if (owned.position == null) {
        core.wire.retryOrTimeOut("position of " + partition, deadline);
      }
    }
    return owned.position;
  }

  private void seek(TopicPartition partition, Object to) {
    long offset = to instanceof OffsetAndMetadata given ? given.offset() : (Long) to;
    if (offset < 0) {
      throw new IllegalArgumentException("seek offset must not be a negative number");
    }
    core.wire.pass(QUICK_CALL);
    core.partitions.get(partition).seek(offset);
  }

  private void setPaused(Collection<TopicPartition> partitions, boolean paused) {
    if (partitions.isEmpty()) {
      return;
    }
    core.wire.pass(QUICK_CALL);
    partitions.forEach(partition -> core.partitions.get(partition).paused = paused);
  }

  @SuppressWarnings("removal") // a constructor that every version has
  private ConsumerGroupMetadata metadata() {
    return new ConsumerGroupMetadata(
        core.id.group(),
        membership.generation(),
        membership.member(),
        Optional.ofNullable(core.id.instance()));
  }

  private void close(Object[] args) {
    if (core.closed) {
      return;
    }
    Closing closing = Closing.of(args);
    long deadline = core.world.nanos() + closing.boundNanos();
    try {
      if (faults.closeHangs(closing.boundNanos())) {
        membership.abandon();
        return;
      }
      commits.settle(deadline);
      membership.leave(closing.leaving());
      core.wire.pass(Math.max(0, Math.min(core.wire.travel(), deadline - core.world.nanos())));
      faults.closing();
    } finally {
      core.closed = true;
      core.partitions.assign(List.of());
      core.world.trace(core.id + " closed");
      core.cluster.watch().clientClosed(core.id);
    }
  }
}
