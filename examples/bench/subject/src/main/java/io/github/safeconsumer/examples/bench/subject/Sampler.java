package io.github.safeconsumer.examples.bench.subject;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks a few times a second, for a JVM keeps neither what threads allocated that have ended nor
 * what was live at earlier collections.
 */
final class Sampler implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 200;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Map<Long, Long> allocatedByThread = new HashMap<>();
  private final Set<Long> notCounted;
  private final ScheduledExecutorService timer;
  private long peakLive;
  private long beginOfPeak;

  /**
   * @param notCounted threads of the measuring itself
   */
  Sampler(Set<Long> notCounted) {
    this.notCounted = Set.copyOf(notCounted);
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "sampler");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleWithFixedDelay(
        this::sample, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void sample() {
    sampleThreads();
    sampleCollections();
  }

  private void sampleThreads() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] > 0 && !notCounted.contains(ids[i])) {
        allocatedByThread.put(ids[i], bytes[i]);
      }
    }
  }

  private void sampleCollections() {
    for (GarbageCollectorMXBean collector :
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
      GcInfo last = collector.getLastGcInfo();
      if (last != null && last.getEndTime() > beginOfPeak) {
        peakLive = Math.max(peakLive, heap(last.getMemoryUsageAfterGc()));
      }
    }
  }

  private static long heap(Map<String, MemoryUsage> pools) {
    return pools.entrySet().stream()
        .filter(pool -> pool.getKey().startsWith("G1"))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /** Of all threads, those that have ended since included. */
  synchronized long allocatedBytes() {
    sampleThreads();
    return allocatedByThread.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized void forgetPeak() {
    peakLive = 0;
    beginOfPeak = ManagementFactory.getRuntimeMXBean().getUptime();
  }

  synchronized long peakLiveBytes() {
    sampleCollections();
    return peakLive;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
