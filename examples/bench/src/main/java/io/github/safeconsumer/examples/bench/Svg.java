package io.github.safeconsumer.examples.bench;

import java.util.List;
import java.util.Locale;

/**
 * Draws panels of horizontal bars, one below the other: the bar ends at the median, the line over
 * it spans the interval. Nothing but plain SVG, readable on a light and on a dark page.
 */
final class Svg {
  private static final int WIDTH = 820;
  private static final int LABELS = 170;
  private static final int VALUES = 190;
  private static final int BARS = WIDTH - LABELS - VALUES;
  private static final int ROW = 24;
  private static final int TITLE = 34;
  private static final int GAP = 18;

  private final StringBuilder text = new StringBuilder();
  private int y;

  private Svg() {}

  static String of(String title, List<Panel> panels) {
    return new Svg().draw(title, panels);
  }

  private String draw(String title, List<Panel> panels) {
    int height =
        TITLE
            + panels.stream().mapToInt(panel -> TITLE + panel.bars().size() * ROW + GAP).sum()
            + GAP;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\" role=\"img\">",
        WIDTH, height, WIDTH);
    add("<title>%s</title>", escaped(title));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
    add(
        "<text x=\"12\" y=\"24\" font-size=\"15\" font-weight=\"bold\" fill=\"#222222\">%s</text>",
        escaped(title));
    y = TITLE;
    panels.forEach(this::draw);
    add("</svg>");
    return text.toString();
  }

  private void draw(Panel panel) {
    add(
        "<text x=\"12\" y=\"%d\" font-weight=\"bold\" fill=\"#444444\">%s</text>",
        y + 22, escaped(panel.title()));
    y += TITLE;
    int top = y;
    double scale = BARS / panel.most();
    for (Panel.Bar bar : panel.bars()) {
      draw(bar, panel, scale);
      y += ROW;
    }
    if (!Double.isNaN(panel.reference())) {
      double x = LABELS + panel.reference() * scale;
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b03030\""
              + " stroke-dasharray=\"4 3\"/>",
          x, top - 4, x, y);
    }
    y += GAP;
  }

  private void draw(Panel.Bar bar, Panel panel, double scale) {
    int middle = y + ROW / 2;
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222222\">%s</text>",
        LABELS - 8, middle + 4, escaped(bar.label()));
    Estimate estimate = bar.estimate();
    if (!estimate.isKnown()) {
      add("<text x=\"%d\" y=\"%d\" fill=\"#b03030\">no figures</text>", LABELS + 4, middle + 4);
      return;
    }
    boolean ours = bar.label().startsWith(Subjects.OURS);
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
        LABELS, y + 4, estimate.median() * scale, ROW - 8, ours ? "#3b7dd8" : "#9aa5b1");
    whisker(estimate, middle, scale);
    add(
        "<text x=\"%d\" y=\"%d\" fill=\"#222222\">%s</text>",
        LABELS + BARS + 10, middle + 4, escaped(value(panel, estimate)));
  }

  private void whisker(Estimate estimate, int middle, double scale) {
    double low = LABELS + estimate.low() * scale;
    double high = LABELS + estimate.high() * scale;
    add(
        "<path d=\"M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8\" stroke=\"#222222\" fill=\"none\"/>",
        low, middle, high, low, middle - 4, high, middle - 4);
  }

  private static String value(Panel panel, Estimate estimate) {
    return "%s [%s, %s]"
        .formatted(
            panel.format().apply(estimate.median()),
            panel.format().apply(estimate.low()),
            panel.format().apply(estimate.high()));
  }

  private static String escaped(String raw) {
    return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
