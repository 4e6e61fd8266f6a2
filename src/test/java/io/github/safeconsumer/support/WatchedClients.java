package io.github.safeconsumer.support;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/**
 * Makes real Kafka clients that watch how they are used, and that a test can disturb at any call.
 *
 * <p>Watched at every call, whatever the test is about: only the thread that made the client (but
 * for {@code metrics()}, which Kafka lets any thread call), and no {@code wakeup()}; one live
 * client; commits name assigned partitions only, never go backwards within an ownership and never
 * repeat what was confirmed; a partition just assigned is paused before it can be fetched. What is
 * wrong is in {@link #violations}.
 */
public final class WatchedClients
    implements Function<Map<String, Object>, Consumer<byte[], byte[]>> {
  /** What happens instead of a call. */
  @FunctionalInterface
  public interface Disturbance {
    /** Throws, waits, goes on to the real call, or all of these. */
    Object instead(Call call) throws Throwable;
  }

  /** The real call, with its arguments. */
  public interface Call {
    Object proceed() throws Throwable;

    Object argument(int index);

    /** The client itself, past the watch. */
    Consumer<byte[], byte[]> client();
  }

  /** A commit as it was sent. */
  public record Commit(Map<TopicPartition, Long> offsets, boolean sync, long nanos) {}

  private final Map<String, Disturbance> disturbances = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Commit> commits = new ConcurrentLinkedQueue<>();
  private final Map<TopicPartition, Long> sent = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> confirmed = new HashMap<>();
  private final ConcurrentLinkedQueue<WeakReference<Consumer<byte[], byte[]>>> made =
      new ConcurrentLinkedQueue<>();
  private final AtomicReference<Thread> user = new AtomicReference<>();
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger created = new AtomicInteger();
  private final AtomicLong polls = new AtomicLong();
  private final AtomicLong assignments = new AtomicLong();
  private final AtomicLong refusedCommits = new AtomicLong();
  private final AtomicLong longestPollGapNanos = new AtomicLong();
  private volatile long lastPoll;

  /** From now on this happens instead of the call: a method's name, or {@code new}. */
  public void disturb(String method, Disturbance disturbance) {
    disturbances.put(method, disturbance);
  }

  /** The calls go through again. */
  public void calm(String method) {
    disturbances.remove(method);
  }

  /** Uses of the clients that are never right. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** Every commit that was asked for, the failed ones included. */
  public List<Commit> commits() {
    return List.copyOf(commits);
  }

  /** The thread that uses the newest client, null before the first was made. */
  public Thread user() {
    return user.get();
  }

  /** How many of the clients made have not been collected as garbage yet. */
  public long inMemory() {
    return made.stream().filter(client -> client.get() != null).count();
  }

  /** How many clients were made and not closed to the end. */
  public int live() {
    return live.get();
  }

  /** How many clients were made. */
  public int created() {
    return created.get();
  }

  /** How many polls were begun. */
  public long polls() {
    return polls.get();
  }

  /** How often partitions (or none) were assigned. */
  public long assignments() {
    return assignments.get();
  }

  /** How many commits the clients refused since their group shared out anew. */
  public long refusedCommits() {
    return refusedCommits.get();
  }

  /** The longest time from the begin of a poll to that of the next, of one client. */
  public Duration longestPollGap() {
    return Duration.ofNanos(longestPollGapNanos.get());
  }

  @Override
  @SuppressWarnings("unchecked") // a proxy of the interface
  public Consumer<byte[], byte[]> apply(Map<String, Object> config) {
    Consumer<byte[], byte[]> real;
    try {
      real =
          (Consumer<byte[], byte[]>)
              disturbed("new", new Object[] {config}, null, () -> new KafkaConsumer<>(config));
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new IllegalStateException("checked from a constructor", thrown);
    }
    created.incrementAndGet();
    made.add(new WeakReference<>(real));
    user.set(Thread.currentThread());
    lastPoll = 0;
    if (live.incrementAndGet() > 1) {
      violations.add("a client was created while another lived");
    }
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            WatchedClients.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            new Watch(real));
  }

  private interface Real {
    Object call() throws Throwable;
  }

  private Object disturbed(
      String method, Object[] arguments, Consumer<byte[], byte[]> client, Real real)
      throws Throwable {
    Disturbance disturbance = disturbances.get(method);
    if (disturbance == null) {
      return real.call();
    }
    return disturbance.instead(
        new Call() {
          @Override
          public Object proceed() throws Throwable {
            return real.call();
          }

          @Override
          public Object argument(int index) {
            return arguments[index];
          }

          @Override
          public Consumer<byte[], byte[]> client() {
            return client;
          }
        });
  }

  /** One client. */
  private final class Watch implements InvocationHandler {
    private final Consumer<byte[], byte[]> real;
    private final Thread maker = Thread.currentThread();
    private boolean closed;

    Watch(Consumer<byte[], byte[]> real) {
      this.real = real;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] given) throws Throwable {
      Object[] arguments = given == null ? new Object[0] : given.clone();
      String name = method.getName();
      checkThread(name);
      switch (name) {
        case "poll" -> polling();
        case "subscribe" -> wrapListener(arguments);
        case "commitSync", "commitAsync" -> committing(name, arguments);
        default -> {}
      }
      Object result;
      try {
        result = disturbed(name, arguments, real, () -> callReal(method, arguments));
      } finally {
        if (name.equals("close") && !closed) {
          closed = true;
          live.decrementAndGet();
        }
      }
      if (name.equals("commitSync")) {
        confirmed.putAll(committedBy(arguments));
      }
      return result;
    }

    private Object callReal(Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
    }

    private void checkThread(String name) {
      Thread caller = Thread.currentThread();
      if (caller != maker && !name.equals("metrics")) { // of all calls the one for any thread
        violations.add(name + " was called by " + caller.getName() + ", not " + maker.getName());
      }
      if (name.equals("wakeup")) {
        violations.add("wakeup() was called");
      }
    }

    private void polling() {
      long now = System.nanoTime();
      if (lastPoll != 0) {
        longestPollGapNanos.accumulateAndGet(now - lastPoll, Math::max);
      }
      lastPoll = now;
      polls.incrementAndGet();
    }

    private void committing(String name, Object[] arguments) {
      Map<TopicPartition, Long> offsets = offsetsOf(arguments);
      commits.add(new Commit(offsets, name.equals("commitSync"), System.nanoTime()));
      Set<TopicPartition> foreign = new HashSet<>(offsets.keySet());
      foreign.removeAll(real.assignment());
      if (!foreign.isEmpty()) {
        violations.add("commit of partitions that are not assigned: " + foreign);
      }
      offsets.forEach(
          (partition, offset) -> {
            Long before = sent.put(partition, offset);
            if (before != null && before > offset) {
              violations.add(partition + " committed backwards: " + before + " -> " + offset);
            }
            OffsetAndMetadata said = committedBy(arguments).get(partition);
            if (said != null && said.equals(confirmed.get(partition))) {
              violations.add(partition + " committed again at " + offset);
            }
          });
      if (name.equals("commitAsync")) {
        OffsetCommitCallback callback = (OffsetCommitCallback) arguments[1];
        arguments[1] =
            (OffsetCommitCallback)
                (committed, failure) -> {
                  if (failure == null) {
                    confirmed.putAll(committed);
                  } else if (failure instanceof RebalanceInProgressException) {
                    refusedCommits.incrementAndGet();
                  }
                  callback.onComplete(committed, failure);
                };
      }
    }

    private Map<TopicPartition, Long> offsetsOf(Object[] arguments) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      committedBy(arguments).forEach((partition, at) -> offsets.put(partition, at.offset()));
      return offsets;
    }

    @SuppressWarnings("unchecked") // what the client's interface says
    private Map<TopicPartition, OffsetAndMetadata> committedBy(Object[] arguments) {
      return (Map<TopicPartition, OffsetAndMetadata>) arguments[0];
    }

    private void wrapListener(Object[] arguments) {
      if (arguments.length > 1 && arguments[1] instanceof ConsumerRebalanceListener listener) {
        arguments[1] = new WatchedListener(real, listener);
      }
    }
  }

  /** The callbacks of one client; they can be disturbed like calls. */
  private final class WatchedListener implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> real;
    private final ConsumerRebalanceListener listener;

    WatchedListener(Consumer<byte[], byte[]> real, ConsumerRebalanceListener listener) {
      this.real = real;
      this.listener = listener;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assignments.incrementAndGet();
      partitions.forEach(sent::remove);
      partitions.forEach(confirmed::remove);
      call("onPartitionsAssigned", partitions, () -> listener.onPartitionsAssigned(partitions));
      List<TopicPartition> open = new ArrayList<>(partitions);
      open.removeAll(real.paused());
      if (!open.isEmpty()) {
        violations.add("assigned and open to fetching before they were acquired: " + open);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      call("onPartitionsRevoked", partitions, () -> listener.onPartitionsRevoked(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      call("onPartitionsLost", partitions, () -> listener.onPartitionsLost(partitions));
    }

    private void call(String name, Collection<TopicPartition> partitions, Runnable callback) {
      try {
        disturbed(
            name,
            new Object[] {partitions},
            real,
            () -> {
              callback.run();
              return null;
            });
      } catch (RuntimeException | Error thrown) {
        throw thrown;
      } catch (Throwable thrown) {
        throw new IllegalStateException("checked from a callback", thrown);
      }
    }
  }
}
