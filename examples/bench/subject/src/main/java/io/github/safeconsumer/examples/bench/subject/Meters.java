package io.github.safeconsumer.examples.bench.subject;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** What the process has used since its first measured record. */
final class Meters {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Sampler sampler;
  private volatile Start start;

  private record Start(long nanos, long cpuNanos, long allocated, long commits) {}

  Meters(Sampler sampler) {
    this.sampler = sampler;
  }

  /** All that is measured counts from here. */
  void begin() {
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    sampler.forgetPeak();
    start =
        new Start(
            System.nanoTime(),
            SYSTEM.getProcessCpuTime(),
            sampler.allocatedBytes(),
            CommitCount.soFar());
  }

  /** All that is measured counts up to here. */
  RunResult end(Measuring work) {
    long now = System.nanoTime();
    long cpu = SYSTEM.getProcessCpuTime();
    Start from = start;
    return new RunResult(
        work.handled(),
        now - from.nanos,
        cpu - from.cpuNanos,
        sampler.allocatedBytes() - from.allocated,
        heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum(),
        sampler.peakLiveBytes(),
        work.latencies());
  }

  /** To be asked before the clients close, for their counters close with them. */
  Answer.Closing closing(Measuring work) {
    return new Answer.Closing(
        CommitCount.soFar() - start.commits,
        System.nanoTime() - start.nanos,
        work.handledTimes().rows());
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
