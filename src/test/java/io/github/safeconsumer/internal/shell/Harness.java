package io.github.safeconsumer.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.PauseGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The real parts of one consumer around a {@link FakeConsumer}; the test's thread is the loop. */
final class Harness implements AutoCloseable {
  static final TopicPartition A = new TopicPartition("orders", 0);
  static final TopicPartition B = new TopicPartition("orders", 1);

  final ManualTime time = new ManualTime();
  final Queue<SafeConsumerEvent> events = new ConcurrentLinkedQueue<>();
  final List<FakeConsumer> clients = new ArrayList<>();
  final Lasting<byte[], byte[]> lasting;
  final Lifecycle lifecycle;
  final PauseGate gate;
  final Handshake handshake;
  final Settings<byte[], byte[]> settings;
  final Platform platform;
  final Parts<byte[], byte[]> parts;
  Supplier<FakeConsumer> nextClient = FakeConsumer::new;

  Harness(RecordHandler<byte[], byte[]> handler) {
    this(handler, raw -> {});
  }

  Harness(RecordHandler<byte[], byte[]> handler, Consumer<RawSettings<byte[], byte[]>> change) {
    this.settings = settings(handler, change, events::add);
    this.platform =
        platform(
            time,
            () -> {
              FakeConsumer client = nextClient.get();
              clients.add(client);
              return client;
            });
    this.lasting = Lasting.of(settings, platform, () -> false);
    this.lifecycle = lasting.lifecycle();
    this.gate = lasting.gate();
    this.handshake = lasting.handshake();
    lifecycle.moveTo(State.STARTING);
    this.parts = new Parts<>(lasting, List::of);
    parts.parker().own();
  }

  static Platform platform(Time time, Supplier<FakeConsumer> clients) {
    return new Platform(
        time,
        () -> 0.5,
        config -> clients.get().client(),
        config -> {
          throw new TimeoutException("no producer here");
        },
        config -> noAdmin(),
        new SystemExecution());
  }

  /** Kafka keeps the constructor to itself; each of its arguments is a future. */
  private static Object clusterOf(String id) throws ReflectiveOperationException {
    java.lang.reflect.Constructor<?> constructor =
        org.apache.kafka.clients.admin.DescribeClusterResult.class.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    Object[] futures = new Object[constructor.getParameterCount()];
    java.util.Arrays.fill(futures, org.apache.kafka.common.KafkaFuture.completedFuture(id));
    return constructor.newInstance(futures);
  }

  /** Answers who the cluster is, nothing else. */
  private static Admin noAdmin() {
    return (Admin)
        java.lang.reflect.Proxy.newProxyInstance(
            Harness.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, args) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              if (method.getName().equals("describeCluster")) {
                return clusterOf("cluster");
              }
              throw new TimeoutException("no broker here");
            });
  }

  static Settings<byte[], byte[]> settings(
      RecordHandler<byte[], byte[]> handler,
      Consumer<RawSettings<byte[], byte[]>> change,
      io.github.safeconsumer.SafeConsumerListener listener) {
    RawSettings<byte[], byte[]> raw = new RawSettings<>();
    raw.kafka.put("bootstrap.servers", "localhost:1");
    raw.kafka.put("group.id", "group");
    raw.kafka.put("auto.offset.reset", "earliest");
    raw.topics = List.of("orders");
    raw.keyDeserializer = new ByteArrayDeserializer();
    raw.valueDeserializer = new ByteArrayDeserializer();
    raw.handler = handler;
    raw.deadLetter = DeadLetterPolicy.none();
    raw.listener = listener;
    raw.shutdownHook = false;
    change.accept(raw);
    return SettingsFactory.create(raw);
  }

  FakeConsumer client() {
    return clients.get(clients.size() - 1);
  }

  /** Turns, a little time between them, until it is so. */
  void turnUntil(String what, BooleanSupplier so) {
    await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              time.advance(Duration.ofMillis(6));
              assertThat(parts.loop().turn()).as("the loop goes on").isTrue();
              return so.getAsBoolean();
            });
  }

  /** So many turns, a little time between them. */
  void turns(int count) {
    for (int i = 0; i < count; i++) {
      time.advance(Duration.ofMillis(6));
      assertThat(parts.loop().turn()).as("the loop goes on").isTrue();
    }
  }

  /** A client that owns these partitions, with their records released. */
  void own(TopicPartition... partitions) {
    turnUntil("a client", () -> !clients.isEmpty() && client().listener != null);
    client().polls.add(() -> client().assign(partitions));
    turnUntil(
        "ownership",
        () ->
            List.of(partitions).stream()
                .allMatch(
                    p ->
                        parts.assignment().get(p) != null
                            && !parts.assignment().get(p).isPaused()));
  }

  <E extends SafeConsumerEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    parts.ticker().close();
    parts.workers().interruptStragglers();
    parts.workers().close(0);
    parts.housekeeper().close(0);
    parts.events().close(0);
    parts.notifier().close();
  }
}
