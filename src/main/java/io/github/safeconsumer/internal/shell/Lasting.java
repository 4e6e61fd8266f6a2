package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.BatchPolicy;
import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Admission;
import io.github.safeconsumer.internal.core.Assignment;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.CrashGuard;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.FloodGuard;
import io.github.safeconsumer.internal.core.HandlerTimeout;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.Lifecycle;
import io.github.safeconsumer.internal.core.PartitionRules;
import io.github.safeconsumer.internal.core.PauseGate;
import io.github.safeconsumer.internal.core.PauseTimes;
import io.github.safeconsumer.internal.core.Spending;
import io.github.safeconsumer.internal.core.UsualLatency;
import io.github.safeconsumer.internal.diagnosis.Chronicle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer keeps from its construction to its end, over every suspend: what was asked for,
 * what was counted, what is remembered. It holds no thread (its pools give theirs back when idle)
 * and no connection.
 *
 * @param topicIds of every topic that was ever owned; see {@link Housekeeper}
 * @param noteChars how long a note beside a committed offset may be; see {@link CommitNotes}
 */
record Lasting<K, V>(
    Settings<K, V> settings,
    Platform platform,
    Lifecycle lifecycle,
    PauseGate gate,
    Handshake handshake,
    Assignment assignment,
    Admission admission,
    Counters counters,
    Events events,
    Chronicle chronicle,
    AlertWatch alerts,
    PauseTimes pauseTimes,
    UsualLatency usual,
    Adviser adviser,
    Notifier notifier,
    Closing closing,
    FloodGuard flood,
    FatalSignal fatal,
    Judge judge,
    Breakers breakers,
    BreakerNews breakerNews,
    Spending spending,
    Abandoned abandoned,
    Map<String, Uuid> topicIds,
    AtomicInteger noteChars,
    CompletableFuture<Outcome> started,
    CompletableFuture<CloseReport> closed) {

  /**
   * @param onOwnThread whether the caller is in a handler or callback of this consumer
   */
  static <K, V> Lasting<K, V> of(
      Settings<K, V> settings, Platform platform, BooleanSupplier onOwnThread) {
    Counters counters = new Counters();
    Execution execution = platform.execution();
    Time time = platform.time();
    Chronicle chronicle = new Chronicle();
    Events events =
        new Events(settings.name(), settings.listener(), chronicle, counters, time, execution);
    Judge judge = new Judge(settings.handler(), new FailureClassifier(settings.retry()), events);
    BreakerNews news = new BreakerNews(events);
    Breakers breakers =
        new Breakers(
            settings.breaker(), time::nanos, thrown -> judge.classify(thrown, false), news);
    PauseGate gate = new PauseGate(breakers.consumer().breaker());
    Handshake handshake = new Handshake(gate);
    Spending spending =
        new Spending(
            settings.spending(),
            time::nanos,
            new SpendingGate(gate, settings.spending().limitPerHour(), events));
    Admission admission = admission(settings, platform.time());
    Assignment assignment =
        new Assignment(
            handshake,
            gate,
            new PartitionRules(
                settings.kafka().groupId(),
                settings.ordering(),
                settings.retry().maxAttempts(),
                settings.batch(),
                admission,
                new CrashGuard(settings.crashLimit(), settings.concurrency(), platform.solitude()),
                handlerTimeout(settings, platform.time()),
                breakers,
                spending));
    platform.solitude().knows(assignment);
    UsualLatency usual = new UsualLatency();
    return new Lasting<>(
        settings,
        platform,
        new Lifecycle(),
        gate,
        handshake,
        assignment,
        admission,
        counters,
        events,
        chronicle,
        new AlertWatch(settings.alerts(), chronicle, events, time),
        new PauseTimes(),
        usual,
        new Adviser(settings, assignment, admission::view, usual, counters, events),
        new Notifier(settings.name(), execution),
        new Closing(platform.time(), settings.drainTimeout()),
        new FloodGuard(settings.deadLetter().floodLimit()),
        new FatalSignal(),
        judge,
        breakers,
        news,
        spending,
        new Abandoned(settings.concurrency()),
        new ConcurrentHashMap<>(),
        new AtomicInteger(CommitNotes.LONGEST_CHARS),
        new CompletableFuture<>(),
        new Answer<>(onOwnThread));
  }

  private static @Nullable HandlerTimeout handlerTimeout(Settings<?, ?> settings, Time time) {
    Duration timeout = settings.handlerTimeout();
    return timeout == null
        ? null
        : new HandlerTimeout(timeout.toNanos(), time::nanos, time::millis);
  }

  private static Admission admission(Settings<?, ?> settings, Time time) {
    BatchPolicy batch = settings.batch();
    Admission admission =
        new Admission(
            Admission.Limits.of(
                settings.kafka().window(),
                settings.drainTimeout(),
                settings.concurrency(),
                settings.expectedLatency(),
                batch == null ? 1 : batch.maxRecords()));
    if (settings.maxRecordsPerSecond() != Double.POSITIVE_INFINITY) {
      admission.perSecond(settings.maxRecordsPerSecond(), time.nanos());
    }
    return admission;
  }
}
