package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.deadletter.Addressing.Addressed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters with a KafkaProducer of its own, made at the first letter.
 *
 * <p>The record's key is the letter's key and the partitioner is Kafka's, so letters of one key
 * share a partition, in the order their lane sent them: a lane has one letter under way. The
 * record's timestamp is the time of sending: with the original one, the topic's retention would
 * remove an old record's letter at once.
 *
 * <p>Concurrency: all work happens on the injected single thread, because {@code send()} and the
 * user's redact() can block. The producer's own thread only reports: an acknowledgement goes
 * straight to the letter, a failure goes back to the single thread. It waits for no
 * acknowledgement, so letters of different lanes are in flight together.
 */
public final class ProducerDeadLetterSink implements DeadLetterSink {
  private static final Logger log = LoggerFactory.getLogger(ProducerDeadLetterSink.class);

  /** A try that keeps the thread for longer means that no letter moves. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /**
   * What the sink needs of its surroundings.
   *
   * @param executor a single thread, used by nobody else; the owner shuts it down after close()
   * @param clock wall clock
   * @param nanoTime monotonic clock
   * @param random from 0 (inclusive) to 1, for jitter
   * @param closer starts a thread for each task, so that a producer that does not end holds nobody
   *     up
   */
  public record Surroundings(
      ScheduledExecutorService executor,
      Clock clock,
      LongSupplier nanoTime,
      DoubleSupplier random,
      Executor closer,
      Waiting waiting) {}

  /** Waits for a future, at most so long; true when it is done. */
  @FunctionalInterface
  public interface Waiting {
    boolean await(Future<?> future, Duration atMost) throws InterruptedException;
  }

  private final Surroundings around;
  private final Addressing addressing;
  private final ProducerSlot slot;
  private final TopicHolds holds;
  private final Troubles troubles;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile @Nullable Instant busySince;

  /**
   * Makes nothing and connects to nothing yet.
   *
   * @param policy not {@link DeadLetterPolicy#none()}
   * @param subscription what the consumer reads: no dead letter is written there
   * @param settings see {@link DeadLetterProducerSettings#producer}
   * @param producers makes a producer of these settings; may throw, and is asked again later
   */
  public ProducerDeadLetterSink(
      DeadLetterPolicy policy,
      Subscription subscription,
      Map<String, Object> settings,
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
      Surroundings around) {
    this.around = around;
    this.addressing = new Addressing(policy, subscription);
    this.slot = new ProducerSlot(producers, settings, around.closer(), around.waiting());
    this.holds = new TopicHolds(around.nanoTime());
    this.troubles = new Troubles(around.clock());
  }

  @Override
  public Sending send(DeadLetter deadLetter, Progress progress) {
    return send(deadLetter, null, progress);
  }

  @Override
  public Sending send(DeadLetter deadLetter, @Nullable Throwable failure, Progress progress) {
    Letter letter = new Letter(deadLetter, failure, progress, troubles::ended);
    later(letter, Duration.ZERO, () -> attempt(letter));
    return letter;
  }

  private void attempt(Letter letter) {
    busySince = around.clock().instant();
    try {
      if (closing) {
        letter.giveUp();
      } else if (letter.waiting() && addressed(letter)) {
        Duration held = holds.remaining(letter.topic);
        if (!held.isZero()) {
          later(
              letter,
              held.plus(SendBackoff.delay(1, around.random().getAsDouble())),
              () -> attempt(letter));
        } else if (letter.takeOff()) {
          transmit(letter);
        }
      }
    } finally {
      busySince = null;
    }
  }

  /** The user's functions run once for a letter, not once for a try. */
  private boolean addressed(Letter letter) {
    if (letter.form != null) {
      return true;
    }
    Addressed address = addressing.address(letter.given, letter.failure);
    letter.failure = null;
    if (address.letter() == null) {
      if (letter.takeOff()) {
        block(letter, address.reason(), address.remedy());
      }
      return false;
    }
    letter.topic = address.topic();
    letter.form = address.letter();
    return true;
  }

