package io.github.safeconsumer;

import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.internal.shell.ApiAccess;
import io.github.safeconsumer.internal.shell.Coordinator;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A Kafka consumer loop that a slow handler, a poison record, a dead downstream, a rebalance or a
 * pause at the wrong moment cannot knock over.
 *
 * <p>Built by {@link #builder()}, started once by {@link #start()}, ended by {@link #close()}. All
 * methods may be called from any thread at any time, a handler's or a listener's included. Commands
 * return at once with a future that always completes (never on the thread that polls): {@link
 * Outcome.Result#APPLIED} means that what was asked for is true now.
 *
 * <p>Guarantees and their limits: docs/GUARANTEES.md.
 */
public final class SafeConsumer<K, V> implements AutoCloseable {
  /** How long {@link #close()} takes at most: below the 30 s that Kubernetes grants by default. */
  public static final Duration CLOSE_BOUND = Duration.ofSeconds(25);

  /** Lowest limit of {@link #maxRecordsPerSecond}: one record in about a quarter of an hour. */
  public static final double LOWEST_RATE = 0.001;

  /** Highest limit of {@link #maxRecordsPerSecond}. */
  public static final double HIGHEST_RATE = 10_000_000;

  private final Coordinator<K, V> coordinator;
  private final Runnable afterCommand;

  private SafeConsumer(Coordinator<K, V> coordinator, Runnable afterCommand) {
    this.coordinator = coordinator;
    this.afterCommand = afterCommand;
  }

  /** Nothing, but for a test driver, which lets the consumer do what it was told. */
  private <T> CompletableFuture<T> told(CompletableFuture<T> answer) {
    afterCommand.run();
    return answer;
  }

  /** A new builder; it checks everything in {@link Builder#build()}. */
  public static <K, V> Builder<K, V> builder() {
    return new Builder<>();
  }

  /**
   * Starts the consumer; never blocks.
   *
   * @return APPLIED once it joined its group; SUPERSEDED when a suspend() or close() came first;
   *     FAILED for what cannot work (dead-letter topic missing, no permission for too long, ...).
   *     While the brokers cannot be reached it stays incomplete and the consumer keeps trying; see
   *     {@link #health()}.
   * @throws IllegalStateException when started before
   */
  public CompletableFuture<Outcome> start() {
    return told(coordinator.start());
  }

  /**
   * Stops records from starting; attempts that run go on, membership stays.
   *
   * @return APPLIED: from this moment no record starts until resume()
   */
  public CompletableFuture<Outcome> pause() {
    return told(coordinator.pause());
  }

  /**
   * Like {@link #pause()}, and waits for what runs: for a moment at which no handler of this
   * consumer is at work.
   *
   * @return APPLIED: no attempt runs, no dead letter is under way, what is done is committed, and
   *     no record starts until resume(). FAILED, naming what still runs or why nothing could be
   *     committed, after the drain time-out and 5 s for the commit: the pause stays in force.
   *     Records that wait for a retry are not waited for. Waiting for the future inside a handler
   *     or callback of this consumer throws IllegalStateException.
   */
  public CompletableFuture<Outcome> pauseAndDrain() {
    return told(coordinator.pauseAndDrain());
  }

  /**
   * Gives everything back until resume(): no record starts from this moment on, running attempts
   * are awaited up to the drain time-out, what is done is committed, the group is left (a static
   * member leaves, too, with kafka-clients from 4.1 on), and the Kafka clients and all threads of
   * this consumer end. A suspended consumer does not keep its JVM alive. A pause() meanwhile leaves
   * it suspended; partitions paused one by one stay so over the suspend.
   *
   * @return APPLIED: all that has ended. FAILED, with the reason, when the consumer is suspended
   *     but something did not end well: an attempt outlived the drain time-out (it is interrupted
   *     and its result ignored), or the last commit or the leaving failed. SUPERSEDED by a resume()
   *     or close(). Waiting for the future inside a handler or callback of this consumer throws
   *     IllegalStateException.
   */
  public CompletableFuture<Outcome> suspend() {
    return told(coordinator.suspend());
  }

  /**
   * Like {@link #pause()} for these partitions. A partition that is not owned now is paused from
   * the moment it is taken over.
   *
   * @return APPLIED: no record of these partitions starts until resume
   */
  public CompletableFuture<Outcome> pause(Collection<TopicPartition> partitions) {
    return told(coordinator.pause(List.copyOf(partitions)));
  }

  /**
   * Ends the whole consumer's pause (the caller's and FLOOD) and a suspend. Partitions paused one
   * by one stay paused. After a suspend the consumer joins its group again and goes on at the
   * committed offsets; where the group has none any more (its retention passed), at the last ones
   * that this consumer committed.
   *
   * @return APPLIED once the consumer polls un-paused; while the brokers cannot be reached it stays
   *     incomplete, as with start(). SUPERSEDED by a later pause(), suspend() or close().
   */
  public CompletableFuture<Outcome> resume() {
    return told(coordinator.resume());
  }

  /**
   * Ends the pause of these partitions.
   *
   * @return APPLIED once they are not held by the caller any more
   */
  public CompletableFuture<Outcome> resume(Collection<TopicPartition> partitions) {
    return told(coordinator.resume(List.copyOf(partitions)));
  }

  /**
   * Decides on a record that is blocked (see the event {@link SafeConsumerEvent.Blocked} and {@link
   * #health()}): {@link FailureAction#RETRY} tries it again as if it had never failed, {@link
   * FailureAction#DEAD_LETTER} writes it to the dead-letter topic (again), {@link
   * FailureAction#SKIP} drops it. Told by the event {@link SafeConsumerEvent.Resolved}, and logged.
   *
   * @param offset of the blocked record: another one is refused, so that a decision made for one
   *     record never hits the next
   * @return APPLIED: the record is on its way. FAILED, with the reason: it is not blocked, its
   *     partition is not owned by this instance, there is no dead-letter topic, or the action is
   *     another one
   */
  public CompletableFuture<Outcome> resolve(
      TopicPartition partition, long offset, FailureAction action) {
    return told(
        coordinator.resolve(
            Objects.requireNonNull(partition, "partition"),
            offset,
            Objects.requireNonNull(action, "action")));
  }

  /**
   * Ends the consumer: no record starts any more, running attempts are awaited up to the drain
   * time-out, what is done is committed, the group is left. Blocks up to the bound; from a handler
   * or listener it only requests and returns. Idempotent: later calls wait for the first.
   *
   * @param bound from 0 to 1 h
   */
  public CloseReport close(Duration bound) {
    return coordinator.close(bound);
  }

  /** {@link #close(Duration)} with {@link #CLOSE_BOUND}; what did not end is logged. */
  @Override
  public void close() {
    coordinator.close(CLOSE_BOUND);
  }

  /** {@link #close(Duration)} without blocking. */
  public CompletableFuture<CloseReport> closeAsync(Duration bound) {
    return told(coordinator.closeAsync(bound));
  }

  /**
   * Completes when the consumer is CLOSED or FAILED, however it came to it: {@code main()} can wait
   * on it. Waiting inside a handler or callback of this consumer throws IllegalStateException. What
   * is chained to it runs on a daemon thread, which does not keep the JVM alive.
   */
  public CompletableFuture<CloseReport> closed() {
    return coordinator.closed();
  }

  /**
   * Opens the consumer's circuit breaker by hand: a downstream is about to go away. No probe is
   * made; attempts that run go on. Independent of {@link #pause()}: resume() does not close it. In
   * memory: a suspend keeps it, a restart of the process does not.
   *
   * @return APPLIED: from this moment no record starts until {@link #closeBreaker()}; SUPERSEDED
   *     when that came meanwhile
   */
  public CompletableFuture<Outcome> openBreaker() {
    return told(coordinator.openBreaker(""));
  }

  /**
   * Opens the breaker of a downstream that handlers name with {@link RecordContext#call}.
   *
   * @param downstream 1 to 100 characters
   * @return APPLIED: from this moment no call to it begins until {@link #closeBreaker(String)}
   */
  public CompletableFuture<Outcome> openBreaker(String downstream) {
    return told(coordinator.openBreaker(named(downstream)));
  }

  /**
   * Closes the consumer's circuit breaker, whoever opened it, and lets go what waits for it.
   *
   * @return APPLIED: it is closed; SUPERSEDED when {@link #openBreaker()} came meanwhile
   */
  public CompletableFuture<Outcome> closeBreaker() {
    return told(coordinator.closeBreaker(""));
  }

  /** The same for the breaker of a downstream that handlers name. */
  public CompletableFuture<Outcome> closeBreaker(String downstream) {
    return told(coordinator.closeBreaker(named(downstream)));
  }

  private static String named(String downstream) {
    if (downstream.isEmpty()) {
      throw new IllegalArgumentException("the name of a downstream must not be empty");
    }
    return downstream;
  }

  /**
   * Changes how many attempts may start in a second, over all partitions; retries count, and of a
   * batch each record. Takes effect at once, whatever the state. No second sees more than the rate
   * and a tenth of it; with batches, than the rate and one batch.
   *
   * @param records from {@link #LOWEST_RATE} to {@link #HIGHEST_RATE}; {@link
   *     Double#POSITIVE_INFINITY} for no limit
   * @throws IllegalArgumentException for another value
   */
  public void maxRecordsPerSecond(double records) {
    if (!isRate(records)) {
      throw new IllegalArgumentException(
          "maxRecordsPerSecond="
              + records
              + " must be from "
              + LOWEST_RATE
              + " to "
              + HIGHEST_RATE
              + ", or Double.POSITIVE_INFINITY for no limit");
    }
    coordinator.maxRecordsPerSecond(records);
    afterCommand.run();
  }

  private static boolean isRate(double records) {
    return records == Double.POSITIVE_INFINITY
        || (records >= LOWEST_RATE && records <= HIGHEST_RATE);
  }

  /** A snapshot; cheap, never blocks. */
  public Status status() {
    return coordinator.status();
  }

  /**
   * Why records are not handled, or not fast enough: the cause to act on first comes first. Never
   * empty: where nothing is wrong it says so ({@link Cause#NOTHING_WRONG}). Cheap enough for a
   * request to an admin page; looks at this instance only (for a whole group from outside see
   * {@code examples/run doctor}). Never blocks.
   */
  public List<Cause> diagnose() {
    return coordinator.diagnose();
  }

  /**
   * The metrics of Kafka's own consumer client, as they are named by Kafka. Another map after the
   * client was replaced; empty while there is none (not started, suspended, closed). Thread-safe.
   */
  public Map<MetricName, ? extends Metric> kafkaMetrics() {
    return coordinator.kafkaMetrics();
  }

  /** For probes; cheap, never blocks. */
  public Health health() {
    return coordinator.health();
  }

  /**
   * Collects the settings of a consumer. Not thread-safe. Required: {@code kafka} with {@code
   * bootstrap.servers} and {@code group.id}, {@code topics}, the deserializers (here or by name in
   * {@code kafka}), {@code handler} and {@code deadLetter}.
   */
  public static final class Builder<K, V> {
    static {
      ApiAccess.give(
          new ApiAccess() {
            @Override
            public <K, V> RawSettings<K, V> settings(Builder<K, V> builder) {
              return builder.raw;
            }

            @Override
            public <K, V> SafeConsumer<K, V> consumer(
                Coordinator<K, V> coordinator, Runnable afterCommand) {
              return new SafeConsumer<>(coordinator, afterCommand);
            }
          });
    }

    private final RawSettings<K, V> raw = new RawSettings<>();

    private Builder() {}

    /**
     * Kafka's own consumer settings; {@code Properties} or a map. Adds to those given before; the
     * last value of a key wins.
     */
    public Builder<K, V> kafka(Map<?, ?> settings) {
      Objects.requireNonNull(settings, "settings")
          .forEach((key, value) -> raw.kafka.put(String.valueOf(key), value));
      return this;
    }

    /** One of Kafka's own consumer settings. */
    public Builder<K, V> kafka(String key, Object value) {
      raw.kafka.put(Objects.requireNonNull(key, "key"), value);
      return this;
    }

    /** The topics to read. */
    public Builder<K, V> topics(String... topics) {
      raw.topics = Arrays.asList(topics.clone());
      return this;
    }

    /**
     * The topics to read, by pattern over the whole name. The consumer's own dead-letter topics
     * never match.
     */
    public Builder<K, V> topics(Pattern pattern) {
      raw.pattern = Objects.requireNonNull(pattern, "pattern");
      return this;
    }

    /**
     * One instance for all workers; calls are serialized by a lock, unless it is one of Kafka's own
     * or a {@link JsonDeserializer}, which need none. Prefer the supplier for concurrency over 1.
     * The library neither configures nor closes it.
     */
    public Builder<K, V> keyDeserializer(Deserializer<? extends K> deserializer) {
      raw.keyDeserializer = Objects.requireNonNull(deserializer, "deserializer");
      return this;
    }

    /**
     * Called once for each worker: an instance is never used by two threads at once. The library
     * closes what it gets, and does not configure it.
     */
    public Builder<K, V> keyDeserializer(Supplier<? extends Deserializer<? extends K>> supplier) {
      raw.keyDeserializerSupplier = Objects.requireNonNull(supplier, "supplier");
      return this;
    }

    /**
     * One instance for all workers; calls are serialized by a lock, unless it is one of Kafka's own
     * or a {@link JsonDeserializer}, which need none. Prefer the supplier for concurrency over 1.
     * The library neither configures nor closes it.
     */
    public Builder<K, V> valueDeserializer(Deserializer<? extends V> deserializer) {
      raw.valueDeserializer = Objects.requireNonNull(deserializer, "deserializer");
      return this;
    }

    /**
     * Called once for each worker: an instance is never used by two threads at once. The library
     * closes what it gets, and does not configure it.
     */
    public Builder<K, V> valueDeserializer(Supplier<? extends Deserializer<? extends V>> supplier) {
      raw.valueDeserializerSupplier = Objects.requireNonNull(supplier, "supplier");
      return this;
    }

    /** The work. */
    public Builder<K, V> handler(RecordHandler<K, V> handler) {
      raw.handler = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * The work, in batches; instead of {@link #handler}.
     *
     * @param policy how large a batch is, and how long it waits to become so
     */
    public Builder<K, V> batchHandler(BatchHandler<K, V> handler, BatchPolicy policy) {
      raw.batchHandler = Objects.requireNonNull(handler, "handler");
      raw.batchPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Which records must not overtake each other. Default: {@link Ordering#PARTITION}. */
    public Builder<K, V> ordering(Ordering ordering) {
      raw.ordering = Objects.requireNonNull(ordering, "ordering");
      return this;
    }

    /** Where records go that no attempt can help; a deliberate choice, so required. */
    public Builder<K, V> deadLetter(DeadLetterPolicy policy) {
      raw.deadLetter = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Name in logs, threads, events and status. Default: the group id. */
    public Builder<K, V> name(String name) {
      raw.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /** How failing records are tried again. Default: {@link RetryPolicy#defaults()}. */
    public Builder<K, V> retry(RetryPolicy policy) {
      raw.retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Attempts that may run at once, over all partitions, as far as the {@link #ordering} lets
     * them.
     *
     * @param attempts from 1 (the default: the handler is not entered twice at once) to 10,000
     */
    public Builder<K, V> concurrency(int attempts) {
      raw.concurrency = attempts;
      return this;
    }

    /**
     * What is told as an incident: by event, in the log and in {@link Status#alerts}. Default:
     * {@link AlertPolicy#defaults()}.
     */
    public Builder<K, V> alerts(AlertPolicy policy) {
      raw.alerts = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Receives events. Default: none. */
    public Builder<K, V> listener(SafeConsumerListener listener) {
      raw.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * How long a rebalance or close() waits for running attempts.
     *
     * <p>A hand-over has to end within the poll interval: {@code heartbeat + 0.1 s + drain + commit
     * <= 0.9 x max.poll.interval.ms}, where the commit may take the smaller of 5 s and a sixth of
     * the interval, and the heartbeat counts with the classic protocol only. Where {@code
     * heartbeat.interval.ms} is left open it becomes the smallest of 3 s, a tenth of the interval
     * and a third of the session time-out.
     *
     * @param timeout from 0 to what that relation leaves. Default: the smallest of 30 s, half of
     *     {@code max.poll.interval.ms}, and what the relation leaves: a rebalance stalls the other
     *     members that long.
     */
    public Builder<K, V> drainTimeout(Duration timeout) {
      raw.drainTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Whether a JVM shutdown hook closes the consumer (within {@link #CLOSE_BOUND}). Default: true.
     */
    public Builder<K, V> shutdownHook(boolean install) {
      raw.shutdownHook = install;
      return this;
    }

    /**
     * Makes the worker threads, {@code concurrency} of them at most. Default: daemon platform
     * threads named after the consumer. With JDK 21 or newer, {@code Thread.ofVirtual().factory()}
     * makes them virtual threads.
     */
    public Builder<K, V> workerThreads(ThreadFactory factory) {
      raw.workerThreads = Objects.requireNonNull(factory, "factory");
      return this;
    }

    /**
     * How long the handler is expected to take for one record. With it the settings are judged in
     * {@link #build()}, {@code max.poll.records} is chosen where it is left open, and the first
     * records are admitted; from then on what is observed counts. Default: not declared.
     *
     * <p>Refused is what the loop cannot repair: a record, or a full batch, that takes longer than
     * the {@link #drainTimeout} without {@link #longRunning()}, and retries that leave no room for
     * the attempts themselves. {@code max.poll.records} becomes the records that fit ({@link
     * PollBudget}, with {@link Ordering#PARTITION} those of one partition), 500 or a full batch at
     * most.
     *
     * @param latency over 0, at most 24 h
     */
    public Builder<K, V> expectedLatency(Duration latency) {
      raw.expectedLatency = Objects.requireNonNull(latency, "latency");
      return this;
    }

    /**
     * Says that an attempt may take longer than the drain time-out, on purpose: a rebalance then
     * does not wait for its end, and the next owner begins it again. Without it {@link #build()}
     * refuses an {@link #expectedLatency} beyond the drain time-out, and batches that take longer.
     */
    public Builder<K, V> longRunning() {
      raw.longRunning = true;
      return this;
    }

    /**
     * How many attempts may start in a second, over all partitions; retries count. Can be changed
     * while the consumer runs. Default: no limit.
     *
     * @param records from 0.001 to 10,000,000; {@link Double#POSITIVE_INFINITY} for no limit
     */
    public Builder<K, V> maxRecordsPerSecond(double records) {
      raw.maxRecordsPerSecond = records;
      return this;
    }

    /**
     * When records wait because a downstream is away. Default: {@link
     * CircuitBreakerPolicy#defaults()}.
     */
    public Builder<K, V> circuitBreaker(CircuitBreakerPolicy policy) {
      raw.breaker = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How long an attempt may take, its deserialization included; its handler can ask for more
     * ({@link RecordContext#extendDeadline}). An attempt that runs longer is interrupted; if it
     * does not end within 10 s (or this time-out, where that is shorter), it is abandoned: its
     * result is ignored, its thread replaced, and the record becomes a dead letter with the reason
     * HUNG. A batch has this time as a whole; the records of one that hangs come again one by one.
     * As many threads as {@link #concurrency}, at least 4 and at most 64, are replaced; beyond that
     * {@link Health#liveness} is DOWN.
     *
     * @param timeout from 10 ms to 24 h, and over {@link #expectedLatency}. Default: 10 min, or
     *     twice the expected latency where that is more.
     */
    public Builder<K, V> handlerTimeout(Duration timeout) {
      raw.handlerTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** An attempt may take for ever: it holds its lane, and health says so after a minute. */
    public Builder<K, V> noHandlerTimeout() {
      raw.noHandlerTimeout = true;
      return this;
    }

    /** What attempts cost, and how much may be spent. Default: {@link SpendingPolicy#none()}. */
    public Builder<K, V> spending(SpendingPolicy policy) {
      raw.spending = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How many processes may die of a record, one after the other, before it becomes a dead letter
     * without a further attempt.
     *
     * @param deaths from 2 to 100; 0 for no such guard. Default: 3.
     */
    public Builder<K, V> crashLimit(int deaths) {
      raw.crashLimit = deaths;
      return this;
    }

    /**
     * What {@link #build()} does about times that do not fit together: drain time-out, expected
     * latency, reach of retries. Default: {@link Preflight.Mode#ENFORCE}. What cannot work at all
     * is refused in any case.
     */
    public Builder<K, V> preflight(Preflight.Mode mode) {
      raw.preflight = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Checks everything and connects to nothing.
     *
     * @throws ConfigurationException naming every setting that cannot work, all at once
     */
    public SafeConsumer<K, V> build() {
      return new SafeConsumer<>(
          new Coordinator<>(SettingsFactory.create(raw), Platform.system()), () -> {});
    }
  }
}
