package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.CloseReport.StillRunning;
import io.github.safeconsumer.internal.core.Attempt;
import io.github.safeconsumer.internal.core.HandlerCall;
import io.github.safeconsumer.internal.core.Lane;
import io.github.safeconsumer.internal.core.OwnedPartition;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.serde.Decoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve partitions, so many at once that {@code concurrency} attempts can run. A
 * worker is queued for a partition when a lane of it gets work, and goes from record to record
 * without a trip through the loop. Decoders are borrowed meanwhile, so there are never more than
 * workers.
 */
final class Workers<K, V> {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int STACK_CHARS = 8_000;

  private final ExecutorService pool;
  private final IntConsumer resize;
  private final Supplier<Decoder<K, V>> decoders;
  private final Permits permits;
  private final Abandoned abandoned;
  private final int threads;
  private final Time time;
  private final Work<K, V> work;
  private final ConcurrentLinkedDeque<WorkerSlot<K, V>> free = new ConcurrentLinkedDeque<>();
  private final CopyOnWriteArrayList<WorkerSlot<K, V>> slots = new CopyOnWriteArrayList<>();
  private final AtomicInteger queued = new AtomicInteger();

  /** Partitions that had something to start when all permits were out, in the order they came. */
  private final Set<OwnedPartition> starved = new LinkedHashSet<>();

  /** Threads beyond those, for hung ones; guarded by its own monitor. */
  private final AtomicInteger extra = new AtomicInteger();

  private volatile @Nullable Throwable threadFailure;
  private volatile boolean closed;

  /**
   * @param resize changes how many threads the pool has at most
   * @param threads how many workers there are at most that are not hung
   * @param work makes what the workers do; asynchronous attempts run their failures on the pool and
   *     report their end here
   */
  Workers(
      ExecutorService pool,
      IntConsumer resize,
      int threads,
      Permits permits,
      Abandoned abandoned,
      Supplier<Decoder<K, V>> decoders,
      Time time,
      WorkFactory<K, V> work) {
    this.pool = pool;
    this.resize = resize;
    this.threads = threads;
    this.permits = permits;
    this.abandoned = abandoned;
    this.decoders = decoders;
    this.time = time;
    this.work = work.create(pool, this::attemptEnded, this::endedLate);
  }

  /** Makes what workers do. */
  @FunctionalInterface
  interface WorkFactory<K, V> {
    /**
     * @param pool for what is user code
     * @param ended to be told when an asynchronous attempt of a partition ended
     * @param late to be told when one ended that was abandoned before
     */
    Work<K, V> create(Executor pool, Consumer<OwnedPartition> ended, Consumer<Attempt> late);
  }

  /**
   * What workers do.
   *
   * @param async those of its attempts that are no threads; null where there are none
   */
  record Work<K, V>(LaneRunner<K, V> runner, @Nullable AsyncAttempts<K, V> async) {}

  /**
   * Queues workers for what the partition can start now. Where no thread can be made, that is tried
   * again at the next turn; where all asynchronous attempts that may run do, when one ends.
   */
  void wake(OwnedPartition partition) {
    wake(partition, false);
  }

  /** The same, called by the loop, which asks for one partition after the other. */
  void visit(OwnedPartition partition) {
    wake(partition, true);
  }

  private void wake(OwnedPartition partition, boolean byLoop) {
    if (work.async() != null && permits.free() == 0) {
      if (partition.work().hasReady()) {
        synchronized (starved) {
          starved.add(partition);
        }
      }
      return;
    }
    for (int more = partition.work().ask(threads, time.nanos(), byLoop); more > 0; more--) {
      queue(partition);
    }
  }

  private void attemptEnded(OwnedPartition partition) {
    permits.release();
    OwnedPartition next = partition;
    synchronized (starved) {
      starved.removeIf(OwnedPartition::isEnded);
      Iterator<OwnedPartition> first = starved.iterator();
      if (first.hasNext()) {
        next = first.next();
        first.remove();
        starved.add(partition); // it has to queue, too
      }
    }
    wake(next);
  }

  /** Queues a worker that the partition has asked for. */
  private void queue(OwnedPartition partition) {
    queued.incrementAndGet();
    try {
      pool.execute(() -> serve(partition));
      threadFailure = null;
    } catch (RejectedExecutionException closed) {
      // The consumer is over: what was not started, its next owner gets.
      notCome(partition);
    } catch (Throwable thrown) { // the user's thread factory, or no memory for a thread
      notCome(partition);
      if (threadFailure == null) {
        LOG.error(
            "problem=\"no worker thread could be made; tried again\"\n{}",
            SafeThrowables.stack(thrown, STACK_CHARS));
      }
      threadFailure = thrown;
    }
  }

