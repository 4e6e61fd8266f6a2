package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.internal.config.KafkaSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.OutageEvidence;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.StallWatch;
import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import io.github.safeconsumer.internal.serde.Decoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The parts of one consumer, put together once at start(). The composition root: it decides
 * nothing.
 */
final class Parts<K, V> {
  private final Settings<K, V> settings;
  private final Platform platform;
  private final Lifecycle lifecycle;
  private final PauseGate gate;
  private final Handshake handshake;
  private final Assignment assignment;
  private final Counters counters;
  private final Events events;
  private final Notifier notifier;
  private final FatalSignal fatal = new FatalSignal();
  private final Parker parker;
  private final RetryQueue waiting = new RetryQueue();
  private final StallWatch stalls;
  private final Closing closing;
  private final FloodGuard flood;
  private final Housekeeper housekeeper;
  private final Ticker ticker;
  private final DeadLettering deadLettering;
  private final Failures<K, V> failures;
  private final Workers<K, V> workers;
  private final Drain drain;
  private final ConsumerLoop<K, V> loop;
  private final CompletableFuture<Outcome> started = new CompletableFuture<>();

  Parts(
      Settings<K, V> settings,
      Platform platform,
      Lifecycle lifecycle,
      PauseGate gate,
      Handshake handshake,
      Assignment assignment,
      Counters counters,
      Notifier notifier,
      Closing closing,
      FloodGuard flood) {
    this.settings = settings;
    this.platform = platform;
    this.lifecycle = lifecycle;
    this.gate = gate;
    this.handshake = handshake;
    this.assignment = assignment;
    this.counters = counters;
    this.notifier = notifier;
    this.closing = closing;
    this.flood = flood;
    Time time = platform.time();
    Execution execution = platform.execution();
    this.parker = execution.parker();
    KafkaSettings kafka = settings.kafka();
    this.events = new Events(settings.name(), settings.listener(), counters, time, execution);
    this.stalls = new StallWatch(kafka.sessionTimeout(), kafka.heartbeatInterval());
    this.housekeeper =
        new Housekeeper(
            settings.name(),
            () ->
                platform
                    .admins()
                    .apply(DeadLetterProducerSettings.admin(kafka, DeadLetterPolicy.none())),
            execution);
    this.ticker = new Ticker(settings.name(), stalls, time, events, execution);
    this.deadLettering =
        new DeadLettering(settings, platform, () -> Optional.ofNullable(housekeeper.clusterId()));
    OutageEvidence evidence = new OutageEvidence();
    Burials burials =
        new Burials(
            deadLettering.sink(),
            deadLettering.letters(),
            flood,
            gate,
            events,
            counters,
            partition -> {
              workers().wake(partition);
              parker.wake();
            });
    this.failures =
        new Failures<>(
            settings.handler(),
            new FailureClassifier(settings.retry()),
            new RetryRules(settings.retry(), evidence),
            waiting,
            burials,
            fatal,
            events,
            counters,
            time,
            platform.random());
    this.workers =
        new Workers<>(
            execution.workers(settings.name(), settings.concurrency(), settings.workerThreads()),
            () -> Decoder.open(settings.keys(), settings.values(), kafka.user()),
            new LaneRunner<>(
                settings.handler(), failures, evidence, flood, counters, time, parker::wake));
    this.drain =
        new Drain(
            burials,
            waiting,
            () -> {
              loop().startDueRetries();
              assignment.all().forEach(workers()::wake); // a resume came, or a dead letter's end
            },
            parker,
            time,
            settings.drainTimeout());
    this.loop = new ConsumerLoop<>(this);
  }

  Incarnation<K, V> newIncarnation() {
    return new Incarnation<>(
        settings, platform, assignment, gate, workers, stalls, drain, events, counters, parker);
  }

  CompletableFuture<List<Preflight.Finding>> checkAtStart(Duration after) {
    return housekeeper.check(
        () -> {
          prepareDeserializers();
          return deadLettering.check();
        },
        after);
  }

  private void prepareDeserializers() {
    if (workers.slots().isEmpty()) {
      try {
        workers.prepare();
      } catch (Throwable thrown) { // a user's constructor, supplier or configure()
        failures.cannotDecode(thrown);
      }
    }
  }

  /** What is owned now, for the housekeeper. */
  List<TopicPartition> ownedPartitions() {
    return assignment.all().stream().map(OwnedPartition::topicPartition).toList();
  }

  void startDueRetries(long now) {
    for (Lane lane = waiting.takeDue(now); lane != null; lane = waiting.takeDue(now)) {
      if (failures.due(lane)) {
        workers.queue(lane);
      }
    }
  }

  long nanosToNextRetry(long now, long limit) {
    return waiting.nanosToNext(now, limit);
  }

  /** The group was joined: start() is answered, the first time. */
  void joined() {
    if (!started.isDone()) {
      notifier.complete(
          started,
          new Outcome(Outcome.Result.APPLIED, "joined group " + settings.kafka().groupId()));
    }
  }

  Settings<K, V> settings() {
    return settings;
  }

  Platform platform() {
    return platform;
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  PauseGate gate() {
    return gate;
  }

  Handshake handshake() {
    return handshake;
  }

  Assignment assignment() {
    return assignment;
  }

  Counters counters() {
    return counters;
  }

  Events events() {
    return events;
  }

  Notifier notifier() {
    return notifier;
  }

  FatalSignal fatal() {
    return fatal;
  }

  Parker parker() {
    return parker;
  }

  StallWatch stalls() {
    return stalls;
  }

  Closing closing() {
    return closing;
  }

  FloodGuard flood() {
    return flood;
  }

  Housekeeper housekeeper() {
    return housekeeper;
  }

  Ticker ticker() {
    return ticker;
  }

  DeadLettering deadLettering() {
    return deadLettering;
  }

  Failures<K, V> failures() {
    return failures;
  }

  Workers<K, V> workers() {
    return workers;
  }

  Drain drain() {
    return drain;
  }

  ConsumerLoop<K, V> loop() {
    return loop;
  }

  CompletableFuture<Outcome> started() {
    return started;
  }
}
