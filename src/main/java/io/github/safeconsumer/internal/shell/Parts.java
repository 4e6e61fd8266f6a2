package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.internal.config.KafkaSettings;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.RetryQueue;
import io.github.safeconsumer.internal.core.RetryRules;
import io.github.safeconsumer.internal.core.StallWatch;
import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import io.github.safeconsumer.internal.diagnosis.Facts;
import io.github.safeconsumer.internal.serde.Decoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The parts of one run of the loop, put together at start() and at each resume() that ends a
 * suspend. The composition root: it decides nothing.
 */
final class Parts<K, V> {
  /** Threads that only begin asynchronous attempts and read records for them. */
  private static final int ASYNC_THREADS =
      Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private final Lasting<K, V> lasting;
  private final Parker parker;
  private final RetryQueue waiting = new RetryQueue();
  private final Queue<Lane> unrecorded = new ArrayDeque<>();
  private final CommitNotes notes;
  private final StallWatch stalls;
  private final Housekeeper housekeeper;
  private final LogWatch logs;
  private final Ticker ticker;
  private final Watchdog watchdog;
  private final Supplier<List<InFlight>> outlived;
  private final DeadLettering deadLettering;
  private final Burials burials;
  private final Failures failures;
  private final Permits permits;
  private final Workers<K, V> workers;
  private final Probes probes;
  private final Drain drain;
  private final ConsumerLoop<K, V> loop;
  private final ClientPulse pulse;

  /**
   * @param outlived calls of earlier runs that are still in their handler
   */
  Parts(Lasting<K, V> lasting, Supplier<List<InFlight>> outlived) {
    this.lasting = lasting;
    this.outlived = outlived;
    Settings<K, V> settings = lasting.settings();
    Platform platform = lasting.platform();
    KafkaSettings kafka = settings.kafka();
    Execution execution = platform.execution();
    this.parker = execution.parker();
    this.notes = new CommitNotes(platform.boot(), lasting.topicIds(), lasting.noteChars());
    this.stalls = new StallWatch(kafka.sessionTimeout(), kafka.heartbeatInterval());
    this.housekeeper =
        new Housekeeper(
            settings.name(),
            () ->
                platform
                    .admins()
                    .apply(DeadLetterProducerSettings.admin(kafka, DeadLetterPolicy.none())),
            lasting.topicIds(),
            execution);
    this.logs = new LogWatch(lasting.assignment(), kafka.isolation(), platform.time());
    this.ticker =
        new Ticker(
            settings.name(),
            stalls,
            platform.time(),
            Watchdog.tickMillis(settings.handlerTimeout()),
            execution);
    this.deadLettering =
        new DeadLettering(settings, platform, () -> Optional.ofNullable(housekeeper.clusterId()));
    RetryRules rules = new RetryRules(settings.retry(), settings.breaker());
    this.burials = makeBurials();
    this.failures =
        new Failures(
            lasting.judge(),
            rules,
            lasting.breakers(),
            lasting.spending(),
            waiting,
            burials,
            lasting.fatal(),
            lasting.events(),
            lasting.counters(),
            platform.time(),
            platform.random());
    this.watchdog =
        new Watchdog(
            failures,
            lasting.abandoned(),
            lasting.events(),
            lasting.notifier(),
            platform.time(),
            this::startMore);
    this.permits = new Permits(settings.concurrency(), this::outlivedCount);
    this.workers =
        workers(
            new Successes(
                rules, lasting.breakers(), lasting.spending(), lasting.flood(), lasting.counters()),
            permits);
    this.probes =
        new Probes(
            lasting.breakers(), lasting.assignment(), lasting.gate(), waiting, workers::wake);
    lasting.breakerNews().whenClosed(this::letGo);
    this.drain =
        new Drain(burials, waiting, this::pump, parker, platform.time(), settings.drainTimeout());
    this.loop = new ConsumerLoop<>(this);
    this.pulse =
        new ClientPulse(loop::kafkaMetrics, ClientPulse.mostSilence(kafka), platform.time());
  }

  private Workers<K, V> workers(Successes successes, Permits permits) {
    Settings<K, V> settings = settings();
    boolean async = settings.handler() instanceof AsyncHandler;
    int threads = async ? Math.min(settings.concurrency(), ASYNC_THREADS) : settings.concurrency();
    ExecutorService pool =
        platform().execution().workers(settings.name(), threads, settings.workerThreads());
    return new Workers<>(
        pool,
        most -> platform().execution().resize(pool, most),
        threads,
        permits,
        lasting.abandoned(),
        () -> Decoder.open(settings.keys(), settings.values(), settings.kafka().user()),
        platform().time(),
        (executor, ended, late) -> work(successes, permits, executor, ended, late));
  }

  @SuppressWarnings("unchecked") // the builder took the handler as one of K and V
  private Workers.Work<K, V> work(
      Successes successes,
      Permits permits,
      Executor pool,
      Consumer<OwnedPartition> ended,
      Consumer<Attempt> late) {
    if (settings().handler() instanceof BatchHandler<?, ?> batches) {
      return new Workers.Work<>(
          new BatchRunner<>(
              (BatchHandler<K, V>) batches,
              Objects.requireNonNull(settings().batch()).maxRecords(),
              failures,
              successes,
              permits,
              stalls::mayBeExpelled,
              parker::wake,
              platform().time()),
          null);
    }
    RecordHandler<K, V> handler = (RecordHandler<K, V>) settings().handler();
    AsyncAttempts<K, V> async =
        handler instanceof AsyncHandler<K, V> asynchronous
            ? new AsyncAttempts<>(
                asynchronous,
                failures,
                successes,
                pool,
                partition -> {
                  ended.accept(partition);
                  parker.wake();
                },
                late,
                platform().time())
            : null;
    return new Workers.Work<>(
        new RecordRunner<>(
            handler,
            async,
            failures,
            successes,
            permits,
            stalls::mayBeExpelled,
            parker::wake,
            platform().time()),
        async);
  }

