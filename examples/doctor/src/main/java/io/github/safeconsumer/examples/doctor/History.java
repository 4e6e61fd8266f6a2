package io.github.safeconsumer.examples.doctor;

import io.github.safeconsumer.GroupReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The reports of the last half hour, as the page wants them. Thread-safe. */
final class History {
  private static final Duration KEPT = Duration.ofMinutes(30);

  private record Point(Instant at, long lag, String done, String arrived, String code) {
    String toJson() {
      return "{\"at\":%d,\"lag\":%d,\"done\":%s,\"arrived\":%s,\"code\":\"%s\"}"
          .formatted(at.toEpochMilli(), lag, done, arrived, code);
    }
  }

  private final Deque<Point> points = new ArrayDeque<>();
  private final String group;
  private String last = "null";
  private String failure = "";

  History(String group) {
    this.group = group;
  }

  synchronized void add(GroupReport report) {
    points.addLast(
        new Point(
            report.at(),
            report.lag(),
            sum(report, GroupReport.Partition::committedPerSecond),
            sum(report, GroupReport.Partition::arrivedPerSecond),
            report.causes().get(0).code()));
    while (points.getFirst().at().isBefore(report.at().minus(KEPT))) {
      points.removeFirst();
    }
    last = report.toJson();
    failure = "";
  }

  /** {@code null} where nothing is known yet. */
  private static String sum(
      GroupReport report, Function<GroupReport.Partition, OptionalDouble> rate) {
    return report.since().isEmpty()
        ? "null"
        : String.valueOf(
            report.partitions().stream().mapToDouble(one -> rate.apply(one).orElse(0)).sum());
  }

  /** The last look came to nothing. */
  synchronized void failed(String why) {
    failure = why;
  }

  synchronized String toJson() {
    return "{\"group\":\""
        + escaped(group)
        + "\",\"failure\":\""
        + escaped(failure)
        + "\",\"points\":["
        + points.stream().map(Point::toJson).collect(Collectors.joining(","))
        + "],\"report\":"
        + last
        + "}";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
  }
}
