package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Health;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.PauseReason;
import io.github.safeconsumer.Status;
import io.github.safeconsumer.internal.config.Settings;
import io.github.safeconsumer.internal.core.Breaker;
import io.github.safeconsumer.internal.core.Breakers;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.diagnosis.Diagnosis;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the public API. Each records what is wanted and returns at once; the loop
 * reconciles. The exception is pause, which is true without the loop: it closes the gate that
 * workers read when they start a record, and passes through each partition's lock once.
 */
public final class Coordinator<K, V> {
  /**
   * How much longer than its bound a blocking close() waits for the report of the loop before it
   * reports by itself.
   */
  private static final Duration REPORT_GRACE = Duration.ofMillis(250);

  private static final Duration LONGEST_CLOSE = Duration.ofHours(1);

  /** How much longer than attempts may take to drain a pauseAndDrain() waits for their commit. */
  private static final Duration DRAIN_COMMIT = Duration.ofSeconds(5);

  private final Lasting<K, V> lasting;
  private final Runs<K, V> runs;
  private final Resolutions<K, V> resolutions;

  /**
   * The same for every caller: each copy would be kept until the end, however often it is asked.
   */
  private volatile @Nullable CompletableFuture<CloseReport> shownClosed;

  public Coordinator(Settings<K, V> settings, Platform platform) {
    this.lasting = Lasting.of(settings, platform, this::onOwnThread);
    this.runs = new Runs<>(lasting);
    this.resolutions = new Resolutions<>(lasting);
  }

  public CompletableFuture<Outcome> start() {
    runs.start();
    return lasting.started().copy();
  }

  public CompletableFuture<Outcome> pause() {
    if (lasting.lifecycle().state().isFinal()) {
      return over("pause()");
    }
    Handshake.Recorded paused = lasting.handshake().pause();
    lasting.notifier().complete(paused.superseded());
    lasting.assignment().passBarrier();
    return lasting.notifier().completed(lasting.handshake().pauseHolds(paused.sequence()));
  }

  public CompletableFuture<Outcome> pauseAndDrain() {
    CompletableFuture<Outcome> answer = answer();
    long bound = lasting.settings().drainTimeout().plus(DRAIN_COMMIT).toNanos();
    long deadline = lasting.platform().time().nanos() + bound;
    lasting.notifier().complete(lasting.handshake().pauseAndDrain(answer, deadline).superseded());
    lasting.assignment().passBarrier();
    runs.reconcile();
    return answer;
  }

  public CompletableFuture<Outcome> pause(Collection<TopicPartition> partitions) {
    if (lasting.lifecycle().state().isFinal()) {
      return over("pause()");
    }
    lasting.notifier().complete(lasting.handshake().pause(partitions, this::setPaused));
    return lasting
        .notifier()
        .completed(
            new Outcome(
                Outcome.Result.APPLIED, "no record of these partitions starts until resume()"));
  }

  public CompletableFuture<Outcome> suspend() {
    CompletableFuture<Outcome> answer = answer();
    lasting.notifier().complete(lasting.handshake().suspend(answer).superseded());
    lasting.assignment().passBarrier();
    runs.reconcile();
    return answer;
  }

  public CompletableFuture<Outcome> resume() {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    lasting
        .notifier()
        .complete(lasting.handshake().resume(future, lasting.flood()::reset).superseded());
    runs.reconcile();
    return future;
  }

