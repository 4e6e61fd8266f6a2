package io.github.safeconsumer.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.internal.shell.Coordinator;
import io.github.safeconsumer.internal.shell.Platform;
import io.github.safeconsumer.internal.shell.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer of strings on {@link WatchedClients}: earliest, quick retries, no dead-letter topic,
 * no shutdown hook. Leaving its try block closes it, and fails the test if it misused its client.
 */
public final class WatchedConsumer implements AutoCloseable {
  private static final Duration JOIN_BOUND = Duration.ofSeconds(60);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(20);

  private final RawSettings<String, String> raw = new RawSettings<>();
  private final WatchedClients clients = new WatchedClients();
  private final ConcurrentLinkedQueue<SafeConsumerEvent> events = new ConcurrentLinkedQueue<>();
  private Coordinator<String, String> coordinator;
  private volatile Runnable atTheClock = () -> {};
  private final AtomicLong jumpedMillis = new AtomicLong();
  private final Time time =
      new Time() {
        @Override
        public long nanos() {
          if (Thread.currentThread() == clients.user()) {
            atTheClock.run();
          }
          return System.nanoTime();
        }

        @Override
        public long millis() {
          return System.currentTimeMillis() + jumpedMillis.get();
        }
      };

  public WatchedConsumer(
      String bootstrapServers,
      String group,
      RecordHandler<String, String> handler,
      String... topics) {
    raw.kafka.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    raw.kafka.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    raw.kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    raw.topics = List.of(topics);
    raw.keyDeserializerSupplier = StringDeserializer::new;
    raw.valueDeserializerSupplier = StringDeserializer::new;
    raw.retry = RetryPolicy.fixed(Duration.ofMillis(20)).maxAttempts(3);
    raw.deadLetter = DeadLetterPolicy.none();
    raw.shutdownHook = false;
    raw.handler = handler;
    raw.listener = events::add;
  }

  public WatchedConsumer with(String key, Object value) {
    raw.kafka.put(key, value);
    return this;
  }

  public WatchedConsumer with(Map<String, Object> settings) {
    raw.kafka.putAll(settings);
    return this;
  }

  /** The settings, for what has no method here. */
  public RawSettings<String, String> settings() {
    return raw;
  }

  public WatchedConsumer concurrency(int attempts) {
    raw.concurrency = attempts;
    return this;
  }

  public WatchedConsumer drainTimeout(Duration timeout) {
    raw.drainTimeout = timeout;
    return this;
  }

  /** Starts, and does not wait. */
  public CompletableFuture<Outcome> begin() {
    return prepare().commands().start();
  }

  /** Checks the settings and starts nothing yet; once. */
  public WatchedConsumer prepare() {
    if (coordinator != null) {
      return this;
    }
    Platform real = Platform.system();
    coordinator =
        new Coordinator<>(
            SettingsFactory.create(raw),
            new Platform(
                time, real.random(), clients, real.producers(), real.admins(), real.execution()));
    return this;
  }

  /** From now on this runs whenever the loop looks at the clock, whatever it is in. */
  public WatchedConsumer whenTheLoopReadsTheClock(Runnable disturbance) {
    atTheClock = disturbance;
    return this;
  }

  /** Starts, and returns once the group is joined. */
  public WatchedConsumer join() throws Exception {
    Outcome outcome = begin().get(JOIN_BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
    return this;
  }

  /** The wall clock jumps ahead, as it does for a process that was suspended with its machine. */
  public void jump(Duration time) {
    jumpedMillis.addAndGet(time.toMillis());
  }

  public WatchedClients clients() {
    return clients;
  }

  public Coordinator<String, String> commands() {
    return coordinator;
  }

  public Status status() {
    return coordinator.status();
  }

  public Health health() {
    return coordinator.health();
  }

  /** Partitions owned and past their acquisition. */
  public Set<TopicPartition> active() {
    return status().partitions().stream()
        .filter(
            partition ->
                !partition.pauseReasons().contains(io.github.safeconsumer.PauseReason.ACQUIRE))
        .map(PartitionStatus::partition)
        .collect(Collectors.toSet());
  }

  public void pause() throws Exception {
    assertApplied(coordinator.pause());
  }

  public void pause(Collection<TopicPartition> partitions) throws Exception {
    assertApplied(coordinator.pause(partitions));
  }

  public void pauseAndDrain() throws Exception {
    assertApplied(coordinator.pauseAndDrain());
  }

  public void suspend() throws Exception {
    assertApplied(coordinator.suspend());
  }

  public void resume() throws Exception {
    assertApplied(coordinator.resume());
  }

  public void resume(Collection<TopicPartition> partitions) throws Exception {
    assertApplied(coordinator.resume(partitions));
  }

  /** Attempts that run now. */
  public int inFlight() {
    return status().partitions().stream().mapToInt(PartitionStatus::inFlight).sum();
  }

  private static void assertApplied(CompletableFuture<Outcome> answer) throws Exception {
    Outcome outcome = answer.get(JOIN_BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(outcome.applied()).as(outcome.toString()).isTrue();
  }

  /** What happened, in order. */
  public List<SafeConsumerEvent> events() {
    return List.copyOf(events);
  }

  public <E extends SafeConsumerEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Closes and expects that all ended and everything done was committed. */
  public void closeClean() {
    CloseReport report = coordinator.close(CLOSE_BOUND);
    assertThat(report.clean()).as(report.toString()).isTrue();
  }

  @Override
  public void close() {
    if (coordinator != null) {
      coordinator.close(CLOSE_BOUND);
    }
    assertThat(clients.violations()).as("uses of the Kafka client that are never right").isEmpty();
  }
}
