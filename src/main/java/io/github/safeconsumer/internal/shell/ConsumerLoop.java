package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.State;
import io.github.safeconsumer.internal.core.AuthorizationTrouble;
import io.github.safeconsumer.internal.core.ClientFailure;
import io.github.safeconsumer.internal.core.Handshake;
import io.github.safeconsumer.internal.core.RestartBackoff;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of the loop: reconciles towards the intent, one turn after the other, in every state at
 * least every 100 ms. Runs no user code. It is called by one thread; that thread alone ever touches
 * a KafkaConsumer.
 *
 * <pre>
 *   CHECKING --dead-letter topics are fine--> WAITING --due--> LIVE --client failed--> WAITING ...
 *   any of them --close() or something that does not heal--> over (turn() returns false; shutDown() follows)
 * </pre>
 */
final class ConsumerLoop<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long DOUBT_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final Duration QUICK_CLOSE = Duration.ofSeconds(5);

  private enum Phase {
    CHECKING,
    WAITING,
    LIVE
  }

  private final Parts<K, V> parts;
  private final Time time;
  private final RestartBackoff backoff = new RestartBackoff();
  private final Trouble trouble;
  private final StartCheck check;
  private Phase phase = Phase.CHECKING;
  private long createAt;
  private volatile @Nullable Incarnation<K, V> incarnation; // written by the loop only
  private volatile long lastTurn;
  private volatile int generation = -1;

  ConsumerLoop(Parts<K, V> parts) {
    this.parts = parts;
    this.time = parts.platform().time();
    String name = parts.settings().name();
    this.trouble = new Trouble(name, parts.fatal(), time);
    this.check = new StartCheck(name, parts::checkAtStart, trouble, parts.fatal());
    this.lastTurn = time.nanos();
    this.createAt = time.nanos();
  }

  /** What keeps the client from working now, in the library's own words; null when nothing does. */
  @Nullable String trouble() {
    return trouble.now();
  }

  /** Monotonic time of the last turn. */
  long lastTurn() {
    return lastTurn;
  }

  int generation() {
    return generation;
  }

  /** Of the client that there is; may be asked by any thread. */
  Map<MetricName, ? extends Metric> kafkaMetrics() {
    Incarnation<K, V> current = incarnation;
    return current == null ? Map.of() : current.kafkaMetrics();
  }

  /** One turn. False when the loop is over and {@link #shutDown} has to follow. */
  boolean turn() {
    lastTurn = time.nanos();
    parts.lookAtPauses();
    Handshake.Intent intent = parts.handshake().intent();
    if (intent.endsLoop() || parts.fatal().get() != null) {
      return false;
    }
    startDueRetries();
    switch (phase) {
      case CHECKING -> checking();
      case WAITING -> waiting();
      case LIVE -> live(intent);
    }
    answerDrains(intent);
    return true;
  }

  /** Tells who waits for running attempts to end that they have. */
  private void answerDrains(Handshake.Intent intent) {
    if (!parts.handshake().awaitsDrain()) {
      return;
    }
    Incarnation<K, V> current = incarnation;
    if (parts.assignment().isQuiet() && (current == null || current.isSettled())) {
      parts.notifier().complete(parts.handshake().drained(intent.sequence()));
    }
  }

  /** Also while a hand-over waits: nobody waits for longer than was promised. */
  private void answerOverdueDrains() {
    if (!parts.handshake().awaitsDrain()) {
      return;
    }
    String running = parts.workers().stillRunningNames();
    parts
        .notifier()
        .complete(
            parts
                .handshake()
                .overdue(
                    lastTurn,
                    "paused, but "
                        + (running.isEmpty()
                            ? "what is done could not be committed in time"
                            : "still running: " + running)));
  }

  /** Lanes whose retry is due go to the workers. Also called while a rebalance callback waits. */
  void startDueRetries() {
    Thread.interrupted(); // nobody has a reason to interrupt the loop, and waits would not wait
    lastTurn = time.nanos();
    parts.stalls().tick(TimeUnit.NANOSECONDS.toMillis(lastTurn), time.millis());
    parts.startDueRetries(lastTurn);
    parts.advise(lastTurn);
    answerOverdueDrains();
    if (parts.closing().isAskedFor()) {
      parts.drain().cutAt(parts.closing().drainUntil());
    }
  }

  private void checking() {
    if (!check.isAnswered()) {
      parts.parker().park(TURN_NANOS);
    } else if (check.passed()) {
      phase = Phase.WAITING;
    }
  }

  private void waiting() {
    long wait = createAt - time.nanos();
    if (wait > 0) {
      parts.parker().park(Math.min(wait, TURN_NANOS));
      return;
    }
    try {
      parts.stalls().take(); // nothing is owned that it could have cost
      Incarnation<K, V> created = parts.newIncarnation();
      incarnation = created;
      created.subscribe();
      backoff.created(time.nanos());
      phase = Phase.LIVE;
    } catch (
        Throwable thrown) { // the client's constructor: configuration, name resolution, credentials
      clientFailed(thrown);
    }
  }

  private void live(Handshake.Intent intent) {
    Incarnation<K, V> current = incarnation;
    if (current == null) {
      throw new IllegalStateException("live without a client");
    }
    if (current.isStale()) {
      fence(current, current.stall(parts.stalls().longest()));
      parts.stalls().take(); // only now: until its ownerships have ended nothing may start
      return;
    }
    parts.stalls().take();
    try {
      for (String topic = parts.housekeeper().takeRecreated();
          topic != null;
          topic = parts.housekeeper().takeRecreated()) {
        current.recreated(topic);
      }
      current.turn(parts.nanosToNextRetry(time.nanos(), TURN_NANOS));
      turned(current, intent);
    } catch (Throwable thrown) { // classified; an Error of the client means a new client too
      clientFailed(thrown);
    }
  }

  private void turned(Incarnation<K, V> current, Handshake.Intent intent) {
    if (!current.joined()) {
      return;
    }
    Exception commitFailure = current.commits().lastFailure();
    if (commitFailure != null && ClientFailure.of(commitFailure) == ClientFailure.AUTHORIZATION) {
      clientFailed(commitFailure);
      return;
    }
    trouble.is(
        commitFailure == null
            ? null
            : "the last commit failed: " + SafeThrowables.className(commitFailure));
    generation = current.generation();
    parts.joined();
    boolean paused = parts.gate().isPaused();
    show(paused ? State.PAUSED : State.RUNNING, whyAtWork(paused));
    parts.notifier().complete(parts.handshake().polled(intent.sequence()));
  }

  private String whyAtWork(boolean paused) {
    State before = parts.lifecycle().state();
    if (before != State.RUNNING && before != State.PAUSED) {
      return "joined";
    }
    return paused ? "paused by " + parts.gate().reasons() : "no longer paused";
  }

  private void fence(Incarnation<K, V> current, Duration gap) {
    current.fence();
    parts
        .events()
        .emit(
            new SafeConsumerEvent.Fenced(
                parts.events().now(),
                gap,
                "the process or the loop stood still: what was started before is not committed any more"));
    replace(current, null, Duration.ZERO);
  }

  private void clientFailed(Throwable thrown) {
    Incarnation<K, V> current = incarnation;
    String name = SafeThrowables.className(thrown);
    trouble.is("the Kafka client failed: " + ClientFailure.describe(thrown));
    if (thrown instanceof InterruptException) {
      Thread.interrupted(); // the client has set it again
    }
    switch (ClientFailure.of(thrown)) {
      case PASSING -> {
        trouble.isAndSay("the Kafka client failed: " + name + ", tried again");
        if (phase != Phase.LIVE) { // it may exist, and then has to be closed before the next one
          replace(current, thrown, backoff.failed(time.nanos(), false));
        } else {
          parts.parker().park(TURN_NANOS);
        }
      }
      case AUTHORIZATION -> {
        if (trouble.mayTryAgainUnauthorized(thrown)) {
          replace(current, thrown, AuthorizationTrouble.RETRY);
        }
      }
      case REPLACE -> replace(current, thrown, backoff.failed(time.nanos(), current != null));
      case FATAL -> trouble.isFinal(thrown);
    }
  }

  /**
   * Closes the old client, fully, before a new one is created; what is done is committed first
   * where the membership allows it.
   */
  private void replace(@Nullable Incarnation<K, V> old, @Nullable Throwable why, Duration delay) {
    String name = why == null ? "a stall" : SafeThrowables.className(why);
    if (why != null) {
      LOG.warn(
          "consumer={} problem=\"the Kafka client failed and is replaced\" delayMs={}",
          parts.settings().name(),
          delay.toMillis(),
          why);
    }
    parts.events().emit(new SafeConsumerEvent.Restarting(parts.events().now(), name, delay));
    parts.counters().restarts.increment();
    show(State.RESTARTING, name);
    if (old != null) {
      old.end(
          time.nanos() + QUICK_CLOSE.toNanos() / 2,
          () -> quick(parts.closing()::commitBound),
          () -> quick(parts.closing()::leaveBound),
          false);
    }
    incarnation = null;
    generation = -1;
    createAt = time.nanos() + delay.toNanos();
    phase = Phase.WAITING;
  }

  /** A replacement is quick, and within the bound of a close() that was asked for. */
  private Duration quick(Supplier<Duration> ofClosing) {
    if (!parts.closing().isAskedFor()) {
      return QUICK_CLOSE;
    }
    Duration left = ofClosing.get();
    return left.compareTo(QUICK_CLOSE) < 0 ? left : QUICK_CLOSE;
  }

  /**
   * The last thing the loop does: drain, commit, leave. True when all that is done was committed
   * and the client closed without an error.
   */
  boolean shutDown() {
    Thread.interrupted();
    parts.lookAtPauses();
    boolean suspend =
        parts.fatal().get() == null && parts.handshake().intent().want() != Handshake.Want.CLOSE;
    if (suspend) {
      parts.closing().suspendNow();
    } else {
      show(State.CLOSING, parts.fatal().get() == null ? "close() was called" : "failed");
      parts.gate().stop();
    }
    parts.assignment().passBarrier();
    Incarnation<K, V> last = incarnation;
    if (last == null) {
      return true;
    }
    last.leaves();
    settleDoubt(last);
    incarnation = null;
    return last.end(
        parts.closing().drainUntil(),
        parts.closing()::commitBound,
        parts.closing()::leaveBound,
        suspend);
  }

  /**
   * After a short stall nothing is committed for a while, until an expulsion would have been heard
   * of: the time for that is taken here, so that what is done can still be committed at the end.
   */
  private void settleDoubt(Incarnation<K, V> last) {
    try {
      while (last.isInDoubt() && time.nanos() - parts.closing().drainUntil() < 0) {
        last.turn(DOUBT_TURN_NANOS);
      }
    } catch (Throwable thrown) { // the end follows at once, and copes with a broken client
      LOG.debug("last turns: {}", SafeThrowables.className(thrown));
    }
  }

  private void show(State next, String reason) {
    State before = parts.lifecycle().state();
    if (before != next) {
      parts.lifecycle().moveTo(next);
      parts
          .events()
          .emit(new SafeConsumerEvent.StateChanged(parts.events().now(), before, next, reason));
    }
  }
}
