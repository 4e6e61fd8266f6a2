package io.github.safeconsumer.internal.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * How fast a total rose over the last ten seconds, or since it is watched where that is less.
 * Between two looks it is taken to have risen evenly, so what is older than the window leaves it
 * bit by bit, however far apart the looks are. Holds some forty points. Pure; not thread-safe.
 */
public final class RecentRate {
  /** What is longer ago is forgotten. */
  public static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private record Point(long nanos, double total) {}

  /** In order; the last is the newest look. Looks that lie closer than this are left out. */
  private final Deque<Point> points = new ArrayDeque<>();

  /** A look at the total; call it in the order of time. */
  public void at(long now, double total) {
    if (points.size() > 1) {
      Point last = points.removeLast();
      if (now - points.getLast().nanos > APART_NANOS) {
        points.addLast(last);
      }
    }
    points.addLast(new Point(now, total));
    forgetBefore(now - WINDOW_NANOS);
  }

  /** The last point before the window stays: the window begins between it and the next. */
  private void forgetBefore(long moment) {
    Point first = points.removeFirst();
    while (!points.isEmpty() && points.getFirst().nanos - moment <= 0) {
      first = points.removeFirst();
    }
    points.addFirst(first);
  }

  /** Over how long it is measured at this moment; the window at most. */
  public long measuredNanos(long now) {
    Point first = points.peekFirst();
    return first == null ? 0 : Math.min(WINDOW_NANOS, now - first.nanos);
  }

  /**
   * What it rose by in a second.
   *
   * @param total at this moment, not before the newest look
   * @return empty while it is watched for less than a second
   */
  public OptionalDouble perSecond(long now, double total) {
    Point first = points.peekFirst();
    if (first == null || now - first.nanos < SHORTEST_NANOS) {
      return OptionalDouble.empty();
    }
    long span = Math.min(WINDOW_NANOS, now - first.nanos);
    double before = totalAt(now - span, first, new Point(now, total));
    return OptionalDouble.of((total - before) / (span / SECOND));
  }

  private double totalAt(long moment, Point first, Point end) {
    Point before = first;
    for (Point point : points) {
      if (point.nanos - moment > 0) {
        return between(before, point, moment);
      }
      before = point;
    }
    return between(before, end, moment);
  }

  private static double between(Point before, Point after, long moment) {
    double share = (double) (moment - before.nanos) / (after.nanos - before.nanos);
    return before.total + (after.total - before.total) * share;
  }
}
