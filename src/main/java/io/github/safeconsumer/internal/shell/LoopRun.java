package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the loop: from start() or resume() to suspend(), close() or a failure. The first turn
 * begins it, the last one takes down all that belongs to it, whatever ended it, and tells.
 */
final class LoopRun<K, V> implements Turns {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.safeconsumer.SafeConsumer");
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Hears of the end, on the loop's thread, as the last thing that this run does. */
  @FunctionalInterface
  interface End {
    void ended(boolean committed, List<StillRunning> still);
  }

  private final Parts<K, V> parts;
  private final End end;
  private boolean begun;

  LoopRun(Parts<K, V> parts, End end) {
    this.parts = parts;
    this.end = end;
  }

  Parts<K, V> parts() {
    return parts;
  }

  @Override
  public boolean turn() {
    try {
      if (!begun) {
        begun = true;
        begin();
      }
      if (parts.loop().turn()) {
        return true;
      }
    } catch (Throwable bug) { // ours; the consumer ends, loudly
      failed("in the loop", bug);
    }
    end();
    return false;
  }

  private void begin() {
    parts.parker().own();
    parts.ticker().start(parts::watchHandlers);
    parts.housekeeper().watch(parts::ownedPartitions, parts.logs());
  }

  /** Whatever goes wrong on the way: the rest is still taken down, and the end is told. */
  private void end() {
    boolean committed = false;
    List<StillRunning> still = new ArrayList<>();
    try {
      committed = parts.loop().shutDown();
    } catch (Throwable bug) {
      failed("at the hand-over", bug);
    }
    try {
      takeDown(still);
    } catch (Throwable bug) {
      failed("at the end", bug);
    }
    end.ended(committed, still);
  }

  private void failed(String where, Throwable bug) {
    LOG.error(
        "consumer={} problem=\"an unexpected failure {}\"", parts.settings().name(), where, bug);
    parts.fatal().raise("an unexpected " + bug.getClass().getName() + " " + where, bug);
  }

  private void takeDown(List<StillRunning> still) {
    parts.ticker().close();
    if (!parts.deadLettering().close(step())) {
      StillRunning producer = thread("the dead-letter producer", "-dead-letter");
      still.add(producer);
      for (String record : parts.drain().unacknowledged()) {
        still.add(
            new StillRunning("the dead letter of " + record, producer.thread(), producer.stack()));
      }
    }
    parts.workers().interruptStragglers();
    boolean threadsEnded = parts.workers().close(step());
    List<StillRunning> left = parts.workers().stillRunning();
    if (!threadsEnded || !left.isEmpty()) {
      still.addAll(left);
    }
    if (!parts.housekeeper().close(step())) {
      still.add(thread("the admin client", "-housekeeper"));
    }
  }

  /** The thread of this name that did not end, with its stack; looked for only where it matters. */
  private StillRunning thread(String what, String suffix) {
    String name = parts.settings().name() + suffix;
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      if (one.getKey().getName().startsWith(name)) {
        return new StillRunning(what, one.getKey().getName(), List.of(one.getValue()));
      }
    }
    return new StillRunning(what, name, List.of());
  }

  /**
   * A small share of what is left, but never nothing: a pool that has nothing to do ends at once.
   */
  private long step() {
    return Math.max(
        TimeUnit.MILLISECONDS.toNanos(50), Math.min(STEP_NANOS, parts.closing().nanosLeft() / 2));
  }
}
