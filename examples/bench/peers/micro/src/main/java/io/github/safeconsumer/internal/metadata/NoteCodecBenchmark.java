package io.github.safeconsumer.internal.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A note is written beside a commit, or read at a takeover. Time for one note. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NoteCodecBenchmark {
  private static final long BASE = 1_000_000;
  private static final Identity OWN = Identity.of("cluster", "topic");

  /** How many ranges of done records it holds. */
  @Param({"0", "10", "500"})
  public int ranges;

  /** How many failing records it names. */
  @Param({"0", "20"})
  public int failing;

  private Note note;
  private String text;

  /** Builds the note. */
  @Setup
  public void build() {
    List<OffsetRange> done = new ArrayList<>();
    for (int i = 0; i < ranges; i++) {
      done.add(new OffsetRange(BASE + 100 + 3L * i, BASE + 102 + 3L * i));
    }
    List<RetryEntry> retries = new ArrayList<>();
    for (int i = 0; i < failing; i++) {
      retries.add(
          new RetryEntry(BASE + 2L * i, 2, 1_500, 1_800_000_000L, RetryEntry.Fate.RETRYING));
    }
    note = new Note(OWN, BASE, Mode.OPEN, 7, BASE + 100_000, null, List.of(), retries, done);
    text = NoteCodec.encode(note);
  }

  /** Object to text. */
  @Benchmark
  public String encode() {
    return NoteCodec.encode(note);
  }

  /** Text to object. */
  @Benchmark
  public Reading decode() {
    return NoteCodec.decode(text, BASE, OWN);
  }
}
