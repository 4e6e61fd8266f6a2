package io.github.safeconsumer.examples.demo.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One line of a chart.
 *
 * @param style its class in the style sheet
 */
record Line(String name, String style, List<Point> points) {
  Line {
    points = List.copyOf(points);
  }

  /** A place on a line. */
  record Point(double seconds, long value) {}

  static Line of(Series series, String style, ToLongFunction<Sample> value) {
    List<Point> points = new ArrayList<>();
    series
        .samples()
        .forEach(sample -> points.add(new Point(sample.seconds(), value.applyAsLong(sample))));
    return new Line(series.group(), style, withoutTheMiddleOfPlains(points));
  }

  /** A line that stays level needs no point between its ends. */
  private static List<Point> withoutTheMiddleOfPlains(List<Point> points) {
    List<Point> kept = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      long value = points.get(i).value();
      boolean level =
          i > 0
              && i < points.size() - 1
              && points.get(i - 1).value() == value
              && points.get(i + 1).value() == value;
      if (!level) {
        kept.add(points.get(i));
      }
    }
    return kept;
  }

  /** The end of it; only where there are points. */
  Point last() {
    return points.get(points.size() - 1);
  }

  long most() {
    return points.stream().mapToLong(Point::value).max().orElse(0);
  }
}
