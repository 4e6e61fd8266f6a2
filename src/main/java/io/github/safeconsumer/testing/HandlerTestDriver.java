package io.github.safeconsumer.testing;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.deadletter.DeadLetterDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Tests a handler with everything around it as in production: retries, dead letters, poison bytes,
 * pauses, rebalances, crashes. It is the real consumer, built by the same builder and run step by
 * step; only Kafka is in memory, and time is virtual.
 *
 * <pre>{@code
 * try (HandlerTestDriver<String, String> driver = HandlerTestDriver.of(builder)) {
 *   driver.pipe("orders", "k", "v");              // handled when this returns
 *   driver.advanceTime(Duration.ofSeconds(1));    // the first retry, if it failed
 *   assertThat(driver.committed("orders", 0)).hasValue(1);
 * }
 * }</pre>
 *
 * <p>Each method runs, on the caller's thread, all that can run at that moment of virtual time, and
 * then returns: handler, listener and callbacks have no other thread, and between two calls nothing
 * happens. What waits (a retry, a dead letter whose topic is down) waits for {@link #advanceTime};
 * nothing else moves time. What was done is committed when a method returns. Jitter is zero, so the
 * delays are those of {@link Status#retrySchedule()}. Two runs of the same calls do the same.
 *
 * <p>Not as in production: with {@code concurrency} over 1 attempts run one after the other; a
 * handler that blocks blocks the test; {@code workerThreads} is not used; the group has no other
 * members; every dead-letter topic exists; and no shutdown hook is set. An assertion that fails
 * inside a handler is a failure of the record like any other: assert outside.
 *
 * <p>Not thread-safe: for the thread that made it, and not from inside a handler, a listener or a
 * callback. Everything else throws an {@link IllegalStateException}.
 */
public final class HandlerTestDriver<K, V> implements AutoCloseable {
  /** The longest step of {@link #advanceTime}: each virtual hour costs real time. */
  public static final Duration LONGEST_ADVANCE = Duration.ofDays(7);

  private final Supplier<SafeConsumer.Builder<K, V>> builders;
  private final VirtualTime time = new VirtualTime();
  private final MemoryCluster cluster = new MemoryCluster(time);
  private final List<SafeConsumerEvent> events = new ArrayList<>();
  private final Bytes<K, V> bytes;
  private long processes;
  private Instance<K, V> instance;
  private boolean closed;

  private HandlerTestDriver(Supplier<SafeConsumer.Builder<K, V>> builders, Bytes<K, V> bytes) {
    this.builders = builders;
    this.bytes = bytes;
    this.instance = build();
    instance.start();
  }

  /**
   * Builds the consumer and starts it. Keys and values of {@code pipe} are made into bytes by the
   * counterparts of Kafka's own deserializers and of {@link
   * io.github.safeconsumer.JsonDeserializer} (with a plain Jackson mapper); for others use the
   * forms with serializers, or {@code pipeBytes}.
   *
   * @param builder used again for {@link #crashAndRestart()}: the new instance has the same handler
   *     object
   * @throws io.github.safeconsumer.ConfigurationException as {@code build()} does
   * @throws IllegalStateException when {@code start()} fails, with its reason
   */
  public static <K, V> HandlerTestDriver<K, V> of(SafeConsumer.Builder<K, V> builder) {
    Objects.requireNonNull(builder, "builder");
    return of(() -> builder);
  }

  /** {@link #of(SafeConsumer.Builder)}, for deserializers of one's own. */
  public static <K, V> HandlerTestDriver<K, V> of(
      SafeConsumer.Builder<K, V> builder,
      Serializer<? super K> keySerializer,
      Serializer<? super V> valueSerializer) {
    Objects.requireNonNull(builder, "builder");
    return of(() -> builder, keySerializer, valueSerializer);
  }

  /**
   * {@link #of(SafeConsumer.Builder)} for handlers that keep state: a crash loses the memory of a
   * process, so {@link #crashAndRestart()} asks for a new builder, with a new handler.
   */
  public static <K, V> HandlerTestDriver<K, V> of(Supplier<SafeConsumer.Builder<K, V>> builders) {
    Objects.requireNonNull(builders, "builders");
    return new HandlerTestDriver<>(builders, new Bytes<>());
  }

  /** {@link #of(Supplier)}, for deserializers of one's own. */
  public static <K, V> HandlerTestDriver<K, V> of(
      Supplier<SafeConsumer.Builder<K, V>> builders,
      Serializer<? super K> keySerializer,
      Serializer<? super V> valueSerializer) {
    return new HandlerTestDriver<>(
        Objects.requireNonNull(builders, "builders"),
        new Bytes<K, V>(
            Objects.requireNonNull(keySerializer, "keySerializer"),
            Objects.requireNonNull(valueSerializer, "valueSerializer")));
  }

  private Instance<K, V> build() {
    return new Instance<>(builders.get(), cluster, time, events, ++processes);
  }

  /**
   * Appends a record and runs what can run: when this returns, the handler has seen it, unless
   * something before it waits or the consumer is paused.
   *
   * @param key null for none; its partition is chosen by its bytes, else partition 0
   * @param value null for a tombstone
   * @return where it is now
   * @throws IllegalStateException when the topic is not subscribed to, or it is not known how to
   *     make bytes of keys and values
   */
  public RecordMetadata pipe(String topic, @Nullable K key, @Nullable V value) {
    return pipe(new ProducerRecord<>(topic, key, value));
  }

  /** As {@link #pipe(String, Object, Object)}, with headers, timestamp and partition if given. */
  public RecordMetadata pipe(ProducerRecord<K, V> record) {
    return pipeAll(List.of(record)).get(0);
  }

  /** Appends all of them before any is handled, as after a longer absence of the consumer. */
  public List<RecordMetadata> pipeAll(List<ProducerRecord<K, V>> records) {
    requireUsable();
    return append(records.stream().map(record -> bytes.of(record, instance.given())).toList());
  }

  /** As {@link #pipe(String, Object, Object)}, for bytes as they are, poison included. */
  public RecordMetadata pipeBytes(String topic, byte @Nullable [] key, byte @Nullable [] value) {
    return pipeBytes(new ProducerRecord<>(topic, key, value));
  }

  /** As {@link #pipe(ProducerRecord)}, for bytes as they are, poison included. */
  public RecordMetadata pipeBytes(ProducerRecord<byte[], byte[]> record) {
    requireUsable();
    return append(List.of(record)).get(0);
  }

  private List<RecordMetadata> append(List<ProducerRecord<byte[], byte[]>> records) {
    Subscription subscription = instance.settings().subscription();
    List<TopicPartition> places =
        records.stream().map(record -> Places.of(record, cluster, subscription)).toList();
    instance.stage().settle(); // what was created just now is taken over while it is empty
    List<RecordMetadata> appended = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      appended.add(MemoryProducer.metadata(cluster.append(places.get(i), records.get(i))));
    }
    instance.stage().settle();
    return appended;
  }

  /**
   * Gives a topic more partitions; every topic begins with one. The consumer takes them over before
   * this returns.
   *
   * @param count how many it has then; not fewer than now
   */
  public void partitions(String topic, int count) {
    requireUsable();
    Places.grow(topic, count, cluster, instance.settings().subscription());
    instance.stage().settle();
  }

  /**
   * Lets virtual time pass. What becomes due on the way runs at its own moment: two retries 1 s and
   * 3 s from now see the clock at these moments.
   *
   * @param by from 0 to {@link #LONGEST_ADVANCE}
   */
  public void advanceTime(Duration by) {
    requireUsable();
    if (by.isNegative() || by.compareTo(LONGEST_ADVANCE) > 0) {
      throw new IllegalStateException(
          "by=" + by + " must be from 0 to " + LONGEST_ADVANCE + ": time does not go back");
    }
    instance.stage().advance(time.nanos() + by.toNanos());
  }

  /**
   * The process is killed (as by {@code kill -9}: nothing is committed, no callback runs) and a new
   * one takes its place at once. What was not committed comes again; attempts of a record that
   * waits for its retry are counted on, since they stand beside the committed offset. A closed or
   * failed consumer is replaced too.
   */
  public void crashAndRestart() {
    requireUsable();
    instance.stage().kill();
    instance = build();
    instance.start();
  }

  /**
   * A rebalance takes every partition away and gives it back: {@code onRevoked}, a commit, {@code
   * onAssigned}. Records that wait for a retry come again. Nothing happens where the consumer is no
   * member of the group.
   */
  public void rebalance() {
    requireUsable();
    MemoryConsumer member = instance.member();
    if (member != null) {
      member.rebalance();
      instance.stage().settle();
    }
  }

  /**
   * The group expels the member, which gets its partitions back when it has joined again: {@code
   * onLost}, no commit, {@code onAssigned}.
   */
  public void losePartitions() {
    requireUsable();
    MemoryConsumer member = instance.member();
    if (member != null) {
      member.lose();
      instance.stage().settle();
    }
  }

  /**
   * Whether the dead-letter topics refuse what is sent to them (at first they do not). The send is
   * tried again as time passes.
   */
  public void deadLetterTopicDown(boolean down) {
    requireUsable();
    cluster.deadLetterTopicDown = down;
  }

  /** Whether commits fail (at first they do not). They are tried again as time passes. */
  public void commitsFail(boolean fail) {
    requireUsable();
    cluster.commitsFail = fail;
  }

  /**
   * The consumer under test, for commands: pause, resume, close and the rest. Their futures are
   * completed before the command returns, where they do not wait for time to pass; so {@code
   * consumer().pause().join()} works. After {@link #crashAndRestart()} it is another one.
   */
  public SafeConsumer<K, V> consumer() {
    return instance.consumer();
  }

  /** The dead letters acknowledged so far, in this order, whatever their topic. */
  public List<DeadLetter> deadLetters() {
    return cluster.written().stream().flatMap(r -> DeadLetterDecoder.decode(r).stream()).toList();
  }

  /** Those of one dead-letter topic. */
  public List<DeadLetter> deadLetters(String topic) {
    return cluster.written().stream()
        .filter(record -> record.topic().equals(topic))
        .flatMap(record -> DeadLetterDecoder.decode(record).stream())
        .toList();
  }

  /**
   * The offset that the group has committed: the one at which reading would go on. Empty where
   * nothing was committed yet.
   */
  public OptionalLong committed(String topic, int partition) {
    return cluster.committed(new TopicPartition(topic, partition));
  }

  /** All events so far, over all instances. The builder's own listener gets them as well. */
  public List<SafeConsumerEvent> events() {
    return List.copyOf(events);
  }

  /** The status of the consumer under test. */
  public Status status() {
    return instance.consumer().status();
  }

  /** Virtual time, in UTC; it begins at 2026-01-01T00:00:00Z. Thread-safe. */
  public Clock clock() {
    return time.userClock();
  }

  private void requireUsable() {
    if (closed) {
      throw new IllegalStateException("the driver is closed: make another one");
    }
    instance.stage().requireFree();
  }

  /**
   * Closes the consumer, as {@link SafeConsumer#close()} does. What was observed can still be read.
   * Idempotent.
   */
  @Override
  public void close() {
    if (!closed) {
      requireUsable();
      closed = true;
      instance.consumer().close();
    }
  }
}
