package io.github.safeconsumer.internal.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was polled may be handed to lanes: so much that all of it together is done
 * within the window, at the latency now observed; and how many attempts may start in a second.
 *
 * <p>One worker does {@code window / latency} records, rounded down, one after the other within the
 * window, and at least one. {@code concurrency} workers do that many times as much. With several
 * topics each record takes its part of a worker's window.
 *
 * <p>Partitions admit for themselves, on whatever thread finds that they run short. Once one of
 * them was refused, only the loop admits, in turn and beginning with the one that was refused, and
 * nobody gets anything before that one, until a whole round was granted: else those that are busy,
 * or content with less, would take all that becomes free, and the others never get any. The same
 * with a rate that does not let all start: whose turn it is starts first, however many permits its
 * batch needs, and nobody else takes one before that.
 *
 * <p>Thread-safe. Its lock is taken inside those of partitions, and nothing is taken inside it.
 */
public final class Admission {
  /** Reckoned with where nothing was declared and nothing observed. */
  static final long UNKNOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final double ROUNDING = 1e-9;

  /**
   * What it keeps to.
   *
   * @param windowNanos what admitted work may fill
   * @param batchNanos what one batch may fill: it is awaited as a whole when its partition leaves
   * @param concurrency attempts at once
   * @param expectedNanos declared latency of a record; 0 where none was
   * @param batch most records of a batch; 1 where records are handed out one by one
   */
  public record Limits(
      long windowNanos, long batchNanos, int concurrency, long expectedNanos, int batch) {
    /** A batch that begins right before its partition leaves has to end within the drain. */
    private static final double OF_DRAIN = 0.9;

    /** The same from durations. */
    public static Limits of(
        Duration window,
        Duration drain,
        int concurrency,
        @Nullable Duration expectedLatency,
        int batch) {
      return new Limits(
          window.toNanos(),
          Math.min(window.toNanos(), (long) (drain.toNanos() * OF_DRAIN)),
          concurrency,
          expectedLatency == null ? 0 : expectedLatency.toNanos(),
          batch);
    }
  }

  private final Limits limits;
  private final RateLimit rate;
  private final Map<String, TopicLoad> topics = new TreeMap<>();
  private volatile boolean limited;
  private volatile boolean contended;
  private @Nullable Share turn;
  private boolean refused;
  private boolean served;

  public Admission(Limits limits) {
    this.limits = limits;
    this.rate = new RateLimit(limits.batch());
  }

