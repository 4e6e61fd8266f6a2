package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.examples.demo.report.Finding;
import io.github.safeconsumer.examples.demo.report.Mark;
import io.github.safeconsumer.examples.demo.report.Sample;
import io.github.safeconsumer.examples.demo.report.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What was seen in the course of a run, for the report. Nothing counts before {@link #begin} or
 * after {@link #end}. Thread-safe.
 */
final class Timeline {
  /** A cause that was not named for longer than this had ended meanwhile, in seconds. */
  private static final double BREAK = 1;

  private final LongSupplier clock;
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private final Map<String, List<Mark>> marks = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Integer> latest = new HashMap<>();
  private boolean running;
  private long start;

  /** Takes a clock in nanoseconds. */
  Timeline(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void begin() {
    start = clock.getAsLong();
    running = true;
  }

  synchronized void end() {
    running = false;
  }

  synchronized void sample(String group, long lag, long handled) {
    if (running) {
      samples
          .computeIfAbsent(group, name -> new ArrayList<>())
          .add(new Sample(seconds(), lag, handled));
    }
  }

  synchronized void mark(String group, Mark.Kind kind, String what) {
    if (running) {
      marks.computeIfAbsent(group, name -> new ArrayList<>()).add(new Mark(seconds(), kind, what));
    }
  }

  /** All that a diagnosis named at this moment. */
  synchronized void diagnosed(List<Cause> causes) {
    if (running) {
      causes.forEach(cause -> named(cause, seconds()));
    }
  }

  /** The same kind again goes on, though its numbers change all the time. */
  private void named(Cause cause, double now) {
    Integer before = latest.get(cause.code());
    boolean goesOn = before != null && now - findings.get(before).to() <= BREAK;
    Finding finding =
        new Finding(
            goesOn ? findings.get(before).from() : now,
            now,
            cause.code(),
            goesOn ? findings.get(before).evidence() : cause.evidence(),
            cause.evidence(),
            cause.remedy());
    if (goesOn) {
      findings.set(before, finding);
    } else {
      latest.put(cause.code(), findings.size());
      findings.add(finding);
    }
  }

  private double seconds() {
    return (clock.getAsLong() - start) / 1e9;
  }

  /** What was seen of a group. */
  synchronized Series of(String group) {
    return new Series(
        group, samples.getOrDefault(group, List.of()), marks.getOrDefault(group, List.of()));
  }

  synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }
}
