package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.serde.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run attempts, at most {@code concurrency} at once. A lane is queued when it gets
 * work and drained by one worker, record after record, without a trip through the loop. Decoders
 * are borrowed for a drain, so there are never more than workers.
 */
final class Workers<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int STACK_CHARS = 8_000;

  private final ExecutorService pool;
  private final Supplier<Decoder<K, V>> decoders;
  private final LaneRunner<K, V> runner;
  private final ConcurrentLinkedDeque<WorkerSlot<K, V>> free = new ConcurrentLinkedDeque<>();
  private final CopyOnWriteArrayList<WorkerSlot<K, V>> slots = new CopyOnWriteArrayList<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger inUse = new AtomicInteger();
  private final int concurrency;
  private final IntSupplier outlived;

  private volatile @Nullable Throwable threadFailure;

  /**
   * @param outlived attempts that outlived an earlier run of the loop and are still in their
   *     handler: they count, so that the handler is never entered more often than allowed
   */
  Workers(
      ExecutorService pool,
      int concurrency,
      IntSupplier outlived,
      Supplier<Decoder<K, V>> decoders,
      LaneRunner<K, V> runner) {
    this.concurrency = concurrency;
    this.outlived = outlived;
    this.pool = pool;
    this.decoders = decoders;
    this.runner = runner;
  }

  /** Queues the partition's lane if it has something that may start. */
  void wake(OwnedPartition partition) {
    Lane lane = partition.takeReady();
    if (lane != null) {
      queue(lane);
    }
  }

  /**
   * Queues a lane that is READY. Where no thread can be made for it, or those that outlived an
   * earlier run take up the concurrency, the lane is tried again at the next turn.
   */
  void queue(Lane lane) {
    if (!hasRoom()) {
      lane.partition().shift(lane, Lane.Phase.READY, Lane.Phase.IDLE);
      return;
    }
    queued.incrementAndGet();
    inUse.incrementAndGet();
    try {
      pool.execute(() -> drain(lane));
      threadFailure = null;
    } catch (RejectedExecutionException closed) {
      // The consumer is over: the record was not started, so its next owner gets it.
      queued.decrementAndGet();
      inUse.decrementAndGet();
    } catch (Throwable thrown) { // the user's thread factory, or no memory for a thread
      queued.decrementAndGet();
      inUse.decrementAndGet();
      if (threadFailure == null) {
        LOG.error(
            "no worker thread could be made; tried again\n{}",
            SafeThrowables.stack(thrown, STACK_CHARS));
      }
      threadFailure = thrown;
      lane.partition().shift(lane, Lane.Phase.READY, Lane.Phase.IDLE);
    }
  }

  /** What kept the last thread from being made; null when none is missing. */
  @Nullable Throwable threadFailure() {
    return threadFailure;
  }

  /** Whether lanes wait for a worker: then a drain gives way after its time slice. */
  boolean hasQueue() {
    return queued.get() > 0;
  }

  /** Without outlived attempts the pool's own size is the bound, and its queue may fill. */
  private boolean hasRoom() {
    int others = outlived.getAsInt();
    return others == 0 || inUse.get() < concurrency - others;
  }

  private void drain(Lane lane) {
    queued.decrementAndGet();
    try {
      drainCounted(lane);
    } finally {
      inUse.decrementAndGet();
    }
  }

  private void drainCounted(Lane lane) {
    WorkerSlot<K, V> slot = borrow(lane);
    if (slot == null) {
      return;
    }
    slot.enter();
    try {
      if (runner.drain(lane, slot, this::hasQueue)) {
        queue(lane);
      }
    } catch (Throwable bug) { // ours, or memory is gone: no lane may be left pending in silence
      runner.hold(lane, bug);
    } finally {
      slot.leave();
      free.addFirst(slot);
    }
  }

  /** Makes the first worker's deserializers, so that what is wrong with them shows at start. */
  void prepare() {
    WorkerSlot<K, V> slot = new WorkerSlot<>(decoders.get());
    slots.add(slot);
    free.addFirst(slot);
  }

  /**
   * A free slot or a new one. Null when the deserializers cannot be made: that ends the consumer.
   */
  private @Nullable WorkerSlot<K, V> borrow(Lane lane) {
    WorkerSlot<K, V> slot = free.pollFirst();
    if (slot != null) {
      return slot;
    }
    try {
      slot = new WorkerSlot<>(decoders.get());
    } catch (Throwable thrown) { // a user's constructor or configure()
      runner.cannotDecode(lane, thrown);
      return null;
    }
    slots.add(slot);
    return slot;
  }

  /** Slots that were ever used; some have an attempt now. */
  List<WorkerSlot<K, V>> slots() {
    return slots;
  }

  boolean isWorkerThread(Thread thread) {
    for (WorkerSlot<K, V> slot : slots) {
      if (slot.thread() == thread) {
        return true;
      }
    }
    return false;
  }

  /** How many attempts run now. */
  int runningCount() {
    int count = 0;
    for (WorkerSlot<K, V> slot : slots) {
      if (slot.current() != null) {
        count++;
      }
    }
    return count;
  }

  /** Attempts that run now, with their threads' stacks. */
  List<StillRunning> stillRunning() {
    List<StillRunning> running = new ArrayList<>();
    for (WorkerSlot<K, V> slot : slots) {
      Attempt attempt = slot.current();
      Thread thread = slot.thread();
      if (attempt != null && thread != null) {
        running.add(
            new StillRunning(
                attempt.partition().topicPartition() + "@" + attempt.record().offset(),
                thread.getName(),
                List.of(thread.getStackTrace())));
      }
    }
    return running;
  }

  /** The same in a line, for a reader of a log. */
  String stillRunningNames() {
    return stillRunning().stream()
        .map(one -> one.what() + " on " + one.thread())
        .collect(Collectors.joining(", "));
  }

  /** Marks what still runs as abandoned and interrupts it: its results are ignored from here on. */
  void interruptStragglers() {
    for (WorkerSlot<K, V> slot : slots) {
      Attempt attempt = slot.current();
      Thread thread = slot.thread();
      if (attempt != null && thread != null) {
        attempt.abandon();
        thread.interrupt();
      }
    }
  }

  /** Ends the pool; true when every thread ended within the bound. */
  boolean close(long nanos) {
    boolean ended = Pools.shutdown(pool, nanos);
    if (ended) {
      slots.forEach(slot -> slot.decoder.close());
    }
    return ended;
  }
}
