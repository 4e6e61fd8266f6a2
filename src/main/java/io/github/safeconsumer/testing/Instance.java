package io.github.safeconsumer.testing;

import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.SafeConsumerListener;
import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.internal.core.Solitude;
import io.github.safeconsumer.internal.shell.ApiAccess;
import io.github.safeconsumer.internal.shell.Coordinator;
import io.github.safeconsumer.internal.shell.Platform;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One life of the consumer under test, from its start to its close or crash: the production code on
 * a {@link Stage} of its own.
 */
final class Instance<K, V> {
  /** In the middle: every jitter is zero, so delays are the nominal ones. */
  private static final double NO_JITTER = 0.5;

  private final Stage stage;
  private final MemoryCluster cluster;
  private final RawSettings<K, V> raw;
  private final Settings<K, V> settings;
  private final SafeConsumer<K, V> consumer;
  private @Nullable MemoryConsumer client;

  /**
   * Builds, and starts nothing.
   *
   * @param boot number of the process that it plays
   * @throws io.github.safeconsumer.ConfigurationException as build() does
   */
  Instance(
      SafeConsumer.Builder<K, V> builder,
      MemoryCluster cluster,
      VirtualTime time,
      List<SafeConsumerEvent> events,
      long boot) {
    this.raw = ApiAccess.get().settings(builder);
    Settings<K, V> given = SettingsFactory.create(raw);
    SafeConsumerListener users = given.listener();
    this.settings =
        given.inTest(
            event -> {
              events.add(event);
              users.onEvent(event);
            });
    this.cluster = cluster;
    this.stage = new Stage(time);
    SteppedExecution execution = new SteppedExecution(stage);
    MemoryProducer producer = new MemoryProducer(cluster, execution.single("producer-network"));
    Platform platform =
        new Platform(
            time,
            () -> NO_JITTER,
            config -> newClient(),
            config -> producer.client(),
            config -> MemoryAdmin.client(cluster),
            execution,
            boot,
            new Solitude(),
            true);
    this.consumer =
        ApiAccess.get().consumer(new Coordinator<>(settings, platform), this::settleIfFree);
  }

  private org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> newClient() {
    MemoryConsumer made = new MemoryConsumer(cluster, settings, stage);
    client = made;
    return made.client();
  }

  private void settleIfFree() {
    if (stage.isFree()) {
      stage.settle();
    }
  }

  /**
   * @throws IllegalStateException when what was built cannot run
   */
  void start() {
    for (String topic : settings.subscription().topics()) {
      if (!cluster.hasTopic(topic)) {
        cluster.setPartitions(topic, 1);
      }
    }
    CompletableFuture<Outcome> started = consumer.start();
    if (started.isDone() && started.join().result() == Outcome.Result.FAILED) {
      throw new IllegalStateException("start() ended FAILED: " + started.join().reason());
    }
  }

  /** What its builder was given. */
  RawSettings<K, V> given() {
    return raw;
  }

  Settings<K, V> settings() {
    return settings;
  }

  SafeConsumer<K, V> consumer() {
    return consumer;
  }

  Stage stage() {
    return stage;
  }

  /** The member of the group; null while there is none. */
  @Nullable MemoryConsumer member() {
    MemoryConsumer made = client;
    return made != null && made.isMember() ? made : null;
  }
}
