package io.github.safeconsumer.internal.core;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the figures of a partition cost: for each record that is done, and for each look, of which
 * there is one a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FiguresBenchmark {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final PartitionMeters meters = new PartitionMeters();
  private long now;
  private long end;

  /** Time for one record. */
  @Benchmark
  public long done() {
    meters.done();
    return meters.end();
  }

  /** Time for one partition, once a second. */
  @Benchmark
  public Object look() {
    now += SECOND;
    end += 100;
    meters.end(end);
    meters.look(end - 50, now, now / 1_000_000);
    return meters.donePerSecond();
  }
}