  private void transmit(Letter letter) {
    Try attempt = new Try(letter);
    try {
      attempt.producer = slot.get();
      // Its result comes through the callback.
      Future<RecordMetadata> unused = attempt.producer.send(record(letter), attempt);
    } catch (Throwable failure) {
      attempt.result(failure);
    }
    // Here and not when the failure is worked off: other letters of the topic may come before that.
    if (attempt.blocked) {
      attempt.held = holds.blocked(letter.topic, around.random().getAsDouble());
    } else {
      holds.passed(letter.topic);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(Letter letter) {
    DeadLetter form = Objects.requireNonNull(letter.form, "form");
    byte[] key =
        letter.keyReplaced
            ? form.id().getBytes(java.nio.charset.StandardCharsets.UTF_8)
            : form.key();
    return new ProducerRecord<>(
        letter.topic,
        null,
        null,
        key,
        form.value(),
        DeadLetterHeaders.encode(form, letter.keyReplaced));
  }

  /** One call of send() and its one result, whichever way that comes. */
  private final class Try implements Callback {
    private final Letter letter;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private final Thread sender = Thread.currentThread();
    private volatile boolean blocked;
    private Duration held = Duration.ZERO;

    private Try(Letter letter) {
      this.letter = letter;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
      result(failure);
    }

    private void result(@Nullable Throwable failure) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      if (failure == null) {
        acknowledged(letter);
        return;
      }
      // A time-out told inside send() is the one for a topic that is not there: it kept the thread.
      blocked = Thread.currentThread() == sender && failure instanceof TimeoutException;
      later(letter, Duration.ZERO, () -> failed(letter, producer, failure, held));
    }
  }

  private void acknowledged(Letter letter) {
    troubles.ended(letter);
    if (letter.form != null && !letter.form.truncated().isEmpty()) {
      log.warn(
          "Dead letter of {}@{} was too large for topic {} and lost {} (given with their sizes); raise its max.message.bytes",
          letter.given.origin(),
          letter.given.offset(),
          letter.topic,
          letter.form.truncated());
    }
    if (!closed) {
      tell(() -> letter.progress.acknowledged(letter.topic));
    }
    letter.end();
  }

  private void failed(
      Letter letter,
      @Nullable Producer<byte[], byte[]> producer,
      Throwable failure,
      Duration held) {
    if (closing) {
      letter.giveUp();
      return;
    }
    String exceptionClass = SafeThrowables.className(failure);
    SendFailure kind = SendFailure.of(failure);
    log.debug(
        "Dead letter of {}@{} to {}: {}, {}",
        letter.given.origin(),
        letter.given.offset(),
        letter.topic,
        exceptionClass,
        kind);
    if (kind.endsProducer()) {
      slot.discard(producer);
    }
    Recovery next = Recovery.of(letter, kind, exceptionClass, held, around.random().getAsDouble());
    if (next.delay() == null) {
      block(letter, next.reason(), next.remedy());
    } else {
      repeat(letter, exceptionClass, next.delay());
    }
  }

  private void repeat(Letter letter, String exceptionClass, Duration delay) {
    troubles.failed(letter, exceptionClass, delay);
    tell(() -> letter.progress.failed(letter.topic, exceptionClass, delay));
    if (letter.land()) {
      later(letter, delay, () -> attempt(letter));
    }
  }

  private void block(Letter letter, String reason, String remedy) {
    troubles.ended(letter);
    tell(() -> letter.progress.blocked(reason, remedy));
    letter.end();
  }

  private void later(Letter letter, Duration delay, Runnable task) {
    Runnable guarded = () -> guarded(letter, task);
    try {
      if (delay.isZero()) {
        around.executor().execute(guarded);
      } else {
        // A letter that is cancelled meanwhile is found so when its time comes: nothing to cancel
        // here.
        Future<?> unused =
            around.executor().schedule(guarded, delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException shutDown) {
      letter.giveUp();
    }
  }

  /** Whatever goes wrong here (memory, mostly), no letter is left pending in silence. */
  private void guarded(Letter letter, Runnable task) {
    try {
      task.run();
    } catch (Throwable unexpected) {
      log.error(
          "Dead letter of {}@{}: {} in the library; trying again in {}",
          letter.given.origin(),
          letter.given.offset(),
          SafeThrowables.className(unexpected),
          SendBackoff.CAP);
      if (letter.waiting() || letter.land()) {
        later(letter, SendBackoff.CAP, () -> attempt(letter));
      }
    }
  }

  private void tell(Runnable progress) {
    try {
      progress.run();
    } catch (Throwable broken) {
      log.error(
          "A dead letter's progress could not be reported: {}", SafeThrowables.className(broken));
    }
  }

  @Override
  public boolean failing() {
    return !closing && (troubles.any() || stuckSince() != null);
  }

  @Override
  public Optional<Trouble> trouble() {
    Instant stuck = stuckSince();
    return stuck == null
        ? troubles.worst()
        : Optional.of(
            new Trouble(
                "",
                "none: redact(), the topic's function or the producer has not returned",
                stuck,
                1));
  }

  private @Nullable Instant stuckSince() {
    Instant since = busySince;
    return since != null && Duration.between(since, around.clock().instant()).compareTo(STUCK) > 0
        ? since
        : null;
  }

  @Override
  public void close(Duration bound) {
    closing = true;
    slot.close(bound);
    closed = true;
  }
}
