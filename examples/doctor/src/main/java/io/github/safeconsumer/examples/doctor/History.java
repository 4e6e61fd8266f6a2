package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.GroupReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The reports of the last half hour, as the page wants them. Thread-safe. */
final class History {
  private static final Duration KEPT = Duration.ofMinutes(30);

  private record Point(Instant at, long lag, double done, double arrived) {
    String toJson() {
      return "{\"at\":%d,\"lag\":%d,\"done\":%s,\"arrived\":%s}"
          .formatted(at.toEpochMilli(), lag, done, arrived);
    }
  }

  private final Deque<Point> points = new ArrayDeque<>();
  private String last = "null";
  private String failure = "";

  synchronized void add(GroupReport report) {
    points.addLast(
        new Point(
            report.at(),
            report.lag(),
            report.partitions().stream()
                .mapToDouble(one -> one.committedPerSecond().orElse(0))
                .sum(),
            report.partitions().stream()
                .mapToDouble(one -> one.arrivedPerSecond().orElse(0))
                .sum()));
    while (points.getFirst().at().isBefore(report.at().minus(KEPT))) {
      points.removeFirst();
    }
    last = report.toJson();
    failure = "";
  }

  /** The last look came to nothing. */
  synchronized void failed(String why) {
    failure = why == null ? "no answer" : why;
  }

  synchronized String toJson() {
    return "{\"points\":["
        + points.stream().map(Point::toJson).collect(Collectors.joining(","))
        + "],\"failure\":\""
        + failure.replaceAll("[\\\\\"\\p{Cntrl}]", " ")
        + "\",\"report\":"
        + last
        + "}";
  }
}
