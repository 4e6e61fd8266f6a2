package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.Ordering;
import java.util.concurrent.TimeUnit;

/**
 * One partition's part of what is admitted: how far it looks ahead, and what it observes. Guarded
 * by its partition; what goes to the {@link Admission}, which all partitions share, goes there for
 * many records at once.
 *
 * <p>Looking ahead: twice as many lanes as can be kept busy (with {@link Ordering#PARTITION}, which
 * has one lane, two records), or what these do in 20 ms, or one batch more than can run. Little, so
 * that a change of the latency meets little that is admitted already, and enough, so that no worker
 * waits for the loop. Lanes count, since records of one key are work for one worker only: a slow
 * key must not keep the others from being admitted. How many records that takes, the budget bounds,
 * and the buffer.
 */
final class Share {
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int AT_LEAST = 2;
  private static final int SAMPLES = 32;
  private static final int QUICK_AT_ONCE = 1_024;

  private final Admission admission;
  private final TopicLoad topic;
  private final boolean serial;
  private final long lanes;
  private final boolean batches;
  private final long[] samples = new long[SAMPLES];
  private int sampled;
  private long sampledNanos;
  private int quick;
  private long quickNanos;
  private long quickTold;
  private int known;
  private long reckonedWith;
  private int target;
  private int low;
  private int batchSize;

  /**
   * @param batches whether records are handed out in batches
   */
  Share(Admission admission, String topic, Ordering ordering, boolean batches) {
    this.admission = admission;
    this.topic = admission.topic(topic);
    this.serial = ordering == Ordering.PARTITION;
    this.lanes = serial ? 1 : admission.concurrency();
    this.batches = batches;
    reckon();
  }

  /** The handler took so long for each of so many records. */
  void observed(long nanosEach, int records, long nowNanos) {
    if (records > 1) {
      admission.observed(topic, nanosEach, records, nowNanos);
      return;
    }
    samples[sampled++] = nanosEach;
    sampledNanos += nanosEach;
    if (sampled == SAMPLES || sampledNanos >= REPORT_NANOS) {
      admission.observed(topic, samples, sampled, nowNanos);
      sampled = 0;
      sampledNanos = 0;
    }
  }

  /** The handler took no longer for any of so many records, and not long: told now and then. */
  void observedQuick(long longestNanos, int records, long nowNanos) {
    quickNanos = Math.max(quickNanos, longestNanos);
    quick += records;
    if (quick >= QUICK_AT_ONCE || nowNanos - quickTold >= REPORT_NANOS) {
      admission.observed(topic, quickNanos, quick, nowNanos);
      quick = 0;
      quickNanos = 0;
      quickTold = nowNanos;
    }
  }

  /** Whether it runs short of what is admitted. */
  boolean isShort(Lanes of) {
    return has(of) <= low;
  }

  private int has(Lanes of) {
    return serial || batches ? of.activeRecords() : of.activeLanes();
  }

  /**
   * Says what is admitted now, and asks for more.
   *
   * @param most records that could be admitted
   * @param byLoop whether it is the loop that asks
   * @return how many records may be admitted
   */
  int admit(Lanes of, int most, boolean byLoop) {
    reckon();
    int now = of.activeRecords();
    int wanted = Math.min(most, target - has(of));
    int granted = admission.admit(topic, known, now, Math.max(0, wanted), byLoop);
    known = now + granted;
    return granted;
  }

  /** Asks for one more than it looks ahead. False where it does not fit. */
  boolean admitAnother(Lanes of) {
    reckon();
    int now = of.activeRecords();
    int granted = admission.admit(topic, known, now, 1, true);
    known = now + granted;
    return granted > 0;
  }

  /**
   * Says what is admitted now.
   *
   * @param now records in lanes that a worker has or could take
   */
  void settle(int now) {
    reckon();
    if (now != known) {
      admission.admit(topic, known, now, 0, false);
      known = now;
    }
  }

  /** Records of a batch at the latency now observed. */
  int batchSize() {
    reckon();
    return batchSize;
  }

  private void reckon() {
    long assumed = topic.assumedNanos();
    if (assumed == reckonedWith) {
      return;
    }
    reckonedWith = assumed;
    batchSize = admission.batchSize(topic);
    long ahead = lanes * Math.max(AT_LEAST, AHEAD_NANOS / assumed);
    if (batches) {
      ahead = Math.max(ahead, (lanes + 1) * batchSize);
    }
    if (serial) {
      ahead = Math.min(ahead, admission.perWorker(topic));
    }
    target = (int) Math.min(Integer.MAX_VALUE, ahead);
    low = batches ? Math.max(0, target - batchSize) : target / 2;
  }
}
