package io.github.safeconsumer.examples.bench.subject;

/**
 * The figures of a run, from the first measured record to the last.
 *
 * @param records records handled, those that came twice included
 * @param nanos from the first record handled to the last
 * @param cpuNanos what the process used meanwhile, all threads
 * @param allocatedBytes what its threads allocated meanwhile
 * @param peakHeapBytes highest use of the heap; garbage that was not collected yet counts
 * @param peakLiveBytes highest use of the heap just after a collection; 0 where there was none
 * @param handled from produced to handled, microseconds
 */
public record RunResult(
    long records,
    long nanos,
    long cpuNanos,
    long allocatedBytes,
    long peakHeapBytes,
    long peakLiveBytes,
    Latencies handled) {}
