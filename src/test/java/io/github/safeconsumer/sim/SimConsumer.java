package io.github.safeconsumer.sim;

import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.BreakerStatus;
import io.github.safeconsumer.CircuitBreakerPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.PartitionStatus;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.RawSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.config.SettingsFactory;
import io.github.safeconsumer.internal.core.LoadProbe;
import io.github.safeconsumer.internal.shell.AdmissionOf;
import io.github.safeconsumer.internal.shell.Coordinator;
import io.github.safeconsumer.internal.shell.Platform;
import io.github.safeconsumer.sim.kafka.SimCluster;
import io.github.safeconsumer.sim.kafka.SimProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** One SafeConsumer: the real code on a simulated platform. */
final class SimConsumer {
  static final String GROUP = "group";
  static final int MAX_ATTEMPTS = 4;

  private final Simulation simulation;
  private final SimExecution execution;
  private final SimProcess process;
  private final Coordinator<byte[], byte[]> coordinator;
  private final Commands commands;
  private final LoadProbe load;
  private final Map<TopicPartition, Long> held = new HashMap<>();
  private Consumer<byte[], byte[]> client;
  private Fact.Turned turned;
  private boolean breakerOpen;

  SimConsumer(
      Simulation simulation, String name, String instance, SimExecution execution, long seed) {
    this.simulation = simulation;
    this.execution = execution;
    this.process = new SimProcess(name, simulation.scheduler());
    this.commands = new Commands(simulation, this);
    SplittableRandom random = new SplittableRandom(seed);
    SimCluster cluster = simulation.cluster();
    Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers = cluster.consumers(process);
    Settings<byte[], byte[]> settings = SettingsFactory.create(settings(name, instance));
    Traits traits =
        new Traits(
            execution.jvm().name,
            settings.ordering(),
            settings.concurrency(),
            batch(),
            settings.drainTimeout().toNanos(),
            settings.kafka().maxPollInterval().toNanos(),
            settings.retry().maxAttempts(),
            simulation.plan().metadataLimit(),
            instance,
            simulation.plan().perils().crashLimit(),
            timeoutNanos());
    simulation.see(new Fact.Built(name, traits));
    if (isLimited()) {
      long id = simulation.nextId();
      simulation.see(new Fact.RateAsked(name, id, simulation.plan().tempo().perSecond()));
      simulation.see(new Fact.RateSet(name, id));
    }
    this.coordinator =
        new Coordinator<>(
            settings,
            new Platform(
                execution,
                random::nextDouble,
                config -> create(consumers, config),
                cluster.producers(process),
                cluster.admins(process),
                execution,
                execution.boot(),
                execution.solitude(),
                false));
    this.load = new LoadProbe(AdmissionOf.consumer(coordinator), simulation.topics());
    simulation.add(this);
  }

  private Consumer<byte[], byte[]> create(
      Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers,
      Map<String, Object> config) {
    simulation.see(new Fact.Creating(name()));
    try {
      client = consumers.apply(config);
      return client;
    } catch (Throwable thrown) {
      simulation.see(new Fact.CreationFailed(name()));
      throw thrown;
    }
  }