  private void notCome(OwnedPartition partition) {
    queued.decrementAndGet();
    partition.work().came();
  }

  /** What kept the last thread from being made; null when none is missing. */
  @Nullable Throwable threadFailure() {
    return threadFailure;
  }

  /** Whether partitions wait for a worker: then one gives way after its time slice. */
  boolean hasQueue() {
    return queued.get() > 0;
  }

  private void serve(OwnedPartition partition) {
    notCome(partition);
    if (!permits.tryAcquire()) {
      return;
    }
    WorkerSlot<K, V> slot = borrow();
    if (slot == null) {
      permits.release();
      return;
    }
    slot.enter();
    boolean more = false;
    try {
      more = work.runner().serve(partition, slot, this::hasQueue);
    } catch (Throwable bug) { // ours, or memory is gone: no lane may be left pending in silence
      Lane lane = slot.lane;
      if (lane != null) {
        work.runner().hold(lane, bug);
      }
    } finally {
      leave(slot);
    }
    if (more) {
      queue(partition);
    }
  }

  private void leave(WorkerSlot<K, V> slot) {
    HandlerCall last = slot.current();
    if (slot.lost && last != null) {
      slots.remove(slot); // its decoder may be in any state
      slot.leave();
      slot.decoder.close();
      if (abandoned.ended(last)) {
        grow(-1);
      } else {
        permits.release();
      }
      return;
    }
    if (slot.permitted) {
      permits.release();
    }
    slot.leave();
    free.addFirst(slot);
    if (closed) {
      closeFree();
    }
  }

  /** Makes up for a call that nobody waits for any more: as many as before can run. */
  void replace(InFlight one) {
    if (one.thread() != null) {
      grow(1);
    }
    attemptEnded(one.attempt().partition());
  }

  private void grow(int by) {
    synchronized (extra) {
      try {
        resize.accept(threads + Math.max(0, extra.addAndGet(by)));
      } catch (Throwable noThread) { // the user's factory, or no memory: tried again when needed
        threadFailure = noThread;
      }
    }
  }

  private void endedLate(Attempt attempt) {
    if (!abandoned.ended(attempt)) {
      attemptEnded(attempt.partition());
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
  private @Nullable WorkerSlot<K, V> borrow() {
    WorkerSlot<K, V> slot = free.pollFirst();
    if (slot != null) {
      return slot;
    }
    try {
      slot = new WorkerSlot<>(decoders.get());
    } catch (Throwable thrown) { // a user's constructor or configure()
      work.runner().cannotDecode(thrown);
      return null;
    }
    slots.add(slot);
    return slot;
  }

  /** Whether a worker was ever made. */
  boolean isPrepared() {
    return !slots.isEmpty();
  }

  boolean isWorkerThread(Thread thread) {
    for (WorkerSlot<K, V> slot : slots) {
      if (slot.thread() == thread) {
        return true;
      }
    }
    return false;
  }

  /** The calls of the handler that have not ended. */
  List<InFlight> inFlight() {
    List<InFlight> running = new ArrayList<>();
    for (WorkerSlot<K, V> slot : slots) {
      HandlerCall call = slot.current();
      Thread thread = slot.thread();
      if (call != null && thread != null && !call.hasReturned()) {
        running.add(new InFlight(call, thread, null));
      }
    }
    AsyncAttempts<K, V> async = work.async();
    if (async != null) {
      running.addAll(async.inFlight());
    }
    return running;
  }

  /** The records they were called with, with their threads' stacks. */
  List<StillRunning> stillRunning() {
    return inFlight().stream().flatMap(InFlight::stillRunning).toList();
  }

  /** The same in a line, for a reader of a log. */
  String stillRunningNames() {
    return stillRunning().stream()
        .map(one -> one.what() + " on " + one.thread())
        .collect(Collectors.joining(", "));
  }

  /** Cancels what still runs, and interrupts it: its results are ignored from here on. */
  void interruptStragglers() {
    for (InFlight one : inFlight()) {
      Thread thread = one.thread();
      if (thread != null) {
        one.call().attempts().forEach(Attempt::cancel);
        thread.interrupt();
      }
    }
    AsyncAttempts<K, V> async = work.async();
    if (async != null) {
      async.cancelAll();
    }
  }

  /** Ends the pool; true when every thread ended within the bound. */
  boolean close(long nanos) {
    boolean ended = Pools.shutdown(pool, nanos);
    closed = true;
    closeFree();
    return ended;
  }

  /** What a worker still uses is closed when that comes back. */
  private void closeFree() {
    for (WorkerSlot<K, V> slot = free.pollFirst(); slot != null; slot = free.pollFirst()) {
      slot.decoder.close();
    }
  }
}
