package io.github.safeconsumer.examples.demo.report;

import static io.github.safeconsumer.examples.demo.report.Markup.at;
import static io.github.safeconsumer.examples.demo.report.Markup.escaped;
import static io.github.safeconsumer.examples.demo.report.Markup.number;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Lines over time, and strips below them. Plain SVG: colours come from the style sheet of the page.
 *
 * @param title what it shows, for who cannot see it
 * @param unit of the values, written above their axis
 * @param seconds where the axis of time has to reach
 * @param lines may be empty: then there are only strips
 */
record Chart(String title, String unit, double seconds, List<Line> lines, List<Lane> lanes) {
  private static final String TIME = "seconds since the first order was sent";
  private static final int RIGHT = 52;
  private static final int TEXT = 14;
  private static final int GAP = 8;
  private static final int TOP = 26;
  private static final int BOTTOM = 44;
  private static final int LANE = 34;
  private static final int STRIP = 12;
  private static final double THINNEST = 1.5;

  /** Room for a size of screen: text keeps its size whatever the chart's. */
  enum Room {
    /** Of a desktop. */
    WIDE(920, 300, 62, 10),
    /** Of a telephone. */
    NARROW(340, 230, 52, 5);

    final int width;
    final int plot;
    final int left;
    final int ticks;

    Room(int width, int plot, int left, int ticks) {
      this.width = width;
      this.plot = plot;
      this.left = left;
      this.ticks = ticks;
    }

    String style() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Once for each size of screen; the style sheet shows one of them. */
  String svg() {
    return new Drawing(Room.WIDE).draw() + new Drawing(Room.NARROW).draw();
  }

  private final class Drawing {
    private final StringBuilder out = new StringBuilder();
    private final Room room;
    private final int plot;
    private final int bottom;
    private final Axis time;
    private final Axis values;

    Drawing(Room room) {
      this.room = room;
      plot = lines.isEmpty() ? 0 : room.plot;
      int gap = lines.isEmpty() || lanes.isEmpty() ? 0 : GAP;
      bottom = (lines.isEmpty() ? 0 : TOP) + plot + gap + lanes.size() * LANE;
      time = Axis.holding(Math.max(1, seconds), room.ticks);
      values = Axis.holding(Math.max(1, lines.stream().mapToLong(Line::most).max().orElse(0)), 5);
    }

    String draw() {
      add(
          "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
          room.style(), room.width, bottom + BOTTOM, escaped(title));
      drawTime();
      if (!lines.isEmpty()) {
        drawValues();
        lines.forEach(this::draw);
        drawLastValues();
      }
      for (int i = 0; i < lanes.size(); i++) {
        draw(lanes.get(i), bottom - (lanes.size() - i) * LANE);
      }
      add("</svg>");
      return out.toString();
    }

    private void drawTime() {
      for (long tick : time.ticks()) {
        String x = at(x(tick));
        add("<path class=\"grid\" d=\"M%s %dV%d\"/>", x, lines.isEmpty() ? 0 : TOP, bottom);
        add(
            "<text class=\"tick\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            x, bottom + 16, number(tick));
      }
      add("<path class=\"axis\" d=\"M%d %dH%d\"/>", room.left, bottom, room.width - RIGHT);
      add(
          "<text class=\"label\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          at(x(time.end()) / 2 + room.left / 2.0), bottom + 36, TIME);
    }

    private void drawValues() {
      for (long tick : values.ticks()) {
        String y = at(y(tick));
        add("<path class=\"grid\" d=\"M%d %sH%d\"/>", room.left, y, room.width - RIGHT);
        add(
            "<text class=\"tick\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>",
            room.left - 6, at(y(tick) + 4), number(tick));
      }
      add("<text class=\"label\" x=\"4\" y=\"14\">%s</text>", escaped(unit));
    }

    private void draw(Line line) {
      if (line.points().isEmpty()) {
        return;
      }
      String path =
          line.points().stream()
              .map(point -> at(x(point.seconds())) + " " + at(y(point.value())))
              .collect(Collectors.joining("L", "M", ""));
      add(
          "<path class=\"line %s\" d=\"%s\"><title>%s</title></path>",
          line.style(), path, escaped(line.name()));
      add(
          "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"4\"/>",
          line.style(), at(x(line.last().seconds())), at(y(line.last().value())));
    }

    /** Beside the ends of the lines, and never over each other. */
    private void drawLastValues() {
      double lowest = Double.NEGATIVE_INFINITY;
      List<Line> fromTheTop =
          lines.stream()
              .filter(line -> !line.points().isEmpty())
              .sorted(Comparator.comparingLong((Line line) -> line.last().value()).reversed())
              .toList();
      for (Line line : fromTheTop) {
        double y = Math.max(y(line.last().value()) + 4, lowest + TEXT);
        lowest = y;
        add(
            "<text class=\"value %s\" x=\"%s\" y=\"%s\">%s</text>",
            line.style(), at(x(line.last().seconds()) + GAP), at(y), number(line.last().value()));
      }
    }

    private void draw(Lane lane, int top) {
      int strip = top + LANE - STRIP - 4;
      add(
          "<text class=\"lane\" x=\"%d\" y=\"%d\">%s</text>",
          room.left, strip - 4, escaped(lane.label()));
      add(
          "<rect class=\"strip\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
          room.left, strip, room.width - RIGHT - room.left, STRIP);
      for (Lane.Span span : lane.spans()) {
        double from = x(span.from());
        add(
            "<rect class=\"%s\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>%s</title></rect>",
            lane.style(),
            at(from),
            strip,
            at(Math.max(THINNEST, x(span.to()) - from)),
            STRIP,
            escaped(span.title()));
      }
    }

    private double x(double at) {
      return room.left + time.share(at) * (room.width - RIGHT - room.left);
    }

    private double y(double value) {
      return TOP + plot * (1 - values.share(value));
    }

    private void add(String pattern, Object... values) {
      out.append(String.format(Locale.ROOT, pattern, values)).append('\n');
    }
  }
}