  private RawSettings<byte[], byte[]> settings(String name, String instance) {
    Plan plan = simulation.plan();
    RawSettings<byte[], byte[]> raw = new RawSettings<>();
    raw.kafka.put("bootstrap.servers", "localhost:1");
    raw.kafka.put("group.id", GROUP);
    raw.kafka.put("auto.offset.reset", "earliest");
    raw.kafka.put("max.poll.interval.ms", plan.maxPollSeconds() * 1000);
    raw.kafka.put("max.poll.records", 1 + (int) (plan.seed() & 31));
    raw.kafka.put("metadata.max.age.ms", 5_000);
    if (instance != null) {
      raw.kafka.put("group.instance.id", instance);
    }
    switch (plan.protocol()) {
      case CONSUMER -> raw.kafka.put("group.protocol", "consumer");
      case EAGER -> classic(raw, "org.apache.kafka.clients.consumer.RangeAssignor");
      case COOPERATIVE ->
          classic(raw, "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
    }
    raw.topics = simulation.topics();
    raw.keyDeserializerSupplier = ByteArrayDeserializer::new;
    raw.valueDeserializerSupplier = this::yielding;
    handler(raw);
    raw.deadLetter =
        DeadLetterPolicy.toTopic(Simulation.DEAD_LETTERS).floodLimit(plan.floodLimit());
    raw.retry =
        RetryPolicy.exponential(Duration.ofMillis(50), Duration.ofSeconds(2))
            .maxAttempts(MAX_ATTEMPTS)
            .maxElapsed(Duration.ofMinutes(5));
    raw.breaker =
        plan.seed() % 2 == 0 ? CircuitBreakerPolicy.off() : CircuitBreakerPolicy.defaults();
    raw.listener = this::event;
    raw.name = name;
    raw.ordering = plan.work().ordering();
    raw.concurrency = plan.work().concurrency();
    raw.shutdownHook = false;
    raw.expectedLatency = plan.tempo().expectedLatency(plan.work().mood());
    raw.longRunning = raw.expectedLatency != null;
    raw.crashLimit = plan.perils().crashLimit();
    if (plan.perils().timeoutMillis() > 0) {
      raw.handlerTimeout = Duration.ofMillis(plan.perils().timeoutMillis());
    } else {
      raw.noHandlerTimeout = true; // some of them hang for minutes
    }
    if (isLimited()) {
      raw.maxRecordsPerSecond = plan.tempo().perSecond();
    }
    return raw;
  }

  private long timeoutNanos() {
    Perils perils = simulation.plan().perils();
    return (perils.timeoutMillis() + perils.graceMillis()) * 1_000_000L;
  }

  /** An operator says what becomes of records for which a whole partition waits. */
  void resolve() {
    held.forEach(
        (partition, offset) -> {
          boolean kills = simulation.killers().contains(partition, offset);
          simulation.trace(name() + " RESOLVE " + partition + "@" + offset);
          coordinator.resolve(
              partition, offset, kills ? FailureAction.DEAD_LETTER : FailureAction.RETRY);
        });
    held.clear();
  }

  /** Whether it asks for a restart since handlers hang that are not replaced any more. */
  boolean hasTooManyHung() {
    Health health = execution.quietly(coordinator::health);
    return health.liveness() == Health.Level.DOWN
        && health.reasons().stream().anyMatch(one -> one.startsWith("too many hung handlers"));
  }

  private boolean isLimited() {
    return simulation.plan().tempo().perSecond() > 0 && !simulation.calm();
  }

  private void handler(RawSettings<byte[], byte[]> raw) {
    Plan.Work work = simulation.plan().work();
    Deeds deeds = new Deeds(simulation, this, work.mood());
    switch (work.form()) {
      case SYNC -> raw.handler = Handlers.sync(deeds);
      case ASYNC -> raw.handler = Handlers.async(deeds);
      case BATCH -> {
        raw.batchHandler = new Batches(deeds, work.ordering());
        raw.batchPolicy =
            BatchPolicy.of(work.batch()).linger(Duration.ofMillis(work.lingerMillis()));
      }
    }
  }

  /** Most records of a batch. */
  private int batch() {
    Plan.Work work = simulation.plan().work();
    return work.form() == Plan.Form.BATCH ? work.batch() : 1;
  }

  private void classic(RawSettings<byte[], byte[]> raw, String assignor) {
    raw.kafka.put("partition.assignment.strategy", assignor);
    raw.kafka.put("session.timeout.ms", simulation.plan().sessionSeconds() * 1000);
    raw.kafka.put("heartbeat.interval.ms", simulation.plan().heartbeatMillis());
  }

  private Deserializer<byte[]> yielding() {
    return (topic, data) -> {
      execution.mayYield();
      return data;
    };
  }

  private void event(SafeConsumerEvent event) {
    execution.mayYield();
    if (event instanceof SafeConsumerEvent.Fenced) {
      simulation.see(new Fact.Fenced(name()));
    } else if (event instanceof SafeConsumerEvent.Blocked blocked
        && blocked.reason().startsWith("the process dies")) {
      held.put(blocked.partition(), blocked.offset());
    } else if (event instanceof SafeConsumerEvent.Restarting) {
      simulation.see(new Fact.Restarting(name()));
    } else if (event instanceof SafeConsumerEvent.BreakerChanged change
        && change.to() == BreakerStatus.State.OPEN) {
      simulation.see(new Fact.BreakerOpen(name()));
    } else if (event instanceof SafeConsumerEvent.RetryScheduled retry
        && retry.action() == FailureAction.RETRY
        && !retry.charged()) {
      simulation.see(new Fact.Uncharged(name(), retry.partition(), retry.offset()));
    }
    if (!simulation.calm() && simulation.chance(200) == 0) {
      commands.fromHandler(new SplittableRandom(simulation.chance(1 << 30)), true);
    }
  }

  /** What is paused at this moment, and what should be; null while that is not to be judged. */
  Fact.Polling polling(int number) {
    if (client == null) {
      return null;
    }
    Status status = execution.quietly(coordinator::status);
    if (status.state() == State.CLOSING
        || status.state() == State.RESTARTING
        || status.state().isFinal()) {
      return null;
    }
    boolean open = status.pauseReasons().contains(PauseReason.BREAKER);
    boolean wasOpen = breakerOpen;
    breakerOpen = open;
    if (open || wasOpen) {
      return null; // workers open and close it, while the loop is between two looks
    }
    boolean all = !status.pauseReasons().isEmpty();
    if (status.pauseReasons().contains(PauseReason.BREAKER)) {
      simulation.see(new Fact.BreakerOpen(name()));
    }
    turned = turned(status, all);
    // An open breaker keeps records from starting, and goes on to fetch what it can probe with.
    boolean paused =
        status.pauseReasons().stream().anyMatch(reason -> reason != PauseReason.BREAKER);
    Set<TopicPartition> owned = new HashSet<>();
    Set<TopicPartition> wanted = new HashSet<>();
    for (PartitionStatus partition : status.partitions()) {
      owned.add(partition.partition());
      if (paused || !partition.pauseReasons().isEmpty()) {
        wanted.add(partition.partition());
      }
    }
    return new Fact.Polling(name(), number, owned, wanted, paused());
  }

  private Fact.Turned turned(Status status, boolean all) {
    Set<TopicPartition> waiting = new HashSet<>();
    boolean failing = false;
    // Where the latency rose, what was admitted before has to be done first.
    boolean overfull = status.budget().admitted() > status.budget().records();
    for (PartitionStatus partition : status.partitions()) {
      boolean troubled =
          partition.waiting() + partition.deadLettering() + partition.blocked() > 0
              || partition.suspects() > 0; // what waits for the lease comes back all at once
      failing |= troubled;
      boolean held =
          all
              || partition.pauseReasons().stream()
                  .anyMatch(reason -> reason != PauseReason.PARTITION_FULL);
      if (!held
          && !troubled
          && !overfull
          && partition.buffered() > 0
          && partition.inFlight() == 0) {
        waiting.add(partition.partition());
      }
    }
    return new Fact.Turned(name(), waiting, failing);
  }

  /** What the last look at {@link #polling} found besides. */
  Fact.Turned turned() {
    return turned;
  }

  /** What is admitted at this moment. */
  Fact.Loaded loaded() {
    Map<String, Fact.TopicLoad> topics = new TreeMap<>();
    execution.quietly(
        () -> {
          load.look(
              (topic, admitted, perWorker) ->
                  topics.put(topic, new Fact.TopicLoad(admitted, perWorker)));
          return topics;
        });
    return new Fact.Loaded(name(), topics);
  }

  private Set<TopicPartition> paused() {
    return new HashSet<>(client.paused());
  }

  String name() {
    return process.name();
  }

  SimProcess process() {
    return process;
  }

  SimExecution execution() {
    return execution;
  }

  Coordinator<byte[], byte[]> coordinator() {
    return coordinator;
  }

  Commands commands() {
    return commands;
  }

  boolean isOver() {
    return coordinator.closed().isDone();
  }

  /** Names of its threads that are not idle. */
  List<String> busyThreads() {
    return execution.jvm().threads.stream()
        .filter(t -> t.ofLibrary && !t.idle && t.name.startsWith(name() + "-"))
        .map(t -> t.name)
        .toList();
  }
}