  /** Without any bound. */
  public static Admission unbounded() {
    return new Admission(
        new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1, Integer.MAX_VALUE));
  }

  int concurrency() {
    return limits.concurrency();
  }

  synchronized TopicLoad topic(String name) {
    return topics.computeIfAbsent(
        name,
        added ->
            new TopicLoad(
                added, limits.expectedNanos() > 0 ? limits.expectedNanos() : UNKNOWN_NANOS));
  }

  // ---- how much may be admitted

  /** Records that one worker does within the window, at least one. */
  int perWorker(TopicLoad topic) {
    return fitting(limits.windowNanos(), topic);
  }

  /** Records of a batch, at least one. */
  int batchSize(TopicLoad topic) {
    return Math.min(limits.batch(), fitting(limits.batchNanos(), topic));
  }

  private static int fitting(long nanos, TopicLoad topic) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / topic.assumedNanos()));
  }

  /**
   * Takes note of what a partition has, and grants more.
   *
   * @param before what it had when it last said so, or was granted more
   * @param now what it has
   * @param wanted what it asks for besides, 0 for nothing
   * @param byLoop whether it is the loop that asks
   * @return how many records may be admitted, from 0 to {@code wanted}
   */
  synchronized int admit(TopicLoad topic, int before, int now, int wanted, boolean byLoop) {
    topic.admitted += now - before;
    if (wanted == 0 || (contended && !byLoop)) {
      return 0;
    }
    if (refused) {
      return 0; // what is left is saved for the one that needs more
    }
    int granted = (int) Math.max(0, Math.min(wanted, room(topic)));
    refused = granted < wanted;
    served = granted > 0;
    topic.admitted += granted;
    return granted;
  }

  private long room(TopicLoad topic) {
    double taken = 0; // in workers whose window is full
    for (TopicLoad other : topics.values()) {
      if (other != topic) {
        taken += (double) other.admitted / perWorker(other);
      }
    }
    double free = (limits.concurrency() - taken) * perWorker(topic) + ROUNDING;
    return (long) free - topic.admitted;
  }

  /** The loop is about to ask for one partition after the other. */
  public synchronized void roundBegins() {
    contended = refused;
    refused = false;
  }

  /** Whether partitions wait for what others have: then they take turns. */
  public boolean isScarce() {
    return contended || limited;
  }

  /** Whether somebody got less than he asked for since the round began. */
  public synchronized boolean hasRefused() {
    return refused;
  }

  /**
   * Whether the one that was refused got something all the same: then the next one is first. It may
   * want more for ever, since what it has got is done by the next round.
   */
  public synchronized boolean hasServedRefused() {
    return served;
  }

  // ---- what was observed

  synchronized void observed(TopicLoad topic, long nanosEach, int records, long nowNanos) {
    topic.observed(nanosEach, records, nowNanos);
    topic.reckon();
  }

  synchronized void observed(TopicLoad topic, long[] nanos, int count, long nowNanos) {
    for (int i = 0; i < count; i++) {
      topic.observed(nanos[i], 1, nowNanos);
    }
    topic.reckon();
  }

  // ---- the rate

  /** Changes how many attempts may start in a second; infinite for no limit. */
  public synchronized void perSecond(double records, long nowNanos) {
    rate.perSecond(records, nowNanos);
    limited = rate.isLimited();
  }

  /** Whether there is a bound on how many attempts start in a second. */
  public boolean isLimited() {
    return limited;
  }

  /** Nobody has to be waited for. */
  public synchronized void anybodysTurn() {
    turn = null;
  }

  /** From here on it is its turn to start something. */
  synchronized void turnOf(Share next) {
    turn = next;
  }

  /** Whether it had its turn, or has none. */
  synchronized boolean hadTurn(Share one) {
    return turn != one;
  }

  /** It started something. */
  void started(Share one) {
    if (limited) {
      synchronized (this) {
        if (turn == one) {
          turn = null;
        }
      }
    }
  }

  private boolean isTurnOfAnother(Share one) {
    return turn != null && turn != one;
  }

  /** How many attempts may start now, at most so many. */
  int startable(Share one, int wanted, long nowNanos) {
    if (!limited) {
      return wanted;
    }
    synchronized (this) {
      return isTurnOfAnother(one) ? 0 : rate.available(wanted, nowNanos);
    }
  }

  /** Takes what it takes to start up to so many attempts; returns how many may start. */
  int takeStarts(Share one, int wanted, long nowNanos) {
    if (!limited) {
      return wanted;
    }
    synchronized (this) {
      int granted = isTurnOfAnother(one) ? 0 : rate.available(wanted, nowNanos);
      rate.take(granted);
      return granted;
    }
  }

  /** So many of those that might have started did not. */
  void returnStarts(int starts) {
    if (starts > 0 && limited) {
      synchronized (this) {
        rate.take(-starts);
      }
    }
  }

  /**
   * How long until so many attempts (or as many as can ever start together) may start; the longest
   * time where that is up to another one, whose turn it is.
   */
  long nanosUntil(Share one, int starts, long nowNanos) {
    if (!limited) {
      return 0;
    }
    synchronized (this) {
      return isTurnOfAnother(one) ? Long.MAX_VALUE : rate.nanosUntil(starts, nowNanos);
    }
  }

  // ---- what others look at

  /** What is known now. */
  public synchronized LoadView view() {
    List<LoadView.Topic> views = topics.values().stream().map(this::view).toList();
    return new LoadView(
        limits.windowNanos(),
        views.stream().mapToInt(LoadView.Topic::admitted).sum(),
        rate.perSecond(),
        views);
  }

  private LoadView.Topic view(TopicLoad topic) {
    return new LoadView.Topic(
        topic.topic,
        topic.admitted,
        topic.latency.samples(),
        topic.latency.quantile(0.5),
        topic.latency.quantile(0.95),
        topic.latency.quantile(0.99),
        topic.assumedNanos(),
        perWorker(topic));
  }
}