  private Burials makeBurials() {
    return new Burials(
        deadLettering.sink(),
        deadLettering.letters(),
        lasting.flood(),
        lasting.handshake(),
        lasting.events(),
        lasting.counters(),
        this::startMore);
  }

  /** Something of the partition may start again. */
  private void startMore(OwnedPartition partition) {
    workers().wake(partition);
    parker().wake();
  }

  /** Attempts of earlier runs that take the place of one: those not made up for. */
  private int outlivedCount() {
    List<InFlight> left = outlived.get();
    return left.isEmpty()
        ? 0
        : (int) left.stream().filter(one -> !lasting.abandoned().isReplaced(one.call())).count();
  }

  /** At every tick. */
  void watchHandlers() {
    List<InFlight> running = workers.inFlight();
    watchdog.report(running, Watchdog.slow(settings().handlerTimeout()));
    watchdog.guard(running, workers::replace);
    watchdog.guard(outlived.get(), one -> parker.wake()); // their places are no permits of this run
    lasting.alerts().tick(this::facts);
  }

  private Facts facts() {
    return new FactsReader<>(lasting, this).read(new Reports<>(lasting, this, List.of()).status());
  }

  /** A breaker has closed: what waited for it starts now, not when the loop comes by. */
  private void letGo() {
    assignment().all().forEach(workers::wake);
    parker.wake();
  }

  /** What the loop goes on with while it waits in a hand-over. */
  private void pump() {
    loop().startDueRetries();
    assignment().all().forEach(workers()::visit); // a resume came, or a dead letter's end
  }

  Incarnation<K, V> newIncarnation() {
    return new Incarnation<>(
        settings(),
        platform(),
        assignment(),
        gate(),
        workers,
        stalls,
        housekeeper,
        notes,
        lasting.admission(),
        drain,
        events(),
        counters(),
        parker);
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
    if (!workers.isPrepared()) {
      try {
        workers.prepare();
      } catch (Throwable thrown) { // a user's constructor, supplier or configure()
        failures.cannotDecode(thrown);
      }
    }
  }

  /** What is owned now, for the housekeeper. */
  List<TopicPartition> ownedPartitions() {
    return assignment().all().stream().map(OwnedPartition::topicPartition).toList();
  }

  /**
   * Lanes whose retry is due go to the workers, once what was charged is in a confirmed commit: so
   * no owner ever runs an attempt again that an earlier one has run.
   */
  void startDueRetries(long now) {
    for (int left = unrecorded.size(); left > 0; left--) {
      waiting.add(unrecorded.remove(), now);
    }
    probes.release(now);
    for (Lane lane = waiting.takeDue(now); lane != null; lane = waiting.takeDue(now)) {
      if (lane.partition().isEnded()) {
        continue; // its next owner goes on with it
      }
      if (!lane.partition().stopped().isRecorded(lane)) {
        unrecorded.add(lane);
      } else if (failures.due(lane)) {
        workers.wake(lane.partition());
      }
    }
    probes.step(now);
    lasting.spending().step();
  }

  /** Once a turn, or more: how busy it is, for who asks about the budget. */
  void advise(long now) {
    lasting.adviser().turn(now, settings().concurrency() - permits.free());
  }

  long nanosToNextRetry(long now, long limit) {
    return waiting.nanosToNext(now, probes.nanosToNext(now, limit));
  }

  /**
   * The process is ending. Where a handler does that, its worker stands inside the JVM's shutdown
   * and will never return: it is not waited for, and its record is charged with the end.
   */
  void chargeExits() {
    long seconds = TimeUnit.MILLISECONDS.toSeconds(platform().time().millis());
    for (InFlight one : workers.inFlight()) {
      if (one.endsTheProcess()) {
        one.attempt().partition().suspects().ended(one.attempts(), seconds);
      }
    }
  }

  /** The group was joined: start() is answered, the first time. */
  void joined() {
    if (!lasting.started().isDone()) {
      notifier()
          .complete(
              lasting.started(),
              new Outcome(Outcome.Result.APPLIED, "joined group " + settings().kafka().groupId()));
    }
  }

  Settings<K, V> settings() {
    return lasting.settings();
  }

  Platform platform() {
    return lasting.platform();
  }

  Lifecycle lifecycle() {
    return lasting.lifecycle();
  }

  PauseGate gate() {
    return lasting.gate();
  }

  Handshake handshake() {
    return lasting.handshake();
  }

  Assignment assignment() {
    return lasting.assignment();
  }

  Counters counters() {
    return lasting.counters();
  }

  Events events() {
    return lasting.events();
  }

  Notifier notifier() {
    return lasting.notifier();
  }

  FatalSignal fatal() {
    return lasting.fatal();
  }

  Parker parker() {
    return parker;
  }

  StallWatch stalls() {
    return stalls;
  }

  Closing closing() {
    return lasting.closing();
  }

  FloodGuard flood() {
    return lasting.flood();
  }

  Housekeeper housekeeper() {
    return housekeeper;
  }

  /** Takes note of since when the consumer is paused. */
  void lookAtPauses() {
    lasting.pauseTimes().look(lasting.gate().reasons(), lasting.events().now());
  }

  LogWatch logs() {
    return logs;
  }

  Ticker ticker() {
    return ticker;
  }

  Burials burials() {
    return burials;
  }

  DeadLettering deadLettering() {
    return deadLettering;
  }

  Failures failures() {
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

  ClientPulse pulse() {
    return pulse;
  }
}