  public CompletableFuture<Outcome> resume(Collection<TopicPartition> partitions) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    lasting.handshake().resume(future, partitions, this::setPaused);
    runs.reconcile();
    return future;
  }

  /** See {@link io.github.safeconsumer.SafeConsumer#maxRecordsPerSecond}. */
  public void maxRecordsPerSecond(double records) {
    lasting.admission().perSecond(records, lasting.platform().time().nanos());
    runs.reconcile(); // a loop at rest goes by the new rate at once
  }

  /** See {@link io.github.safeconsumer.SafeConsumer#openBreaker()}. */
  public CompletableFuture<Outcome> openBreaker(String name) {
    return moveBreaker(name, true);
  }

  /** See {@link io.github.safeconsumer.SafeConsumer#closeBreaker()}. */
  public CompletableFuture<Outcome> closeBreaker(String name) {
    return moveBreaker(name, false);
  }

  /** True without the loop, as a pause is: the breaker is what the gate and the calls look at. */
  private CompletableFuture<Outcome> moveBreaker(String name, boolean open) {
    if (lasting.lifecycle().state().isFinal()) {
      return over(open ? "openBreaker()" : "closeBreaker()");
    }
    Breakers breakers = lasting.breakers();
    Breaker breaker = breakers.scope(name).breaker();
    long now = lasting.platform().time().nanos();
    breakers.tell(open ? breaker.forceOpen(now) : breaker.close(now));
    if (open && name.equals(Breakers.CONSUMER)) {
      lasting.assignment().passBarrier();
    }
    runs.reconcile(); // a loop at rest looks at once
    return lasting
        .notifier()
        .completed(
            breaker.isForced() == open
                ? new Outcome(
                    Outcome.Result.APPLIED,
                    open ? "nothing goes through until closeBreaker()" : "everything goes through")
                : new Outcome(
                    Outcome.Result.SUPERSEDED,
                    (open ? "closeBreaker()" : "openBreaker()") + " came later"));
  }

  /** See {@link io.github.safeconsumer.SafeConsumer#resolve}. */
  public CompletableFuture<Outcome> resolve(
      TopicPartition partition, long offset, FailureAction action) {
    return lasting
        .notifier()
        .completed(resolutions.resolve(runs.parts(), partition, offset, action));
  }

  private void setPaused(TopicPartition topicPartition, boolean paused) {
    OwnedPartition partition = lasting.assignment().get(topicPartition);
    if (partition != null) {
      partition.setPaused(PauseReason.USER, paused);
    }
  }

  private CompletableFuture<Outcome> over(String command) {
    return lasting
        .notifier()
        .completed(
            new Outcome(
                Outcome.Result.FAILED,
                command + ": the consumer is " + lasting.lifecycle().state()));
  }

  public CloseReport close(Duration bound) {
    requestClose(bound);
    if (onOwnThread()) {
      return runs.requested();
    }
    boolean interrupted = false;
    try {
      lasting.platform().execution().await(lasting.closed(), bound.plus(REPORT_GRACE));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    CloseReport report = runs.reportNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return report;
  }

  public CompletableFuture<CloseReport> closeAsync(Duration bound) {
    requestClose(bound);
    return closed();
  }

  private void requestClose(Duration bound) {
    if (bound.isNegative() || bound.compareTo(LONGEST_CLOSE) > 0) {
      throw new IllegalArgumentException("bound=" + bound + " must be from 0 to " + LONGEST_CLOSE);
    }
    runs.close(bound);
  }

  public CompletableFuture<CloseReport> closed() {
    CompletableFuture<CloseReport> known = shownClosed;
    if (known == null || (known.isDone() && !lasting.closed().isDone())) { // or a caller ended it
      known = lasting.closed().copy();
      shownClosed = known;
    }
    return known;
  }

  private <T> CompletableFuture<T> answer() {
    return new Answer<>(this::onOwnThread);
  }

  private boolean onOwnThread() {
    return runs.isOwnThread(Thread.currentThread());
  }

  public Status status() {
    return new Reports<>(lasting, runs.parts(), runs.outlived()).status();
  }

  /** Why it does not do what it should; see {@link Diagnosis}. */
  public List<Cause> diagnose() {
    return Diagnosis.of(new FactsReader<>(lasting, runs.parts()).read(status()));
  }

  /** Those of the Kafka client that there is; empty without one. */
  public Map<MetricName, ? extends Metric> kafkaMetrics() {
    Parts<K, V> parts = runs.parts();
    return parts == null ? Map.of() : parts.loop().kafkaMetrics();
  }

  public Health health() {
    return new Reports<>(lasting, runs.parts(), runs.outlived()).health();
  }
}
